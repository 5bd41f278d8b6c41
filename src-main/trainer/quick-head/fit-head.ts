import type { HeadBatch, HeadProducts, HeadWeights } from './head-products.ts';
import { minimise, type Minimum } from './minimise.ts';

export interface FitOptions {
  /** λ of the penalty λ/2 · Σ kernel² beside the mean loss; the bias is free. scikit-learn's C is 1 / (λ · rows). */
  readonly penalty: number;
  readonly tolerance: number;
  readonly mostIterations: number;
  readonly shouldStop?: () => boolean;
}

/**
 * Multinomial logistic regression: the weights that minimise the mean cross-entropy (by the batch's shares) and the penalty, which is
 * strictly convex in the kernel, so that where it starts decides only how long it takes.
 */
export function fitHead(
  products: HeadProducts,
  batch: HeadBatch,
  start: HeadWeights,
  { penalty, ...options }: FitOptions,
): Promise<Minimum> {
  const kernelLength = products.size.featureCount * products.size.classCount;
  return minimise(
    async (weights) => {
      const { loss, gradient } = await products.pass(batch, weights);
      let squares = 0;
      for (let index = 0; index < kernelLength; index += 1) {
        const weight = weights[index]!;
        squares += weight * weight;
        gradient[index]! += penalty * weight;
      }
      return { value: loss + (penalty / 2) * squares, gradient };
    },
    start,
    options,
  );
}
