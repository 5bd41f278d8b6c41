import { describe, expect, test } from 'vitest';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';
import { tracePipeline } from '../../../src-main/imaging/trace-pipeline.ts';
import type { RgbImage } from '../../../src-main/imaging/kernels/rgb-image.ts';
import { classicPipeline, createStep } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import type { StepKind } from '../../../src-shared/domain/pipeline/steps.ts';
import * as v from 'valibot';

const backbone = { inputSize: 8, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;
const photo: RgbImage = { width: 12, height: 10, data: Uint8Array.from({ length: 360 }, (_, index) => index % 256) };
const classic = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');

describe('applyPipeline', () => {
  test('runs the classic list down to what the backbone reads', () => {
    const value = applyPipeline(photo, resolveSteps(classic.training, backbone), 1);
    if (value.type !== 'tensor') throw new Error('Expected a tensor');
    expect([value.tensor.width, value.tensor.height, value.tensor.data.length]).toEqual([8, 8, 192]);
    expect(Math.min(...value.tensor.data)).toBeGreaterThanOrEqual(-2);
    expect(Math.max(...value.tensor.data)).toBeLessThanOrEqual(2);
  });

  test('gives the picture back when there are no steps', () => {
    expect(applyPipeline(photo, [], 1)).toEqual({ type: 'picture', image: photo });
  });

  test.each([
    [['Normalize'], 'Step 1 (Normalize): Normalize needs a tensor: put ToTensor above it'],
    [['ToTensor', 'Resize'], 'Step 2 (Resize): Resize needs a picture: move it above ToTensor'],
    [['ToTensor', 'ToTensor'], 'Step 2 (ToTensor): ToTensor needs a picture: move it above ToTensor'],
  ] as const)('names the step of a wrong order: %j', (kinds, message) => {
    expect(() => applyPipeline(photo, stepsOf(kinds), 1)).toThrow(
      expect.objectContaining({ code: 'bad-input', message }) as Error,
    );
  });

  test('names a crop that does not fit, and what to do', () => {
    const steps = resolveSteps([createStep('RandomCrop', 'crop')], { ...backbone, inputSize: 11 });
    expect(() => applyPipeline(photo, steps, 1)).toThrow(
      expect.objectContaining({
        message:
          'Step 1 (RandomCrop): A crop of 11 × 11 does not fit in 12 × 10 pixels: put Resize above it, or turn on pad_if_needed',
        detail: { stepId: 'crop', kind: 'RandomCrop', position: '1' },
      }) as Error,
    );
  });

  test('refuses to scale a line up to a picture that fills the memory', () => {
    const line = { width: 1, height: 4000, data: new Uint8Array(12000) };
    const steps = resolveSteps([createStep('Resize', 'a')], { ...backbone, inputSize: 224 });
    expect(() => applyPipeline(line, steps, 1)).toThrow('The picture would grow to 224 × 896000 pixels');
  });
});

describe('tracePipeline', () => {
  test('shows what every step drew and made, ending where applyPipeline ends', () => {
    const steps = resolveSteps(classic.training, backbone);
    const trace = tracePipeline(photo, steps, 5);
    expect(trace.map((entry) => [entry.status, entry.step.kind])).toEqual(steps.map(({ kind }) => ['done', kind]));
    const [flip, resized, cropped, tensor, normalized] = trace.map((entry) => {
      if (entry.status !== 'done') throw new Error('Expected every step to run');
      return entry;
    });
    expect(typeof flip?.facts['isFlipped']).toBe('boolean');
    expect(resized?.facts).toEqual({ width: 9, height: 8 });
    expect(cropped?.facts).toEqual({ left: 0, top: 0, width: 8, height: 8 });
    expect(tensor?.pictures).toBe(cropped?.pictures);
    expect(normalized?.pictures).toBe(cropped?.pictures);
    expect(normalized?.value).toEqual(applyPipeline(photo, steps, 5));
  });

  test.each([
    ['ToTensor', 'RandomErasing'],
    ['ToTensor', 'Normalize', 'RandomErasing'],
  ] as const)('shows what %s, %s … erased, and nothing else changed', (...kinds) => {
    const steps = stepsOf(kinds).map((step) =>
      step.kind === 'RandomErasing' ? { ...step, parameters: { ...step.parameters, p: 1, value: 9 } } : step,
    );
    const last = tracePipeline(photo, steps, 1).at(-1);
    if (last?.status !== 'done') throw new Error('Expected the step to run');
    const { left, top, width, height } = last.facts;
    const inside = (index: number): boolean => {
      const [x, y] = [Math.floor(index / 3) % photo.width, Math.floor(index / 3 / photo.width)];
      const [column, row] = [x - Number(left), y - Number(top)];
      return column >= 0 && column < Number(width) && row >= 0 && row < Number(height);
    };
    expect([...last.pictures[0]!.data]).toEqual([...photo.data].map((value, index) => (inside(index) ? 255 : value)));
  });

  test('hands the same picture on when nothing was erased', () => {
    const steps = stepsOf(['ToTensor', 'RandomErasing']).map((step) =>
      step.kind === 'RandomErasing' ? { ...step, parameters: { ...step.parameters, p: 0 } } : step,
    );
    expect(tracePipeline(photo, steps, 1).at(-1)).toMatchObject({ pictures: [photo], facts: { isErased: false } });
  });

  test('ends at a step that cannot run and keeps what was before', () => {
    const trace = tracePipeline(photo, stepsOf(['Resize', 'Normalize', 'CenterCrop']), 1);
    expect(trace.map(({ status }) => status)).toEqual(['done', 'failed', 'skipped']);
    expect(trace[1]).toMatchObject({ error: { code: 'bad-input' }, step: { id: 'step-1' } });
  });
});

function stepsOf(kinds: readonly StepKind[]): ReturnType<typeof resolveSteps> {
  return resolveSteps(
    kinds.map((kind, index) => createStep(kind, `step-${String(index)}`)),
    backbone,
  );
}
