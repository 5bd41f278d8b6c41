import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { isContainerKind } from '../../../src-shared/domain/pipeline/containers.ts';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import {
  isRandomKind,
  pipelineStepSchema,
  stepKinds,
  type PipelineStep,
} from '../../../src-shared/domain/pipeline/steps.ts';
import { endsWithin } from '../../../src-shared/domain/pipeline/strength-axes.ts';
import { spread, strengthAxes, strengthTrials } from '../../../src-shared/domain/pipeline/strengths.ts';

const flip = createStep('RandomHorizontalFlip', 'flip');
const turn: PipelineStep = {
  ...createStep('RandomRotation', 'turn'),
  parameters: { ...createStep('RandomRotation', '').parameters, degrees: 20 },
};
const jitter: PipelineStep = {
  ...createStep('ColorJitter', 'jitter'),
  parameters: { brightness: 0.4, contrast: 0, saturation: 0, hue: [-0.1, 0.2] },
};
const training = [flip, createStep('Resize', 'resize'), turn, createStep('CenterCrop', 'crop'), jitter];

describe('the strengths of a pipeline', () => {
  it('are one axis for each setting that does something', () => {
    expect(strengthAxes(training).map(({ step, field, range }) => [step.id, field, range?.low, range?.high])).toEqual([
      ['flip', null, undefined, undefined],
      ['turn', 'degrees', -20, 20],
      ['jitter', 'brightness', 0.6, 1.4],
      ['jitter', 'hue', -0.1, 0.2],
    ]);
  });

  it('are tried one at a time, in the place of their step, without the other random steps', () => {
    const trials = strengthTrials(training, strengthAxes(training), 4);
    expect(trials.map(({ axis, value }) => [axis, value])).toEqual([
      [0, null],
      ...[-20, -5, 5, 20].map((value) => [1, value]),
      ...[0.6, 0.9, 1.1, 1.4].map((value) => [2, value]),
      ...[-0.1, -0.025, 0.05, 0.2].map((value) => [3, value]),
    ]);
    expect(trials[0]?.steps.map(({ id }) => id)).toEqual(['flip', 'resize', 'crop']);
    expect(trials[0]?.steps[0]?.parameters).toEqual({ p: 1 });
    expect(trials[2]?.steps.map(({ id }) => id)).toEqual(['resize', 'turn', 'crop']);
    expect(trials[2]?.steps[1]?.parameters).toMatchObject({ degrees: [-5, -5] });
    expect(trials.at(-1)?.steps.at(-1)?.parameters).toEqual({
      brightness: 0,
      contrast: 0,
      saturation: 0,
      hue: [0.2, 0.2],
    });
  });

  it('can be kept inside ends', () => {
    const [, rotation, brightness] = strengthAxes(training);
    expect(rotation?.within(-10, 10).parameters).toMatchObject({ degrees: [-10, 10], interpolation: 'nearest' });
    expect(brightness?.within(0.8, 1.2).parameters).toMatchObject({ brightness: [0.8, 1.2], hue: [-0.1, 0.2] });
  });

  it('leave out what is switched off', () => {
    expect(strengthAxes([{ ...flip, isEnabled: false }])).toEqual([]);
  });
});

describe('values over a range', () => {
  it.each([
    ['around the neutral one', { low: -1, high: 1, neutral: 0, isWhole: false }, 4, [-1, -0.25, 0.25, 1]],
    ['above it', { low: 0, high: 3, neutral: 0, isWhole: false }, 3, [0.333, 1.33, 3]],
    ['away from it', { low: 2, high: 6, neutral: 0, isWhole: false }, 2, [2, 3, 6]],
    ['in whole numbers', { low: 4, high: 8, neutral: 8, isWhole: true }, 4, [4, 6, 7]],
    ['of one strength', { low: 5, high: 5, neutral: 0, isWhole: false }, 4, [5]],
  ])('lie %s', (_, range, count, values) => {
    expect(spread(range, count)).toEqual(values);
  });
});

it('keeps what a shear draws along y where its range along x gets smaller', () => {
  const affine = createStep('RandomAffine', 'place');
  const step: PipelineStep = { ...affine, parameters: { ...affine.parameters, shear: [-20, 30, -5, 7] } };
  const shear = strengthAxes([step]).find(({ field }) => field === 'shear');
  expect(shear?.within(-10, 40)).toMatchObject({ parameters: { shear: [-10, 30, -5, 7] } });
});

it('gives the ends that a setting can have where doing nothing is not among them', () => {
  const [sigma] = strengthAxes([createStep('GaussianBlur', 'blur')]);
  if (!sigma?.range) throw new Error('No strengths');
  expect(endsWithin(sigma.range, [0, 0])).toEqual([0.1, 0.1]);
  expect(sigma.within(0, 0)).toMatchObject({ parameters: { sigma: [0.1, 0.1] } });
});

describe('every random kind', () => {
  const kinds = stepKinds.filter((kind) => isRandomKind(kind) && !isContainerKind(kind));
  const lively: Readonly<Record<string, object>> = {
    ColorJitter: { brightness: 0.3, contrast: [0.5, 1.2], saturation: 0.2, hue: 0.1 },
    RandomAffine: { degrees: 20, translate: [0.1, 0.2], scale: [0.8, 1.3], shear: 10 },
  };

  it.each(kinds)('%s has strengths to try, each of which is a step that can be saved', (kind) => {
    const made = createStep(kind, 'it');
    const step = v.parse(pipelineStepSchema, { ...made, parameters: { ...made.parameters, ...lively[kind] } });
    const axes = strengthAxes([step]);
    expect(axes.length).toBeGreaterThan(0);
    for (const { axis, value, steps } of strengthTrials([step], axes, 6)) {
      expect(steps.map(({ id }) => id)).toContain('it');
      for (const tried of steps) expect(v.safeParse(pipelineStepSchema, tried).issues).toBeUndefined();
      const kept = axes[axis]?.within(axes[axis].range?.neutral ?? 0, value ?? 0);
      expect(v.safeParse(pipelineStepSchema, kept).issues).toBeUndefined();
    }
  });

  it('is tried as it is where its strength is fixed, not drawn', () => {
    const blur = createStep('GaussianBlur', 'blur');
    const fixed = { ...blur, parameters: { ...blur.parameters, sigma: 2 } };
    const axes = strengthAxes([fixed]);
    for (const { steps } of strengthTrials([fixed], axes, 4)) {
      expect(steps.map((step) => v.safeParse(pipelineStepSchema, step).issues)).toEqual([undefined]);
    }
    expect(strengthTrials([fixed], axes, 4).map(({ value }) => value)).toEqual([null]);
  });

  it('is found in containers too, and tried in their place', () => {
    const container = { ...createStep('RandomApply', 'maybe'), steps: [turn] };
    const [trial] = strengthTrials([flip, container], strengthAxes([container]), 2);
    expect(trial?.steps.map(({ id }) => id)).toEqual(['turn']);
  });
});
