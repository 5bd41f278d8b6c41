import type { InferenceSession } from 'onnxruntime-node';
import { headInferenceModel, headPorts, headTrainingModel, type HeadSize } from '../../network/onnx/head-to-onnx.ts';
import type { OnnxRuntime } from '../onnx-runtime.ts';

/** Labelled rows that a head learns from. */
export interface HeadBatch {
  readonly count: number;
  /** Row-major [count, featureCount]. */
  readonly features: Float32Array;
  /** Index of its class for each row. */
  readonly labels: Int32Array;
  /** What each row weighs in the loss; 0 for those that are held out. */
  readonly shares: Float32Array;
}

/** Kernel [featureCount, classCount] and, after it, bias [classCount]. */
export type HeadWeights = Float32Array;

export interface HeadPass {
  /** Σ share · −ln p(label). */
  readonly loss: number;
  /** Of the loss, as the weights lie. */
  readonly gradient: Float32Array;
  /** Row-major [count, classCount]. */
  readonly probabilities: Float32Array;
}

/** The two large products of a softmax head, and what they cost is nearly all that learning costs. */
export interface HeadProducts {
  readonly size: HeadSize;
  pass(batch: HeadBatch, weights: HeadWeights): Promise<HeadPass>;
  /** Row-major [count, classCount]. */
  probabilities(count: number, features: Float32Array, weights: HeadWeights): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** The products on ONNX Runtime where it is there, else in plain JavaScript, some thirty times slower. */
export async function openHeadProducts(
  onnx: OnnxRuntime | null,
  size: HeadSize,
  threadCount: number,
): Promise<HeadProducts> {
  return onnx ? openOnnxProducts(onnx, size, threadCount) : plainProducts(size);
}

async function openOnnxProducts(onnx: OnnxRuntime, size: HeadSize, threadCount: number): Promise<HeadProducts> {
  const { InferenceSession: Session, Tensor } = onnx.ort;
  // The arena keeps what the largest batch needed for as long as the session lives.
  const options: InferenceSession.SessionOptions = {
    ...{ intraOpNumThreads: threadCount, interOpNumThreads: 1, logSeverityLevel: 3, enableCpuMemArena: false },
  };
  const [training, inference] = await Promise.all([
    Session.create(headTrainingModel(size), options),
    Session.create(headInferenceModel(size), options),
  ]);
  const { featureCount, classCount } = size;
  const kernelLength = featureCount * classCount;
  let oneHot: { readonly labels: Int32Array; readonly targets: Float32Array } | null = null;
  const targetsOf = (labels: Int32Array): Float32Array => {
    if (oneHot?.labels !== labels) oneHot = { labels, targets: toOneHot(labels, classCount) };
    return oneHot.targets;
  };
  const feeds = (count: number, features: Float32Array, weights: HeadWeights): InferenceSession.FeedsType => ({
    [headPorts.features]: new Tensor('float32', features, [count, featureCount]),
    [headPorts.kernel]: new Tensor('float32', weights.subarray(0, kernelLength), [featureCount, classCount]),
    [headPorts.bias]: new Tensor('float32', weights.subarray(kernelLength), [classCount]),
  });
  return {
    size,
    async pass({ count, features, labels, shares }, weights) {
      const outputs = await training.run({
        ...feeds(count, features, weights),
        [headPorts.targets]: new Tensor('float32', targetsOf(labels), [count, classCount]),
        [headPorts.shares]: new Tensor('float32', shares, [count, 1]),
      });
      const gradient = new Float32Array(weights.length);
      gradient.set(floats(outputs, headPorts.kernelGradient));
      gradient.set(columnSums(floats(outputs, headPorts.logitGradient), classCount), kernelLength);
      const loss = crossEntropy(floats(outputs, headPorts.logProbabilities), labels, shares);
      return { loss, gradient, probabilities: floats(outputs, headPorts.probabilities) };
    },
    async probabilities(count, features, weights) {
      return floats(await inference.run(feeds(count, features, weights)), headPorts.probabilities);
    },
    async dispose() {
      await Promise.allSettled([training.release(), inference.release()]);
    },
  };
}

function floats(outputs: InferenceSession.ReturnType, port: string): Float32Array {
  const data = outputs[port]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`ONNX Runtime gave no ${port}`);
  return data;
}

function toOneHot(labels: Int32Array, classCount: number): Float32Array {
  const targets = new Float32Array(labels.length * classCount);
  labels.forEach((label, row) => void (targets[row * classCount + label] = 1));
  return targets;
}

function columnSums(values: Float32Array, columnCount: number): Float32Array {
  const sums = new Float32Array(columnCount);
  for (let start = 0; start < values.length; start += columnCount) {
    for (let column = 0; column < columnCount; column += 1) sums[column]! += values[start + column]!;
  }
  return sums;
}

function crossEntropy(logProbabilities: Float32Array, labels: Int32Array, shares: Float32Array): number {
  const classCount = logProbabilities.length / Math.max(1, labels.length);
  let loss = 0;
  labels.forEach((label, row) => {
    const share = shares[row]!;
    if (share > 0) loss -= share * logProbabilities[row * classCount + label]!;
  });
  return loss;
}

/** The same numbers without any engine, to float32's rounding. */
export function plainProducts(size: HeadSize): HeadProducts {
  const { featureCount, classCount } = size;
  const kernelLength = featureCount * classCount;
  const probabilitiesOf = (count: number, features: Float32Array, weights: HeadWeights): Float32Array => {
    const rows = new Float32Array(count * classCount);
    for (let row = 0; row < count; row += 1) {
      const out = rows.subarray(row * classCount, (row + 1) * classCount);
      out.set(weights.subarray(kernelLength));
      for (let feature = 0; feature < featureCount; feature += 1) {
        const value = features[row * featureCount + feature]!;
        if (value === 0) continue;
        const start = feature * classCount;
        for (let column = 0; column < classCount; column += 1) out[column]! += value * weights[start + column]!;
      }
      softmaxInPlace(out);
    }
    return rows;
  };
  return {
    size,
    async pass({ count, features, labels, shares }, weights) {
      // Whoever wants it to stop must get a turn to say so.
      await new Promise((resolve) => setImmediate(resolve));
      const probabilities = probabilitiesOf(count, features, weights);
      const gradient = new Float32Array(weights.length);
      let loss = 0;
      for (let row = 0; row < count; row += 1) {
        const share = shares[row]!;
        if (share === 0) continue;
        const label = labels[row]!;
        loss -= share * Math.log(Math.max(1e-30, probabilities[row * classCount + label]!));
        for (let column = 0; column < classCount; column += 1) {
          const error = share * (probabilities[row * classCount + column]! - (column === label ? 1 : 0));
          gradient[kernelLength + column]! += error;
          for (let feature = 0; feature < featureCount; feature += 1)
            gradient[feature * classCount + column]! += error * features[row * featureCount + feature]!;
        }
      }
      return { loss, gradient, probabilities };
    },
    probabilities: (count, features, weights) => Promise.resolve(probabilitiesOf(count, features, weights)),
    dispose: () => Promise.resolve(),
  };
}

function softmaxInPlace(row: Float32Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < row.length; index += 1) most = Math.max(most, row[index]!);
  let sum = 0;
  for (let index = 0; index < row.length; index += 1) {
    row[index] = Math.exp(row[index]! - most);
    sum += row[index]!;
  }
  for (let index = 0; index < row.length; index += 1) row[index]! /= sum;
}
