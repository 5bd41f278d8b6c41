/** A label of a row that is likely another class. */
export interface Suspect {
  readonly index: number;
  readonly likely: number;
  readonly givenShare: number;
  readonly likelyShare: number;
}

/**
 * Labels that are likely wrong, the likeliest first: confident learning (Northcutt, Jiang and Chuang, JAIR 2021). A row counts as class j
 * where its out-of-fold probability of j reaches the mean that rows labelled j have for j (the likeliest such j); it is a suspect where that
 * is not its label, which are the off-diagonal entries of the confident joint. They are ordered by how much likelier the other class is.
 *
 * `probabilities` is row-major [labels.length, classCount], out of fold and calibrated.
 */
export function findSuspects(probabilities: Float32Array, labels: Int32Array, classCount: number): readonly Suspect[] {
  const thresholds = selfConfidences(probabilities, labels, classCount);
  const suspects: Suspect[] = [];
  labels.forEach((given, index) => {
    const row = probabilities.subarray(index * classCount, (index + 1) * classCount);
    const likely = confidentClass(row, thresholds);
    if (likely === null || likely === given) return;
    suspects.push({ index, likely, givenShare: row[given]!, likelyShare: row[likely]! });
  });
  const excess = (suspect: Suspect): number => suspect.likelyShare - suspect.givenShare;
  return suspects.sort((a, b) => excess(b) - excess(a) || a.index - b.index);
}

/** The mean probability of class j over the rows that are labelled j; more than 1 for a class without rows. */
function selfConfidences(probabilities: Float32Array, labels: Int32Array, classCount: number): Float64Array {
  const sums = new Float64Array(classCount);
  const counts = new Float64Array(classCount);
  labels.forEach((label, index) => {
    sums[label]! += probabilities[index * classCount + label]!;
    counts[label]! += 1;
  });
  return sums.map((sum, label) => (counts[label] === 0 ? 2 : sum / counts[label]!));
}

function confidentClass(row: Float32Array, thresholds: Float64Array): number | null {
  let best: number | null = null;
  for (let label = 0; label < row.length; label += 1) {
    if (row[label]! >= thresholds[label]! && (best === null || row[label]! > row[best]!)) best = label;
  }
  return best;
}
