import { describe, expect, it } from 'vitest';
import { oneHot } from '../../../src-main/trainer/train/judging.ts';
import { balancedClassWeights, lossTargets } from '../../../src-main/trainer/train/loss-targets.ts';
import { torchCases } from '../../support/torch-cases.ts';

const classCount = 3;
const { logits, labels, mixed } = torchCases;

function softmax(row: readonly number[]): readonly number[] {
  const powers = row.map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

describe('the loss that the targets stand for is torch.nn.CrossEntropyLoss’s', () => {
  it.each(torchCases.losses)('smoothing $smoothing, weights $classWeights, mixed $isMixed', (golden) => {
    const { smoothing: labelSmoothing, classWeights, isMixed } = golden;
    const values = isMixed ? Float32Array.from(mixed.flat()) : oneHot(labels, classCount);
    const result = lossTargets({ values, classCount, isMixed }, { labelSmoothing, classWeights });
    const weightOf = (row: number): number => result.sampleWeights?.[row] ?? 1;
    const total = result.weightTotal ?? logits.length;
    let loss = 0;
    logits.forEach((row, index) => {
      const targets = [...result.targets.subarray(index * classCount, (index + 1) * classCount)];
      expect(targets.reduce((sum, target) => sum + target, 0)).toBeCloseTo(1, 6);
      softmax(row).forEach((probability, place) => {
        loss -= (weightOf(index) * (targets[place] ?? 0) * Math.log(probability)) / total;
        const gradient = (weightOf(index) * (probability - (targets[place] ?? 0))) / total;
        expect(gradient).toBeCloseTo(golden.gradient[index]?.[place] ?? NaN, 6);
      });
    });
    expect(loss).toBeCloseTo(golden.loss, 6);
  });

  it('leaves plain labels as they are, and gives the executor nothing to weigh', () => {
    const values = oneHot(labels, classCount);
    expect(lossTargets({ values, classCount, isMixed: false }, { labelSmoothing: 0, classWeights: null })).toEqual({
      targets: values,
    });
  });
});

it('balanced weights are images / (classes · images of the class), as scikit-learn has them', () => {
  // compute_class_weight('balanced', classes=[0, 1, 2], y=[0, 0, 0, 0, 1, 1, 1, 2]) of scikit-learn
  expect(balancedClassWeights([0, 0, 0, 0, 1, 1, 1, 2], 3)).toEqual([8 / 12, 8 / 9, 8 / 3]);
});
