/** Temperatures between which the best one is looked for. */
const coldest = 0.05;
const hottest = 20;
const rounds = 40;
const golden = (Math.sqrt(5) - 1) / 2;
const least = 1e-12;

/**
 * The temperature T for which softmax(ln p / T) fits the labels best: least mean −ln p(label), by golden section over ln T, in which the
 * loss has one minimum. (Guo et al., On calibration of modern neural networks, 2017, temperature scaling)
 *
 * `probabilities` is row-major [labels.length, classCount] and must come from heads that did not learn from these rows.
 */
export function findTemperature(probabilities: Float32Array, labels: Int32Array): number {
  const logs = probabilities.map((probability) => Math.log(Math.max(least, probability)));
  const lossAt = (logTemperature: number): number => meanLoss(logs, labels, Math.exp(logTemperature));
  let [low, high] = [Math.log(coldest), Math.log(hottest)];
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)];
  let [leftLoss, rightLoss] = [lossAt(left), lossAt(right)];
  for (let round = 0; round < rounds; round += 1) {
    if (leftLoss <= rightLoss) {
      [high, right, rightLoss] = [right, left, leftLoss];
      left = high - golden * (high - low);
      leftLoss = lossAt(left);
    } else {
      [low, left, leftLoss] = [left, right, rightLoss];
      right = low + golden * (high - low);
      rightLoss = lossAt(right);
    }
  }
  return Math.exp((low + high) / 2);
}

/** softmax(ln p / T) of every row, in place. */
export function applyTemperature(probabilities: Float32Array, classCount: number, temperature: number): void {
  for (let start = 0; start < probabilities.length; start += classCount) {
    let sum = 0;
    for (let column = start; column < start + classCount; column += 1) {
      probabilities[column] = Math.max(least, probabilities[column]!) ** (1 / temperature);
      sum += probabilities[column]!;
    }
    for (let column = start; column < start + classCount; column += 1) probabilities[column]! /= sum;
  }
}

function meanLoss(logs: Float32Array, labels: Int32Array, temperature: number): number {
  const classCount = logs.length / Math.max(1, labels.length);
  let loss = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const start = row * classCount;
    let most = Number.NEGATIVE_INFINITY;
    for (let column = start; column < start + classCount; column += 1) most = Math.max(most, logs[column]!);
    let sum = 0;
    for (let column = start; column < start + classCount; column += 1)
      sum += Math.exp((logs[column]! - most) / temperature);
    loss += Math.log(sum) - (logs[start + labels[row]!]! - most) / temperature;
  }
  return loss / Math.max(1, labels.length);
}
