import type { HeadSize } from '../../network/onnx/head-to-onnx.ts';
import type { HeadWeights } from './head-products.ts';
import type { Spread } from './head-rows.ts';

/** Weights for the features as they are, with the classes that they tell apart: they mean the same whatever the spread. */
export interface KeptWeights {
  readonly classIds: readonly string[];
  readonly weights: HeadWeights;
}

/** From weights for standardised features: w·(x − m)/s + b = (w/s)·x + (b − Σ w·m/s). */
export function toPlain(weights: HeadWeights, { mean, deviation }: Spread, size: HeadSize): HeadWeights {
  const { featureCount, classCount } = size;
  const plain = weights.slice();
  const bias = plain.subarray(featureCount * classCount);
  for (let feature = 0; feature < featureCount; feature += 1) {
    for (let column = 0; column < classCount; column += 1) {
      const at = feature * classCount + column;
      plain[at]! /= deviation[feature]!;
      bias[column]! -= plain[at]! * mean[feature]!;
    }
  }
  return plain;
}

/** The other way round, for these classes: a class that is new begins at zero. All zero without weights. */
export function toStandardised(
  kept: KeptWeights | null,
  { mean, deviation }: Spread,
  classIds: readonly string[],
): HeadWeights {
  const featureCount = mean.length;
  const classCount = classIds.length;
  const weights = new Float32Array((featureCount + 1) * classCount);
  if (!kept) return weights;
  const before = kept.classIds.length;
  const biasStart = featureCount * classCount;
  classIds.forEach((id, column) => {
    const old = kept.classIds.indexOf(id);
    if (old === -1) return;
    let bias = kept.weights[featureCount * before + old]!;
    for (let feature = 0; feature < featureCount; feature += 1) {
      const plain = kept.weights[feature * before + old]!;
      weights[feature * classCount + column] = plain * deviation[feature]!;
      bias += plain * mean[feature]!;
    }
    weights[biasStart + column] = bias;
  });
  return weights;
}

/** Weights whose softmax is that of the logits divided by the temperature. */
export function cooled(weights: HeadWeights, temperature: number): HeadWeights {
  return weights.map((weight) => weight / temperature);
}
