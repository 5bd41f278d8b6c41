import type { TFEOpAttr } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js';
import type { BatchNormLayer, ConvLayer, DepthwiseConvLayer, PoolingLayer } from '../../network/layer.ts';
import type { NativeTensorFlow, Tensor } from '../tensorflow.ts';
import { IntegerTensors, OperationAttributes } from './native-operations.ts';

type AnyConvLayer = ConvLayer | DepthwiseConvLayer;

/** What a batch norm in training leaves behind for its gradient. */
export interface BatchNormResult {
  readonly output: Tensor;
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
  readonly reserved: readonly Tensor[];
}

/** Gradients of a batch norm's input and parameters. */
export interface BatchNormGradients {
  readonly inputGradient: Tensor;
  readonly gammaGradient: Tensor;
  readonly betaGradient: Tensor;
}

/**
 * TensorFlow's own operations and gradients, by name, on tensors of channels-last images. Each call returns new tensors and frees none.
 *
 * They are called directly because tfjs's gradients go through its own layers of kernels, with several times the memory.
 */
export class NativeKernels {
  readonly #backend: NativeTensorFlow['backend'];
  readonly #attributes: OperationAttributes;
  readonly #integers: IntegerTensors;

  constructor(tensorFlow: NativeTensorFlow) {
    this.#backend = tensorFlow.backend;
    this.#attributes = new OperationAttributes(tensorFlow.backend.binding);
    this.#integers = new IntegerTensors(tensorFlow);
  }

  convolution(layer: AnyConvLayer, input: Tensor, kernel: Tensor): Tensor {
    return this.#run(operationOf(layer), this.#convolutionAttributes(layer), [input, kernel]);
  }

