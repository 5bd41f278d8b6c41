import { describe, expect, it } from 'vitest';
import { learningRateAt } from '../../../src-shared/domain/recipe/learning-rate.ts';
import { noPlateau, plateauAfter } from '../../../src-shared/domain/recipe/plateau.ts';
import { scheduleDefaults } from '../../../src-shared/domain/recipe/schedule.ts';
import { torchCases } from '../../support/torch-cases.ts';

describe('the learning rate of every step is PyTorch’s', () => {
  it.each(torchCases.schedules)('$settings after warm-up $warmUp', (golden) => {
    const { settings: schedule, warmUp, stepsPerEpoch, epochs, learningRate } = golden;
    const rates = golden.rates.map((_, stepIndex) =>
      learningRateAt(
        { schedule, warmUp },
        { baseLearningRate: learningRate, stepIndex, stepsPerEpoch, epochCount: epochs, plateauFactor: 1 },
      ),
    );
    expect(rates).toHaveLength(stepsPerEpoch * epochs);
    rates.forEach((rate, step) => expect(rate).toBeCloseTo(golden.rates[step] ?? NaN, 12));
  });
});

describe('reduce-on-plateau', () => {
  it.each(torchCases.plateaus)('lowers the rate when PyTorch does, with $settings', (golden) => {
    const { settings: schedule, learningRate: baseLearningRate } = golden;
    let plateau = noPlateau;
    const rates = golden.losses.map((loss) => {
      plateau = plateauAfter(plateau, schedule, { loss, baseLearningRate });
      const position = { baseLearningRate, stepIndex: 0, stepsPerEpoch: 1, epochCount: 99 };
      return learningRateAt({ schedule, warmUp: null }, { ...position, plateauFactor: plateau.rateFactor });
    });
    rates.forEach((rate, epoch) => expect(rate).toBeCloseTo(golden.rates[epoch] ?? NaN, 12));
  });
});

describe('short runs', () => {
  it.each([1, 2, 3])('of %i epochs of one step get a finite rate above 0 from every schedule', (epochCount) => {
    for (const schedule of Object.values(scheduleDefaults(epochCount))) {
      for (let stepIndex = 0; stepIndex < epochCount; stepIndex += 1) {
        const position = { baseLearningRate: 0.1, stepIndex, stepsPerEpoch: 1, epochCount, plateauFactor: 1 };
        const rate = learningRateAt({ schedule, warmUp: null }, position);
        expect(Number.isFinite(rate) && rate > 0).toBe(true);
      }
    }
  });
});
