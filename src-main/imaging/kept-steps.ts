import type { ResolvedStep } from '../../src-shared/domain/pipeline/resolve.ts';
import type { StepKind } from '../../src-shared/domain/pipeline/steps.ts';

/** A pipeline in two parts. */
export interface CutSteps {
  /** Steps that make few different pictures of one, and smaller ones. Where there are none the decoded picture itself may be worth keeping. */
  readonly kept: readonly ResolvedStep[];
  readonly rest: readonly ResolvedStep[];
}

type CoinKind = 'RandomHorizontalFlip' | 'RandomVerticalFlip' | 'RandomGrayscale';
/** A step that is done or left out, as a coin falls. */
export type CoinStep = Extract<ResolvedStep, { readonly kind: CoinKind }>;

/** Of each picture every side of every coin that was drawn is kept: four pictures at most. */
const mostCoins = 2;
const fixedKinds: ReadonlySet<StepKind> = new Set(['Resize', 'CenterCrop', 'Pad', 'Grayscale']);
const shrinkingKinds: ReadonlySet<StepKind> = new Set(['Resize', 'CenterCrop']);

/** Cuts after the last step that shrinks, as long as nothing before it draws more than a coin. */
export function cutSteps(steps: readonly ResolvedStep[]): CutSteps {
  let coins = 0;
  let length = 0;
  for (const [index, step] of steps.entries()) {
    if (isCoin(step)) coins += 1;
    else if (!fixedKinds.has(step.kind)) break;
    if (coins > mostCoins) break;
    if (shrinkingKinds.has(step.kind)) length = index + 1;
  }
  return { kept: steps.slice(0, length), rest: steps.slice(length) };
}

/** The coins among steps, in their order. */
export function coinsOf(steps: readonly ResolvedStep[]): readonly CoinStep[] {
  return steps.filter(isCoin);
}

/** One number for each way in which coins can fall, from 0 on. */
export function placeOfToss(tosses: readonly boolean[]): number {
  return tosses.reduce((sum, isHead, place) => sum + (isHead ? 2 ** place : 0), 0);
}

/** The same steps with every coin decided. */
export function withTosses(steps: readonly ResolvedStep[], tosses: readonly boolean[]): readonly ResolvedStep[] {
  const coins = coinsOf(steps);
  return steps.map((step) =>
    isCoin(step) ? { ...step, parameters: { p: tosses[coins.indexOf(step)] === true ? 1 : 0 } } : step,
  );
}

function isCoin(step: ResolvedStep): step is CoinStep {
  return step.kind === 'RandomHorizontalFlip' || step.kind === 'RandomVerticalFlip' || step.kind === 'RandomGrayscale';
}
