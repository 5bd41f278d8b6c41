import type { BatchNormLayer, ConvLayer, DepthwiseConvLayer } from '../../network/layer.ts';
import type { WeightName } from '../../network/weights.ts';
import type { Tensor, TensorFlow } from '../tensorflow.ts';
import type { Variables } from '../variables.ts';

/** A batch norm in evaluation: y = x · scale + shift, one number per channel. */
export interface AffineTensors {
  readonly scale: Tensor;
  readonly shift: Tensor;
}

/** A convolution with the batch norm after it as one convolution with a bias. */
export interface FoldedConvolution {
  readonly kernel: Tensor;
  readonly bias: Tensor | undefined;
  /** d folded kernel / d kernel, shaped to multiply a kernel; undefined without batch norm. */
  readonly kernelScale: Tensor | undefined;
  /** d folded bias / d bias. */
  readonly biasScale: Tensor | undefined;
}

/** Names of a convolution's weights. */
export function convolutionWeightNames(layer: ConvLayer | DepthwiseConvLayer): {
  readonly kernel: WeightName;
  readonly bias: WeightName;
} {
  const kernel = layer.kind === 'conv' ? 'kernel' : 'depthwise_kernel';
  return { kernel: `${layer.name}/${kernel}`, bias: `${layer.name}/bias` };
}

interface CacheEntry<Value> {
  readonly versions: string;
  readonly value: Value;
  readonly owned: readonly Tensor[];
}

/**
 * Folded weights, kept until one of the variables that they come from changes.
 *
 * The variables stay the network's own, also while batch norm is frozen: gradients of folded kernels are scaled back, so training is
 * exactly that of the unfolded network and only the passes over large activations are saved.
 */
export class FoldedWeights {
  readonly #tensorFlow: TensorFlow;
  readonly #variables: Variables;
  readonly #affine = new Map<string, CacheEntry<AffineTensors>>();
  readonly #convolutions = new Map<string, CacheEntry<FoldedConvolution>>();

  constructor(tensorFlow: TensorFlow, variables: Variables) {
    this.#tensorFlow = tensorFlow;
    this.#variables = variables;
  }

  /** The affine map of a batch norm with its running statistics. */
  affine(layer: BatchNormLayer): AffineTensors {
    const names = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role) => `${layer.name}/${role}`);
    return this.#cached(this.#affine, layer.name, names, () => {
      const { tf } = this.#tensorFlow;
      const [gamma, beta, mean, variance] = names.map((name) => this.#variables.get(name));
      if (!gamma || !beta || !mean || !variance) throw new Error(`No statistics for ${layer.name}`);
      const scale = tf.tidy(() => gamma.div(variance.add(layer.epsilon).sqrt()));
      const shift = tf.tidy(() => beta.sub(mean.mul(scale)));
      return { value: { scale, shift }, owned: [scale, shift] };
    });
  }

  /** A convolution ready to run in evaluation. */
  convolution(layer: ConvLayer | DepthwiseConvLayer, batchNorm: BatchNormLayer | undefined): FoldedConvolution {
    const weightNames = convolutionWeightNames(layer);
    const kernel = this.#variables.get(weightNames.kernel);
    const bias = layer.hasBias ? this.#variables.get(weightNames.bias) : undefined;
    if (!batchNorm) return { kernel, bias, kernelScale: undefined, biasScale: undefined };
    const { scale, shift } = this.affine(batchNorm);
    const statistics = ['gamma', 'beta', 'moving_mean', 'moving_variance'].map((role) => `${batchNorm.name}/${role}`);
    const names = [weightNames.kernel, ...(bias ? [weightNames.bias] : []), ...statistics];
    return this.#cached(this.#convolutions, layer.name, names, () => {
      // [height, width, in, out] · [out], but [height, width, channels, 1] · [channels, 1].
      const kernelScale = layer.kind === 'conv' ? scale.clone() : scale.reshape([-1, 1]);
      const folded = kernel.mul(kernelScale);
      const foldedBias = bias ? this.#tensorFlow.tf.tidy(() => bias.mul(scale).add(shift)) : shift.clone();
      const biasScale = scale.clone();
      const value = { kernel: folded, bias: foldedBias, kernelScale, biasScale };
      return { value, owned: [folded, foldedBias, kernelScale, biasScale] };
    });
  }

  dispose(): void {
    for (const entry of [...this.#affine.values(), ...this.#convolutions.values()]) disposeAll(entry.owned);
    this.#affine.clear();
    this.#convolutions.clear();
  }

  #cached<Value>(
    cache: Map<string, CacheEntry<Value>>,
    key: string,
    names: readonly WeightName[],
    make: () => { readonly value: Value; readonly owned: readonly Tensor[] },
  ): Value {
    const versions = names.map((name) => this.#variables.versionOf(name)).join();
    const known = cache.get(key);
    if (known?.versions === versions) return known.value;
    if (known) disposeAll(known.owned);
    const made = make();
    cache.set(key, { versions, ...made });
    return made.value;
  }
}

function disposeAll(tensors: readonly Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
