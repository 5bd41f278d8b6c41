import type { BatchNormLayer } from '../../network/layer.ts';
import type { Tensor } from '../tensorflow.ts';
import { convolutionWeightNames } from './folded-weights.ts';
import type { BatchNormResult } from './native-kernels.ts';
import { replaceTensor, type BackwardFrame, type ForwardResult, type PassContext } from './pass.ts';
import type { ConvolutionInstruction } from './program.ts';

/** Runs convolution → [batch norm] → [ReLU]: with the batch's statistics where its gamma learns, else folded into one convolution. */
export function runConvolution(
  context: PassContext,
  instruction: ConvolutionInstruction,
  input: Tensor,
  isOnTape: boolean,
): ForwardResult {
  const { batchNorm } = instruction;
  if (batchNorm && context.trainable.has(`${batchNorm.name}/gamma`)) {
    return runWithBatchStatistics(context, instruction, batchNorm, input);
  }
  return runFolded(context, instruction, input, isOnTape);
}

function runFolded(
  context: PassContext,
  instruction: ConvolutionInstruction,
  input: Tensor,
  isOnTape: boolean,
): ForwardResult {
  const { kernels, trainable, folded, addGradient } = context;
  const { layer, batchNorm, activation } = instruction;
  const names = convolutionWeightNames(layer);
  const weights = folded.convolution(layer, batchNorm);
  let output = kernels.convolution(layer, input, weights.kernel);
  if (weights.bias) output = replaceTensor(output, kernels.addBias(output, weights.bias));
  if (activation) output = replaceTensor(output, kernels.relu(activation.maxValue, output));
  if (!isOnTape) return { output };

  const inputShape = input.shape;
  const learnsKernel = trainable.has(names.kernel);
  function backward(frame: BackwardFrame): readonly (Tensor | undefined)[] {
    const gradient = throughActivation(context, instruction, frame);
    if (trainable.has(names.bias)) {
      addGradient(names.bias, scaled(kernels.biasGradient(gradient), weights.biasScale));
    }
    if (learnsKernel && frame.input) {
      const ofFolded = kernels.convolutionKernelGradient(layer, frame.input, weights.kernel.shape, gradient);
      addGradient(names.kernel, scaled(ofFolded, weights.kernelScale));
    }
    const wanted = frame.wantsInputGradient[0] === true;
    const inputGradient = wanted
      ? kernels.convolutionInputGradient(layer, inputShape, weights.kernel, gradient)
      : undefined;
    gradient.dispose();
    return [inputGradient];
  }
  return { output, tape: { keepsInput: learnsKernel, keepsOutput: activation !== undefined, saved: [], backward } };

  function scaled(gradient: Tensor, scale: Tensor | undefined): Tensor {
    return scale ? replaceTensor(gradient, kernels.multiply(gradient, scale)) : gradient;
  }
}

function runWithBatchStatistics(
  context: PassContext,
  instruction: ConvolutionInstruction,
  batchNorm: BatchNormLayer,
  input: Tensor,
): ForwardResult {
  const { kernels, variables, trainable, addGradient } = context;
  const { layer, activation } = instruction;
  const names = convolutionWeightNames(layer);
  const kernel = variables.get(names.kernel);
  let convolved = kernels.convolution(layer, input, kernel);
  if (layer.hasBias) convolved = replaceTensor(convolved, kernels.addBias(convolved, variables.get(names.bias)));
  const normalised = normaliseByBatch(context, batchNorm, convolved);
  const activated = (before: Tensor): Tensor =>
    activation ? replaceTensor(before, kernels.relu(activation.maxValue, before)) : before;
  const output = activated(normalised.output);

  const inputShape = input.shape;
  const learnsKernel = trainable.has(names.kernel);
  function backward(frame: BackwardFrame): readonly (Tensor | undefined)[] {
    const gradient = normalised.backward(throughActivation(context, instruction, frame));
    convolved.dispose();
    if (trainable.has(names.bias)) addGradient(names.bias, kernels.biasGradient(gradient));
    if (learnsKernel && frame.input) {
      addGradient(names.kernel, kernels.convolutionKernelGradient(layer, frame.input, kernel.shape, gradient));
    }
    const wanted = frame.wantsInputGradient[0] === true;
    const inputGradient = wanted ? kernels.convolutionInputGradient(layer, inputShape, kernel, gradient) : undefined;
    gradient.dispose();
    return [inputGradient];
  }
  const saved = [convolved, ...normalised.reserved];
  const remakeOutput = (): Tensor => activated(normalised.remakeOutput());
  const isLarge = bytesOf(output) >= context.remadeFromBytes;
  return {
    output,
    tape: {
      keepsInput: learnsKernel,
      keepsOutput: activation !== undefined,
      saved,
      backward,
      ...(isLarge ? { remakeOutput } : {}),
    },
  };
}

function bytesOf({ size }: Tensor): number {
  return size * Float32Array.BYTES_PER_ELEMENT;
}

/** A batch norm by the statistics of its batch; moves the running averages and leaves `input` to the caller. */
export function normaliseByBatch(context: PassContext, layer: BatchNormLayer, input: Tensor) {
  const { kernels, variables, addGradient } = context;
  const name = (role: string): string => `${layer.name}/${role}`;
  const gamma = variables.get(name('gamma'));
  function normalise(): BatchNormResult {
    const running = [variables.get(name('moving_mean')), variables.get(name('moving_variance'))] as const;
    return kernels.batchNorm(layer, [input, gamma, variables.get(name('beta')), ...running]);
  }
  const result = normalise();
  variables.replace(name('moving_mean'), result.runningMean);
  variables.replace(name('moving_variance'), result.runningVariance);
  /** Takes over the gradient of the output and gives that of the input. */
  function backward(gradient: Tensor): Tensor {
    const { inputGradient, gammaGradient, betaGradient } = kernels.batchNormGradient(
      layer,
      gradient,
      input,
      gamma,
      result.reserved,
    );
    gradient.dispose();
    addGradient(name('gamma'), gammaGradient);
    addGradient(name('beta'), betaGradient);
    return inputGradient;
  }
  /** The same output from the same input; the running averages stay. */
  function remakeOutput(): Tensor {
    const { output, runningMean, runningVariance, reserved } = normalise();
    for (const unused of [runningMean, runningVariance, ...reserved]) unused.dispose();
    return output;
  }
  return { output: result.output, reserved: result.reserved, backward, remakeOutput };
}

/** The gradient before the activation; frees the activation's output, which nothing needs after this. */
export function throughActivation(
  { kernels }: PassContext,
  { activation }: Pick<ConvolutionInstruction, 'activation'>,
  frame: BackwardFrame,
): Tensor {
  if (!activation || !frame.output) return frame.gradient;
  const before = kernels.reluGradient(activation.maxValue, frame.gradient, frame.output);
  frame.releaseOutput();
  return replaceTensor(frame.gradient, before);
}
