import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { drawDirichlet } from '../../../src-shared/lib/dirichlet.ts';
import type { Random } from '../../../src-shared/lib/seeded-random.ts';
import type { ImageSize } from '../kernels/rgb-image.ts';
import { augMixSpace, autoAugmentSpace, randAugmentSpace, trivialAugmentWideSpace } from './magnitudes.ts';
import type { OperationSpace } from './magnitudes.ts';
import type { DrawnOperation } from './operation.ts';
import { subPolicies } from './sub-policies.ts';

/** What each policy draws for one picture, in torchvision's order from its distributions. */

/** One sub-policy, whose two operations are each done with their own probability. */
export function drawAutoAugment(
  { policy }: { readonly policy: keyof typeof subPolicies },
  random: Random,
  size: ImageSize,
): readonly DrawnOperation[] {
  const choices = subPolicies[policy];
  const chosen = choices[random.integer(choices.length)]!;
  const chances = chosen.map(() => random.next());
  const isNegative = chosen.map(() => random.integer(2) === 0);
  const space = new Map(autoAugmentSpace(size));
  return chosen.flatMap(([name, probability, index], place): DrawnOperation[] => {
    if (chances[place]! > probability) return [];
    const { values, isSigned } = space.get(name)!;
    const strength = index === null ? 0 : values[index]!;
    return [{ name, magnitude: isSigned && isNegative[place] ? -strength : strength }];
  });
}

export interface RandAugmentParameters {
  readonly num_ops: number;
  readonly magnitude: number;
  readonly num_magnitude_bins: number;
}

/** So many operations, all of the same strength. */
export function drawRandAugment(
  { num_ops: count, magnitude, num_magnitude_bins: bins }: RandAugmentParameters,
  random: Random,
  size: ImageSize,
): readonly DrawnOperation[] {
  if (magnitude >= bins) {
    const expected = `< ${String(bins)}`;
    throw new AppError('bad-input', say('expectedFor', { expected, field: 'magnitude', received: magnitude }));
  }
  const space = randAugmentSpace(bins, size);
  return Array.from({ length: count }, () => drawOperation(space, random, () => magnitude));
}

/** One operation of any strength. */
export function drawTrivialAugmentWide(
  { num_magnitude_bins: bins }: { readonly num_magnitude_bins: number },
  random: Random,
): readonly DrawnOperation[] {
  return [drawOperation(trivialAugmentWideSpace(bins), random, () => random.integer(bins))];
}

export interface AugMixParameters {
  readonly severity: number;
  readonly mixture_width: number;
  readonly chain_depth: number;
  readonly alpha: number;
  readonly all_ops: boolean;
}

/** One picture that AugMix mixes in: its share of the whole, and what was done to it. */
export interface DrawnChain {
  readonly share: number;
  readonly operations: readonly DrawnOperation[];
}

export interface DrawnMixture {
  /** The untouched picture's share; with the chains' it sums to 1. */
  readonly share: number;
  readonly chains: readonly DrawnChain[];
}

/** Chains of one to three operations where the depth is not positive. */
export function drawAugMix(parameters: AugMixParameters, random: Random, size: ImageSize): DrawnMixture {
  const { severity, mixture_width: width, chain_depth: depth, alpha, all_ops: allOps } = parameters;
  const [share = 0, rest = 0] = drawDirichlet(random, alpha, 2);
  const shares = drawDirichlet(random, alpha, width);
  const space = augMixSpace(allOps, size);
  const chains = shares.map((part) => ({
    share: part * rest,
    operations: Array.from({ length: depth > 0 ? depth : 1 + random.integer(3) }, () =>
      drawOperation(space, random, () => random.integer(severity)),
    ),
  }));
  return { share, chains };
}

/** Any operation is as likely as any other, and either sign. */
function drawOperation(space: OperationSpace, random: Random, chooseStrength: () => number): DrawnOperation {
  const [name, { values, isSigned }] = space[random.integer(space.length)]!;
  const magnitude = values.length === 0 ? 0 : values[chooseStrength()]!;
  return { name, magnitude: isSigned && random.integer(2) === 1 ? -magnitude : magnitude };
}
