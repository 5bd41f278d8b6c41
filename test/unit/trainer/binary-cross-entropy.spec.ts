import { describe, expect, it } from 'vitest';
import { binaryCrossEntropy } from '../../../src-main/trainer/executors/binary-cross-entropy.ts';
import { torchCases } from '../../support/torch-cases.ts';

describe('binary cross-entropy is torch.nn.BCEWithLogitsLoss', () => {
  it.each(torchCases.binaryLosses)('of $logits for $targets, weights $positiveWeights', (golden) => {
    const positiveWeights = golden.positiveWeights ? Float32Array.from(golden.positiveWeights) : undefined;
    const targets = Float32Array.from(golden.targets.flat());
    const { loss, gradient, probabilities } = binaryCrossEntropy(Float32Array.from(golden.logits.flat()), {
      ...{ targets, positiveWeights },
    });
    expect(loss / golden.loss).toBeCloseTo(1, 6);
    golden.gradient.flat().forEach((value, index) => expect(gradient[index]).toBeCloseTo(value, 7));
    golden.logits
      .flat()
      .forEach((logit, index) => expect(probabilities[index]).toBeCloseTo(1 / (1 + Math.exp(-logit)), 6));
  });

  it('has the gradient that differences of its loss say', () => {
    const logits = Float64Array.from([0.3, -1.2, 2.5, 0.7, -0.4, 0.1]);
    const targets = Float32Array.of(1, 0, 0.5, 0.25, 1, 0);
    const positiveWeights = Float32Array.of(3, 1, 0.5);
    const lossAt = (index: number, change: number): number => {
      const moved = logits.map((value, place) => (place === index ? value + change : value));
      // The textbook's formula, without any care for large numbers.
      return (
        moved.reduce((sum, logit, place) => {
          const probability = 1 / (1 + Math.exp(-logit));
          const target = targets[place] ?? 0;
          const weight = positiveWeights[place % 3] ?? 1;
          return sum - weight * target * Math.log(probability) - (1 - target) * Math.log(1 - probability);
        }, 0) / moved.length
      );
    };
    const { loss, gradient } = binaryCrossEntropy(Float32Array.from(logits), { targets, positiveWeights });
    expect(loss).toBeCloseTo(lossAt(0, 0), 6);
    gradient.forEach((value, index) => {
      expect(value).toBeCloseTo((lossAt(index, 1e-5) - lossAt(index, -1e-5)) / 2e-5, 6);
    });
  });

  it('stays finite where a sigmoid of 32 bits is 0 or 1', () => {
    const { loss, gradient } = binaryCrossEntropy(Float32Array.of(-500, 500), { targets: Float32Array.of(1, 0) });
    expect([loss, ...gradient]).toEqual([500, -0.5, 0.5]);
  });
});
