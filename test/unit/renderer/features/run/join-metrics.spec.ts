import { expect, it } from 'vitest';
import type { Metric } from '../../../../../src-shared/domain/run.ts';
import { joinMetrics } from '../../../../../src-renderer/features/run/join-metrics.ts';

function step(number: number, loss = 1): Metric {
  return {
    type: 'step',
    phase: 'head',
    step: number,
    epoch: 1,
    loss,
    accuracy: 0,
    learningRate: 1,
    imagesPerSecond: 1,
  };
}

function epoch(number: number, after: number): Metric {
  const training = { loss: 1, accuracy: 0 };
  return {
    type: 'epoch',
    phase: 'head',
    step: after,
    epoch: number,
    training,
    validation: null,
    isBest: true,
    seconds: 1,
  };
}

it('appends what goes on', () => {
  expect(joinMetrics([step(1)], [step(2), epoch(1, 2)])).toEqual([step(1), step(2), epoch(1, 2)]);
  expect(joinMetrics([], [step(1)])).toEqual([step(1)]);
  const known = [step(1)];
  expect(joinMetrics(known, [])).toBe(known);
});

it('replaces what a continued run repeats, also the end of an epoch alone', () => {
  const known = [step(1), step(2), epoch(1, 2), step(3)];
  expect(joinMetrics(known, [step(2, 5), epoch(1, 2)])).toEqual([step(1), step(2, 5), epoch(1, 2)]);
  expect(joinMetrics(known, [epoch(1, 2)])).toEqual([step(1), step(2), epoch(1, 2)]);
});
