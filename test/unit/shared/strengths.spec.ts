import { describe, expect, it } from 'vitest';
import { createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
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
