import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { canRun, checkSteps } from '../../../src-shared/domain/pipeline/check.ts';
import { isRandomKind, pipelineStepSchema } from '../../../src-shared/domain/pipeline/steps.ts';
import { presetLists, presetNames } from '../../../src-shared/domain/pipeline/presets.ts';

const backbone = { inputSize: 224, mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

describe.each(presetNames)('the preset %s', (name) => {
  const { training, evaluation } = presetLists(name);

  it('can train and evaluate with nothing to complain about', () => {
    for (const [part, steps] of [
      ['training', training],
      ['evaluation', evaluation],
    ] as const) {
      expect(steps.map((step) => v.parse(pipelineStepSchema, step))).toEqual(steps);
      expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
      const problems = checkSteps(steps, part, backbone);
      expect(problems).toEqual([]);
      expect(canRun(problems)).toBe(true);
    }
  });

  it('is random in training only', () => {
    expect(training.some(({ kind }) => isRandomKind(kind))).toBe(true);
    expect(evaluation.some(({ kind }) => isRandomKind(kind))).toBe(false);
  });
});

it('presets differ', () => {
  expect(new Set(presetNames.map((name) => JSON.stringify(presetLists(name).training))).size).toBe(presetNames.length);
});
