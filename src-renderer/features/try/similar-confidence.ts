import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';

/** The judged images about which a run was about as sure: those whose probability is in the same tenth. */
export interface SimilarConfidence {
  /** Of the predicted class, 0 … 1. */
  readonly from: number;
  readonly to: number;
  readonly right: number;
  readonly total: number;
}

/** How often a run was right about the images of its evaluation when it was about as sure as `probability` (0 … 1). */
export function similarConfidence({ images }: Evaluation, probability: number): SimilarConfidence {
  const tenth = tenthOf(probability);
  const similar = images.filter((image) => tenthOf(image.probability) === tenth);
  const right = similar.filter(({ label, predicted }) => label === predicted).length;
  return { from: tenth / 10, to: (tenth + 1) / 10, right, total: similar.length };
}

/** 0 … 9; certainty belongs to the last tenth. */
function tenthOf(probability: number): number {
  return Math.min(9, Math.floor(probability * 10));
}
