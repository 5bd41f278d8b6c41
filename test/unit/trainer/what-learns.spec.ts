import { describe, expect, it } from 'vitest';
import { planOfEpoch, rateFactors } from '../../../src-main/trainer/train/what-learns.ts';
import { tinyNetwork } from '../../support/tiny-networks.ts';

/** Stages stem, block and classifier. */
const network = tinyNetwork();
const choices = {
  trainableFrom: null,
  unfreezing: null,
  batchNorm: 'frozen',
  headFirst: { epochs: 1, learningRate: 0.1 },
} as const;

/** The stages whose weights learn in an epoch. */
function stagesAt(epoch: number, change: object = {}): readonly string[] {
  const { trainable } = planOfEpoch(network, { ...choices, ...change }, epoch);
  return network.stages
    .filter(({ layers }) => layers.some((layer) => [...trainable].some((name) => name.startsWith(`${layer}/`))))
    .map(({ name }) => name);
}

describe('what learns', () => {
  it('is everything where nothing is said', () => {
    expect(stagesAt(0)).toEqual(['stem', 'block', 'classifier']);
  });

  it('begins at the chosen stage', () => {
    expect(stagesAt(0, { trainableFrom: 'block' })).toEqual(['block', 'classifier']);
  });

  it('grows by a stage at a time from the head downwards', () => {
    const unfreezing = { epochsPerStage: 2 };
    expect([0, 1, 2, 3, 9].map((epoch) => stagesAt(epoch, { unfreezing }).length)).toEqual([2, 2, 3, 3, 3]);
    expect(stagesAt(9, { unfreezing, trainableFrom: 'block' })).toEqual(['block', 'classifier']);
  });

  it('begins with the head alone where the head has not learned before', () => {
    const headFirst = { epochs: 0, learningRate: 0.1 };
    expect(stagesAt(0, { unfreezing: { epochsPerStage: 1 }, headFirst })).toEqual(['classifier']);
  });

  it('leaves gamma and beta alone while batch norm is frozen', () => {
    expect([...planOfEpoch(network, choices, 0).trainable].filter((name) => /gamma|beta/u.test(name))).toEqual([]);
  });
});

it('layer decay multiplies the rate once for each stage below the head', () => {
  const factors = rateFactors(network, 0.5);
  expect(
    ['classifier/kernel', 'wise_conv/depthwise_kernel', 'stem_conv/kernel'].map((name) => factors.get(name)),
  ).toEqual([1, 0.5, 0.25]);
});
