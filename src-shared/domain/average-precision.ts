/** Scores of one class over images, ready to be walked from the highest to the lowest. */
export interface RankedScores {
  readonly scores: ArrayLike<number>;
  /** Places of the images, highest score first. */
  readonly order: Uint32Array;
}

export function rankScores(scores: ArrayLike<number>): RankedScores {
  const order = Uint32Array.from({ length: scores.length }, (_, place) => place);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return { scores, order };
}

/**
 * Average precision as scikit-learn's average_precision_score: Σ (Rₙ − Rₙ₋₁) · Pₙ over falling thresholds, where images of equal scores are
 * one threshold. Null where no image is positive: there is no recall then.
 *
 * @param isPositive 1 for the images that have the class.
 * @param counts How often each image counts; once when left out.
 */
export function averagePrecision(
  { scores, order }: RankedScores,
  isPositive: ArrayLike<number>,
  counts?: ArrayLike<number>,
): number | null {
  let seen = 0;
  let found = 0;
  let sum = 0;
  let foundBefore = 0;
  for (let rank = 0; rank < order.length; rank += 1) {
    const place = order[rank] ?? 0;
    const count = counts?.[place] ?? 1;
    seen += count;
    if (isPositive[place] === 1) found += count;
    const next = order[rank + 1];
    if (next !== undefined && scores[next] === scores[place]) continue;
    if (found > foundBefore) sum += ((found - foundBefore) * found) / seen;
    foundBefore = found;
  }
  return found === 0 ? null : sum / found;
}

/** The mean over the classes that have one; 0 where none has. */
export function meanAveragePrecision(ofClasses: readonly (number | null)[]): number {
  const known = ofClasses.filter((value) => value !== null);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}
