import { describe, expect, it } from 'vitest';
import { canRun, checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import { classicTraining, createStep, deriveEvaluation } from '../../../src-shared/domain/pipeline/pipeline.ts';
import type { PipelineStep } from '../../../src-shared/domain/pipeline/steps.ts';
import { chooseViews, viewCountOf, viewsKindOf, viewsKinds } from '../../../src-shared/domain/pipeline/views.ts';
import { averageViews } from '../../../src-shared/lib/average-views.ts';

const backbone = { inputSize: 224, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
const classic = deriveEvaluation(classicTraining);
const shortly = (steps: readonly PipelineStep[]): readonly unknown[] =>
  steps.map(({ kind, parameters }) => ('size' in parameters ? [kind, parameters.size] : kind));
const codes = (steps: readonly PipelineStep[], part: 'training' | 'evaluation' = 'evaluation'): readonly string[] =>
  checkSteps(steps, part, backbone).map(({ code }) => code);

describe('the mean over views', () => {
  it('is that of the rows of each picture', () => {
    const rows = Float32Array.of(0.5, 0.5, 1, 0, 0, 1, 0.25, 0.75);
    expect([...averageViews(rows, 2, 2)]).toEqual([0.75, 0.25, 0.125, 0.875]);
    expect([...averageViews(rows, 4, 2)]).toEqual([0.4375, 0.5625]);
  });

  it('is the very row where there is one view', () => {
    const rows = Float32Array.of(0.5, 0.5);
    expect(averageViews(rows, 1, 2)).toBe(rows);
  });
});

describe('test-time augmentation of an evaluation list', () => {
  it('counts the views of steps that are used, those in containers included', () => {
    const ten = createStep('TenCrop', 'ten');
    expect(viewCountOf(classic)).toBe(1);
    expect(viewCountOf([{ ...createStep('Compose', 'box'), steps: [ten] }, ...classic])).toBe(10);
    expect(viewCountOf([{ ...ten, isEnabled: false }])).toBe(1);
  });

  it('puts crops in the place of CenterCrop, of a picture that leaves them room', () => {
    expect(shortly(chooseViews(classic, 'FiveCrop', 224))).toEqual([
      ['Resize', 256],
      ['FiveCrop', 'backbone'],
      'ToTensor',
      'Normalize',
    ]);
  });

  it('mirrors as the last thing before ToTensor', () => {
    expect(shortly(chooseViews(classic, 'FlipViews', 224))).toEqual([
      ['Resize', 'backbone'],
      ['CenterCrop', 'backbone'],
      'FlipViews',
      'ToTensor',
      'Normalize',
    ]);
  });

  it('leaves a Resize alone that has room, and the rest of a list without CenterCrop', () => {
    const resize = createStep('Resize', 'r');
    const large: PipelineStep = { ...resize, parameters: { ...resize.parameters, size: 300 } };
    const list = [large, createStep('ToTensor', 't')];
    expect(shortly(chooseViews(list, 'TenCrop', 224))).toEqual([['Resize', 300], ['TenCrop', 'backbone'], 'ToTensor']);
  });

  it.each(viewsKinds)('of %s can be chosen in the place of any other, can run, and can be taken away', (kind) => {
    for (const earlier of viewsKinds) {
      const chosen = chooseViews(chooseViews(classic, earlier, 224), kind, 224);
      expect(viewsKindOf(chosen)).toBe(kind);
      expect(canRun(checkSteps(chosen, 'evaluation', backbone))).toBe(true);
      const plain = chooseViews(chosen, null, 224);
      expect(viewsKindOf(plain)).toBeNull();
      expect(plain.map((step) => step.kind)).toEqual(classic.map((step) => step.kind));
    }
  });
});

describe('steps that make views', () => {
  it('are an error in the training list, and the second one of a list', () => {
    const views = chooseViews(classic, 'TenCrop', 224);
    expect(codes(views)).toEqual([]);
    expect(codes(views, 'training')).toEqual(['views-in-training']);
    expect(codes([...views.slice(0, 2), createStep('FlipViews', 'f'), ...views.slice(2)])).toEqual(['views-twice']);
  });

  it('are warned about where all crops are the whole picture', () => {
    const crop = createStep('CenterCrop', 'c');
    expect(codes([crop, createStep('FiveCrop', 'f'), ...classic.slice(2)])).toEqual(['views-alike']);
  });
});
