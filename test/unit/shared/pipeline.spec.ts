import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { canRun, checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import { fourSides } from '../../../src-shared/domain/pipeline/steps/fields.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import {
  classicPipeline,
  createStep,
  deriveEvaluation,
  pipelineSchema,
} from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { stepKindRecords, stepKinds, type PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import type { Rgb } from '../../../src-shared/domain/backbone.ts';

const mean: Rgb = [127 / 255, 127 / 255, 127 / 255];
const std: Rgb = [128 / 255, 128 / 255, 128 / 255];
const backbone = { inputSize: 224, mean, std };
const classic = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');

function codes(steps: readonly PipelineStep[], part: 'training' | 'evaluation' = 'training'): string[] {
  return checkSteps(steps, part, backbone).map(({ code, stepId }) => `${code}@${stepId ?? 'list'}`);
}

describe('the classic pipeline', () => {
  it('is valid as data, has nothing to complain about and evaluates without its flip', () => {
    expect(v.parse(pipelineSchema, structuredClone(classic))).toEqual(classic);
    expect(codes(classic.training)).toEqual([]);
    expect(codes(classic.evaluation, 'evaluation')).toEqual([]);
    expect(classic.evaluation.map(({ kind }) => kind)).toEqual(['Resize', 'CenterCrop', 'ToTensor', 'Normalize']);
  });

  it('takes sizes and statistics from the backbone', () => {
    expect(resolveSteps(classic.training, backbone).map(({ kind, parameters }) => [kind, parameters])).toEqual([
      ['RandomHorizontalFlip', { p: 0.5 }],
      ['Resize', { size: 224, interpolation: 'bilinear', max_size: null, antialias: true }],
      ['CenterCrop', { size: 224 }],
      ['ToTensor', {}],
      ['Normalize', { mean, std }],
    ]);
  });
});

describe('checkSteps', () => {
  it('names the step that comes too early or too late', () => {
    const [flip, resize, crop, toTensor, normalize] = classic.training;
    if (!flip || !resize || !crop || !toTensor || !normalize) throw new Error('the classic pipeline has five steps');
    expect(codes([resize, crop, normalize, toTensor])).toEqual(['needs-tensor@normalize']);
    expect(codes([resize, crop, toTensor, normalize, flip])).toEqual(['needs-picture@randomhorizontalflip']);
    expect(codes([resize, crop, toTensor, normalize, { ...toTensor, id: 'again' }])).toEqual(['twice@again']);
    expect(codes([resize, crop])).toEqual(['no-tensor@list']);
    expect(codes([resize, crop, toTensor])).toEqual(['no-normalize@list']);
  });

  it('takes RandomErasing after ToTensor only', () => {
    const [, resize, crop, toTensor, normalize] = classic.training;
    if (!resize || !crop || !toTensor || !normalize) throw new Error('the classic pipeline has five steps');
    const erasing = createStep('RandomErasing', 'erasing');
    expect(codes([resize, crop, erasing, toTensor, normalize])).toEqual(['needs-tensor@erasing']);
    expect(codes([resize, crop, toTensor, erasing, normalize])).toEqual([]);
    expect(codes([resize, crop, toTensor, normalize, erasing])).toEqual([]);
  });

  it('refuses random steps in evaluation', () => {
    expect(codes(classic.training, 'evaluation')).toEqual(['random-in-evaluation@randomhorizontalflip']);
  });

  it('refuses lists whose images end up in other sizes than the backbone takes', () => {
    const withoutCrop = classic.training.filter(({ kind }) => kind !== 'CenterCrop');
    expect(codes(withoutCrop)).toEqual(['unknown-size@list']);
    const padded = classic.training.flatMap((step): PipelineStep[] =>
      step.kind === 'ToTensor' ? [createStep('Pad', 'pad'), step] : [step],
    );
    expect(codes(padded)).toEqual(['size-differs@list']);
  });

  it('skips steps that are switched off', () => {
    expect(
      codes(classic.training.map((step) => (step.kind === 'ToTensor' ? { ...step, isEnabled: false } : step))),
    ).toEqual(['needs-tensor@normalize', 'no-tensor@list']);
  });

  it('warns of other statistics than the backbone’s, and lets them run', () => {
    const steps = classic.training.map((step): PipelineStep =>
      step.kind === 'Normalize' ? { ...step, parameters: { statistics: 'imagenet' } } : step,
    );
    const problems = checkSteps(steps, 'training', backbone);
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['statistics-differ', 'warning']]);
    expect(canRun(problems)).toBe(true);
  });

  it('refuses ranges whose ends are the wrong way round', () => {
    const jitter: PipelineStep = {
      ...createStep('ColorJitter', 'jitter'),
      parameters: { ...stepKindRecords.ColorJitter.defaults, hue: [0.2, -0.2] },
    };
    expect(codes([jitter, ...classic.training])).toEqual(['bad-range@jitter']);
    const affine: PipelineStep = {
      ...createStep('RandomAffine', 'affine'),
      parameters: { ...stepKindRecords.RandomAffine.defaults, scale: [2, 1], shear: [0, 1, 3, 2] },
    };
    expect(codes([affine, ...classic.training])).toEqual(['bad-range@affine', 'bad-range@affine']);
  });
});

describe('every step kind', () => {
  it.each(stepKinds)('%s has defaults that its own schema takes', (kind) => {
    const pipeline = { ...classic, training: [createStep(kind, 'only')] };
    expect(v.parse(pipelineSchema, structuredClone(pipeline))).toEqual(pipeline);
  });
});

describe('deriveEvaluation', () => {
  it('centres what training crops at random', () => {
    const derived = deriveEvaluation([createStep('RandomCrop', 'crop'), createStep('ColorJitter', 'jitter')]);
    expect(derived).toEqual([{ id: 'crop', kind: 'CenterCrop', isEnabled: true, parameters: { size: 'backbone' } }]);
  });

  it('scales to the crop’s own size where training crops and scales at random', () => {
    const crop: PipelineStep = {
      ...createStep('RandomResizedCrop', 'crop'),
      parameters: { ...stepKindRecords.RandomResizedCrop.defaults, size: [90, 120], interpolation: 'bicubic' },
    };
    const training = [createStep('RandomResizedCrop', 'resize'), crop, createStep('ToTensor', 'tensor')];
    const derived = deriveEvaluation(training);
    expect(derived.map(({ id, kind, parameters }) => [id, kind, parameters])).toEqual([
      ['resize-2', 'Resize', { size: 'backbone', interpolation: 'bilinear', max_size: null, antialias: true }],
      ['resize', 'CenterCrop', { size: 'backbone' }],
      ['resize-3', 'Resize', { size: 120, interpolation: 'bicubic', max_size: null, antialias: true }],
      ['crop', 'CenterCrop', { size: [90, 120] }],
      ['tensor', 'ToTensor', {}],
    ]);
    expect(codes(deriveEvaluation(training.toSpliced(1, 1)), 'evaluation')).toEqual(['no-normalize@list']);
  });
});

describe('fourSides', () => {
  it('reads the three ways to give a padding', () => {
    expect([fourSides(9), fourSides([4, 11]), fourSides([3, 5, 7, 12])]).toEqual([
      [9, 9, 9, 9],
      [4, 11, 4, 11],
      [3, 5, 7, 12],
    ]);
  });
});
