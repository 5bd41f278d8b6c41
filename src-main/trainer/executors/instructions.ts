import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { BatchNormLayer, DenseLayer, DropoutLayer, ReluLayer } from '../../network/layer.ts';
import type { Tensor } from '../tensorflow.ts';
import { normaliseByBatch, runConvolution, throughActivation } from './convolution.ts';
import { dropoutMask } from './dropout-mask.ts';
import { replaceTensor, type BackwardFrame, type ForwardResult, type PassContext } from './pass.ts';
import type { Instruction } from './program.ts';
import { runWeightless } from './weightless.ts';

/** Runs one instruction forward; `isOnTape` asks for what its backward pass needs. */
export function runInstruction(
  context: PassContext,
  instruction: Instruction,
  inputs: readonly Tensor[],
  isOnTape: boolean,
): ForwardResult {
  const [input] = inputs;
  if (!input) throw new Error(`No input for ${instruction.output}`);
  switch (instruction.kind) {
    case 'convolution':
      return runConvolution(context, instruction, input, isOnTape);
    case 'batch-norm':
      return runBatchNorm(context, instruction, input, isOnTape);
    case 'relu':
      return runRelu(context, instruction.layer, input, isOnTape);
    case 'add':
      return runAdd(context, inputs, isOnTape);
    case 'global-average-pooling':
      return runPooling(context, input, isOnTape);
    case 'dropout':
      return runDropout(context, instruction.layer, input, isOnTape);
    case 'dense':
      return runDense(context, instruction.layer, input, isOnTape);
    case 'weightless':
      return runWeightless(context, instruction.layer, inputs, isOnTape);
    default:
      return assertNever(instruction, 'instruction');
  }
}

interface NormInstruction {
  readonly layer: BatchNormLayer;
  readonly activation: ReluLayer | undefined;
}

/** A batch norm that no convolution feeds alone. */
function runBatchNorm(
  context: PassContext,
  instruction: NormInstruction,
  input: Tensor,
  isOnTape: boolean,
): ForwardResult {
  const { kernels, folded, trainable } = context;
  const { layer, activation } = instruction;
  const isByBatch = trainable.has(`${layer.name}/gamma`);
  const normalised = isByBatch ? normaliseByBatch(context, layer, input) : undefined;
  const { scale, shift } = folded.affine(layer);
  let output = normalised?.output;
  if (!output) {
    const multiplied = kernels.multiply(input, scale);
    output = replaceTensor(multiplied, kernels.add(multiplied, shift));
  }
  if (activation) output = replaceTensor(output, kernels.relu(activation.maxValue, output));
  if (!isOnTape) return { output };
  function backward(frame: BackwardFrame): readonly Tensor[] {
    const gradient = throughActivation(context, instruction, frame);
    if (normalised) return [normalised.backward(gradient)];
    return [replaceTensor(gradient, kernels.multiply(gradient, scale))];
  }
  const saved = normalised?.reserved ?? [];
  return { output, tape: { keepsInput: isByBatch, keepsOutput: activation !== undefined, saved, backward } };
}

function runRelu(context: PassContext, layer: ReluLayer, input: Tensor, isOnTape: boolean): ForwardResult {
  const output = context.kernels.relu(layer.maxValue, input);
  if (!isOnTape) return { output };
  const backward = (frame: BackwardFrame): readonly Tensor[] => [
    throughActivation(context, { activation: layer }, frame),
  ];
  return { output, tape: { keepsInput: false, keepsOutput: true, saved: [], backward } };
}

function runAdd({ kernels }: PassContext, inputs: readonly Tensor[], isOnTape: boolean): ForwardResult {
  const [first, second] = inputs;
  if (!first || !second) throw new Error('A sum needs two inputs');
  const output = kernels.add(first, second);
  if (!isOnTape) return { output };
  function backward({ gradient, wantsInputGradient }: BackwardFrame): readonly (Tensor | undefined)[] {
    const shares = wantsInputGradient.map((isWanted) => (isWanted ? gradient.clone() : undefined));
    gradient.dispose();
    return shares;
  }
  return { output, tape: { keepsInput: false, keepsOutput: false, saved: [], backward } };
}

function runPooling({ kernels, tensorFlow }: PassContext, input: Tensor, isOnTape: boolean): ForwardResult {
  const output = kernels.meanOverPixels(input);
  if (!isOnTape) return { output };
  const [count = 1, height = 1, width = 1, channels = 1] = input.shape;
  function backward({ gradient }: BackwardFrame): readonly Tensor[] {
    const share = tensorFlow.tf.tidy(() => gradient.div(height * width).reshape([count, 1, 1, channels]));
    gradient.dispose();
    return [replaceTensor(share, kernels.broadcast(share, [count, height, width, channels]))];
  }
  return { output, tape: { keepsInput: false, keepsOutput: false, saved: [], backward } };
}

function runDropout(
  { kernels, tensorFlow, dropoutSeed }: PassContext,
  layer: DropoutLayer,
  input: Tensor,
  isOnTape: boolean,
): ForwardResult {
  if (dropoutSeed === undefined || layer.rate === 0) {
    const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [gradient];
    const tape = { keepsInput: false, keepsOutput: false, saved: [], backward };
    return isOnTape ? { output: input.clone(), tape } : { output: input.clone() };
  }
  const values = dropoutMask(layer, dropoutSeed, input.size);
  const mask = tensorFlow.tf.tensor(values, input.shape, 'float32');
  const output = kernels.multiply(input, mask);
  if (!isOnTape) {
    mask.dispose();
    return { output };
  }
  const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [
    replaceTensor(gradient, kernels.multiply(gradient, mask)),
  ];
  return { output, tape: { keepsInput: false, keepsOutput: false, saved: [mask], backward } };
}

function runDense(context: PassContext, layer: DenseLayer, input: Tensor, isOnTape: boolean): ForwardResult {
  const { kernels, variables, trainable, wantsLogits, addGradient } = context;
  const [kernelName, biasName] = [`${layer.name}/kernel`, `${layer.name}/bias`];
  const kernel = variables.get(kernelName);
  let output = kernels.matrixProduct(input, kernel);
  if (layer.hasBias) output = replaceTensor(output, kernels.addBias(output, variables.get(biasName)));
  if (layer.activation === 'softmax' && !wantsLogits) output = replaceTensor(output, kernels.softmax(output));
  if (!isOnTape) return { output };
  const learnsKernel = trainable.has(kernelName);
  function backward({ gradient, input: kept, wantsInputGradient }: BackwardFrame): readonly (Tensor | undefined)[] {
    if (trainable.has(biasName)) addGradient(biasName, kernels.biasGradient(gradient));
    if (learnsKernel && kept) addGradient(kernelName, kernels.matrixProduct(kept, gradient, { a: true }));
    const inputGradient =
      wantsInputGradient[0] === true ? kernels.matrixProduct(gradient, kernel, { b: true }) : undefined;
    gradient.dispose();
    return [inputGradient];
  }
  return { output, tape: { keepsInput: learnsKernel, keepsOutput: false, saved: [], backward } };
}
