import type { Comparison } from '../../../src-shared/contract/run.contract.ts';
import type { Evaluation, JudgedImage } from '../../../src-shared/domain/evaluation.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { RunClass } from '../../../src-shared/domain/run.ts';

/** What one run says about an image. */
export interface Answer {
  readonly predicted: RunClass;
  /** Of the predicted class, 0 … 1. */
  readonly probability: number;
  readonly isRight: boolean;
}

/** An image about which two runs say different things. */
export interface ChangedImage {
  readonly imageId: ImageId;
  readonly label: RunClass;
  readonly a: Answer;
  readonly b: Answer;
  /** How far the loss moved, in nats; ≥ 0. */
  readonly change: number;
}

/** `fixed`: A is wrong and B right; `broken`: the reverse; `stillWrong`: both are wrong, each in its own way. */
export type ChangedImages = Readonly<Record<'fixed' | 'broken' | 'stillWrong', readonly ChangedImage[]>>;

/** The images whose prediction changed from run A to run B, most changed first. */
export function changedImages(comparison: Comparison, evaluations: { a: Evaluation; b: Evaluation }): ChangedImages {
  const { a, b } = evaluations;
  const imagesOfB = new Map(b.images.map((image) => [image.imageId, image]));
  const changes = new Map(
    a.images.flatMap((image) => {
      const partner = imagesOfB.get(image.imageId);
      const change = partner && pair({ a: image, b: partner }, evaluations);
      return change ? [[image.imageId, change] as const] : [];
    }),
  );
  const known = (ids: readonly ImageId[]): readonly ChangedImage[] =>
    byChange(ids.map((id) => changes.get(id)).filter((change) => change !== undefined));
  return {
    fixed: known(comparison.fixed),
    broken: known(comparison.broken),
    stillWrong: byChange([...changes.values()].filter((change) => !change.a.isRight && !change.b.isRight)),
  };
}

/** Undefined when both predict the same class, or had another label. */
function pair(
  images: { a: JudgedImage; b: JudgedImage },
  evaluations: { a: Evaluation; b: Evaluation },
): ChangedImage | undefined {
  const label = evaluations.a.classes[images.a.label];
  const labelInB = evaluations.b.classes[images.b.label];
  const a = answer(images.a, evaluations.a);
  const b = answer(images.b, evaluations.b);
  if (!label || !a || !b || label.name !== labelInB?.name || a.predicted.name === b.predicted.name) return undefined;
  return { imageId: images.a.imageId, label, a, b, change: Math.abs(images.a.loss - images.b.loss) };
}

function answer({ label, predicted, probability }: JudgedImage, { classes }: Evaluation): Answer | undefined {
  const runClass = classes[predicted];
  return runClass && { predicted: runClass, probability, isRight: predicted === label };
}

function byChange(images: readonly ChangedImage[]): readonly ChangedImage[] {
  return images.toSorted((one, other) => other.change - one.change);
}
