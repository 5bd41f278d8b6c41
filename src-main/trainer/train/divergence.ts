import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { say, type Fact, type NamedSentence } from '../../../src-shared/domain/sentence.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { NetworkWeights } from '../../network/weights.ts';

/** What a step showed: its mean loss in nats, and how many of its images were recognised. */
export interface StepOutcome {
  readonly loss: number;
  readonly correct: number;
  readonly images: number;
}

/** A loss is huge beyond this many times ln(classes), which is what blind guessing costs. */
const hugeLoss = 100;
/** Fewer steps, or fewer images for each class, tell too little about the share of right answers. */
const leastSteps = 30;
const leastImagesPerClass = 50;

/**
 * Watches the latest steps of a phase for a loss that has exploded without leaving the finite numbers.
 *
 * Exploded means both: the mean loss is beyond 100 · ln(classes), and no more images are recognised than by blind guessing. A huge loss
 * alone says nothing: the cross-entropy of a head that learns at rate 10 is beyond that bound for whole epochs, because its logits
 * scale with the rate, while it recognises most images and ends well. Chance-level answers alone say nothing either: every head begins
 * there, at ln(classes). Where both hold, the activations have grown so far that the gradients no longer say anything about the images;
 * from there the loss was never seen to come back.
 */
export class ExplosionWatch {
  readonly #classCount: number;
  readonly #recent: StepOutcome[] = [];
  #images = 0;

  constructor(classCount: number) {
    this.#classCount = classCount;
  }

  /** Takes in a step; answers the mean loss of the latest ones when it has exploded, else null. */
  add(outcome: StepOutcome): number | null {
    this.#recent.push(outcome);
    this.#images += outcome.images;
    const [oldest] = this.#recent;
    if (oldest && this.#isEnough(this.#recent.length - 1, this.#images - oldest.images)) {
      this.#recent.shift();
      this.#images -= oldest.images;
    }
    // A step that is not huge itself needs no look at the others.
    const isHuge = outcome.loss > this.#bound && this.#isEnough(this.#recent.length, this.#images);
    return isHuge ? this.#meanIfExploded() : null;
  }

  get #bound(): number {
    return hugeLoss * Math.log(Math.max(2, this.#classCount));
  }

  #isEnough(steps: number, images: number): boolean {
    return steps >= leastSteps && images >= leastImagesPerClass * this.#classCount;
  }

  #meanIfExploded(): number | null {
    const sum = (of: (outcome: StepOutcome) => number): number =>
      this.#recent.reduce((total, outcome) => total + of(outcome), 0);
    const mean = sum(({ loss, images }) => loss * images) / this.#images;
    const isGuessing = sum(({ correct }) => correct) <= this.#images / this.#classCount;
    return mean > this.#bound && isGuessing ? mean : null;
  }
}

/** How a training went wrong. */
export type Divergence =
  | { readonly kind: 'loss-not-finite' }
  | { readonly kind: 'weights-not-finite' }
  | { readonly kind: 'exploded'; readonly loss: number };

/** The step that diverged and its epoch, both counted from 1, the best epoch before, and the rate that was meant to do. */
interface DivergedAt extends Pick<TrainingPosition, 'step' | 'epoch' | 'best'> {
  readonly recipe: Pick<Recipe, 'mode'>;
  readonly phase: Pick<TrainingPosition, 'phase'> & { readonly learningRate: number };
}

/** Why a training that diverged stops: where, the likely cause and what to try, and which weights are kept. */
export function trainingDiverged(divergence: Divergence, { step, epoch, best, recipe, phase }: DivergedAt): AppError {
  const { learningRate } = phase;
  const rates = { learningRate: String(learningRate), advised: String(Number((learningRate / 10).toPrecision(2))) };
  const isHeadFirst = phase.phase === 'head' && recipe.mode === 'fine-tuning';
  const cause = isHeadFirst ? say('causeHeadRate', rates) : say('causeLearningRate', rates);
  const kept = best ? say('keptOfEpoch', { epoch: best.epoch }) : say('keptNothing');
  const sentence = sayDivergence(divergence, { step, epoch, cause, kept });
  return new AppError('training-diverged', sentence, { detail: { step, epoch, bestEpoch: best?.epoch ?? null } });
}

function sayDivergence(
  divergence: Divergence,
  facts: Readonly<Record<'step' | 'epoch' | 'cause' | 'kept', Fact>>,
): NamedSentence {
  switch (divergence.kind) {
    case 'loss-not-finite':
      return say('divergedLoss', facts);
    case 'weights-not-finite':
      return say('divergedWeights', facts);
    case 'exploded':
      return say('divergedExploded', { ...facts, loss: divergence.loss.toPrecision(2) });
    default:
      return assertNever(divergence, 'divergence');
  }
}

/** The same weights; AppError training-diverged when a number is not finite. The loss need not show it: ReLU6 makes 6 of infinity. */
export function requireFinite(weights: NetworkWeights, at: DivergedAt): NetworkWeights {
  for (const { values } of weights.values()) {
    if (!values.every(Number.isFinite)) throw trainingDiverged({ kind: 'weights-not-finite' }, at);
  }
  return weights;
}
