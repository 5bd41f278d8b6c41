/**
 * What the network says of a picture: the mean of the probabilities of its views.
 *
 * `probabilities` are rows of `classCount` numbers, the views of one picture one below the other; the answer has one row a picture. Every
 * prediction of Graft, and of what it exports, is averaged here (docs/decisions/0031-views-average-probabilities.md).
 */
export function averageViews(probabilities: Float32Array, viewCount: number, classCount: number): Float32Array {
  if (viewCount === 1) return probabilities;
  const means = new Float32Array(probabilities.length / viewCount);
  for (let index = 0; index < means.length; index += 1) {
    const picture = Math.floor(index / classCount);
    const first = picture * viewCount * classCount + (index % classCount);
    let sum = 0;
    for (let view = 0; view < viewCount; view += 1) sum += probabilities[first + view * classCount] ?? 0;
    means[index] = sum / viewCount;
  }
  return means;
}