  convolutionInputGradient(
    layer: AnyConvLayer,
    inputShape: readonly number[],
    kernel: Tensor,
    gradient: Tensor,
  ): Tensor {
    const inputs = [this.#integers.get(inputShape), kernel, gradient];
    return this.#run(`${operationOf(layer)}BackpropInput`, this.#convolutionAttributes(layer), inputs);
  }

  convolutionKernelGradient(
    layer: AnyConvLayer,
    input: Tensor,
    kernelShape: readonly number[],
    gradient: Tensor,
  ): Tensor {
    const inputs = [input, this.#integers.get(kernelShape), gradient];
    return this.#run(`${operationOf(layer)}BackpropFilter`, this.#convolutionAttributes(layer), inputs);
  }

  addBias(input: Tensor, bias: Tensor): Tensor {
    return this.#run('BiasAdd', [this.#attributes.floatType(), this.#attributes.channelsLast()], [input, bias]);
  }

  biasGradient(gradient: Tensor): Tensor {
    return this.#run('BiasAddGrad', [this.#attributes.floatType(), this.#attributes.channelsLast()], [gradient]);
  }

  relu(maxValue: 6 | null, input: Tensor): Tensor {
    return this.#run(maxValue === 6 ? 'Relu6' : 'Relu', [this.#attributes.floatType()], [input]);
  }

  /** Takes the output, not the input: where 0 < output < 6 (or 0 < output) the input was the same. */
  reluGradient(maxValue: 6 | null, gradient: Tensor, output: Tensor): Tensor {
    return this.#run(maxValue === 6 ? 'Relu6Grad' : 'ReluGrad', [this.#attributes.floatType()], [gradient, output]);
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.#run('AddV2', [this.#attributes.floatType()], [a, b]);
  }

  multiply(a: Tensor, b: Tensor): Tensor {
    return this.#run('Mul', [this.#attributes.floatType()], [a, b]);
  }

  sigmoid(input: Tensor): Tensor {
    return this.#run('Sigmoid', [this.#attributes.floatType()], [input]);
  }

  tanh(input: Tensor): Tensor {
    return this.#run('Tanh', [this.#attributes.floatType()], [input]);
  }

  /** Both take the output, from which the slope follows. */
  curveGradient(curve: 'Sigmoid' | 'Tanh', output: Tensor, gradient: Tensor): Tensor {
    return this.#run(`${curve}Grad`, [this.#attributes.floatType()], [output, gradient]);
  }

  pooling(layer: PoolingLayer, input: Tensor): Tensor {
    return this.#run(layer.kind === 'max-pooling' ? 'MaxPool' : 'AvgPool', this.#poolingAttributes(layer), [input]);
  }

  maxPoolingGradient(layer: PoolingLayer, input: Tensor, output: Tensor, gradient: Tensor): Tensor {
    return this.#run('MaxPoolGrad', this.#poolingAttributes(layer), [input, output, gradient]);
  }

  averagePoolingGradient(layer: PoolingLayer, inputShape: readonly number[], gradient: Tensor): Tensor {
    const inputs = [this.#integers.get(inputShape), gradient];
    return this.#run('AvgPoolGrad', this.#poolingAttributes(layer), inputs);
  }

  /** [count, height, width, channels] → [count, 1, 1, channels]. */
  sumOverPixels(input: Tensor): Tensor {
    const attributes = [
      this.#attributes.flag('keep_dims', true),
      this.#attributes.floatType(),
      this.#attributes.indexType(),
    ];
    return this.#run('Sum', attributes, [input, this.#integers.get([1, 2])]);
  }

  /** Normalises by the statistics of the batch and gives the moved running averages. */
  batchNorm(
    layer: BatchNormLayer,
    inputs: [input: Tensor, gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor],
  ): BatchNormResult {
    const movedShare = this.#attributes.real('exponential_avg_factor', 1 - layer.momentum);
    const outputs = this.#runMany('FusedBatchNormV3', [...this.#batchNormAttributes(layer), movedShare], inputs, 6);
    const [output, runningMean, runningVariance, ...reserved] = outputs;
    if (!output || !runningMean || !runningVariance) throw new Error('FusedBatchNormV3 gave too few outputs');
    return { output, runningMean, runningVariance, reserved };
  }

  batchNormGradient(
    layer: BatchNormLayer,
    gradient: Tensor,
    input: Tensor,
    gamma: Tensor,
    reserved: readonly Tensor[],
  ): BatchNormGradients {
    const inputs = [gradient, input, gamma, ...reserved];
    const outputs = this.#runMany('FusedBatchNormGradV3', this.#batchNormAttributes(layer), inputs, 5);
    const [inputGradient, gammaGradient, betaGradient, ...unused] = outputs;
    for (const tensor of unused) tensor.dispose();
    if (!inputGradient || !gammaGradient || !betaGradient) throw new Error('FusedBatchNormGradV3 gave too few outputs');
    return { inputGradient, gammaGradient, betaGradient };
  }

  /** [count, height, width, channels] → [count, channels]. */
  meanOverPixels(input: Tensor): Tensor {
    const attributes = [
      this.#attributes.flag('keep_dims', false),
      this.#attributes.floatType(),
      this.#attributes.indexType(),
    ];
    return this.#run('Mean', attributes, [input, this.#integers.get([1, 2])]);
  }

  broadcast(input: Tensor, shape: readonly number[]): Tensor {
    const attributes = [this.#attributes.floatType(), this.#attributes.indexType()];
    return this.#run('BroadcastTo', attributes, [input, this.#integers.get(shape)]);
  }

  matrixProduct(a: Tensor, b: Tensor, transposed: { readonly a?: boolean; readonly b?: boolean } = {}): Tensor {
    const transposeA = this.#attributes.flag('transpose_a', transposed.a ?? false);
    const transposeB = this.#attributes.flag('transpose_b', transposed.b ?? false);
    return this.#run('MatMul', [transposeA, transposeB, this.#attributes.floatType()], [a, b]);
  }

  softmax(logits: Tensor): Tensor {
    return this.#run('Softmax', [this.#attributes.floatType()], [logits]);
  }

  /** Cross-entropy of each row, and its gradient with respect to the logits. */
  softmaxCrossEntropy(logits: Tensor, targets: Tensor): { readonly losses: Tensor; readonly gradient: Tensor } {
    const attributes = [this.#attributes.floatType()];
    const [losses, gradient] = this.#runMany('SoftmaxCrossEntropyWithLogits', attributes, [logits, targets], 2);
    if (!losses || !gradient) throw new Error('SoftmaxCrossEntropyWithLogits gave too few outputs');
    return { losses, gradient };
  }

  dispose(): void {
    this.#integers.dispose();
  }

  #run(operation: string, attributes: TFEOpAttr[], inputs: Tensor[]): Tensor {
    return this.#backend.executeSingleOutput(operation, attributes, inputs);
  }

  #runMany(operation: string, attributes: TFEOpAttr[], inputs: Tensor[], outputCount: number): readonly Tensor[] {
    return this.#backend.executeMultipleOutputs(operation, attributes, inputs, outputCount);
  }

  #convolutionAttributes(layer: AnyConvLayer): TFEOpAttr[] {
    const [down, right] = layer.strides;
    return [
      this.#attributes.floatType(),
      this.#attributes.integers('strides', [1, down, right, 1]),
      this.#attributes.text('padding', layer.padding.toUpperCase()),
      this.#attributes.channelsLast(),
      this.#attributes.integers('dilations', [1, 1, 1, 1]),
    ];
  }

  #poolingAttributes({ kernelSize, strides, padding }: PoolingLayer): TFEOpAttr[] {
    return [
      this.#attributes.floatType(),
      this.#attributes.integers('ksize', [1, ...kernelSize, 1]),
      this.#attributes.integers('strides', [1, ...strides, 1]),
      this.#attributes.text('padding', padding.toUpperCase()),
      this.#attributes.channelsLast(),
    ];
  }

  #batchNormAttributes(layer: BatchNormLayer): TFEOpAttr[] {
    return [
      this.#attributes.floatType(),
      this.#attributes.floatType('U'),
      this.#attributes.real('epsilon', layer.epsilon),
      this.#attributes.channelsLast(),
      this.#attributes.flag('is_training', true),
    ];
  }
}

function operationOf(layer: AnyConvLayer): string {
  return layer.kind === 'conv' ? 'Conv2D' : 'DepthwiseConv2dNative';
}
