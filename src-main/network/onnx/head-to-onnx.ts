import type { ClassProbabilities } from '../classifier.ts';
import { encodeOnnxModel, type OnnxNode, type OnnxPort } from './onnx-model.ts';

/** What goes into and comes out of the models of a head: a dense layer and a softmax or sigmoid, whose weights are inputs, because they learn. */
export const headPorts = {
  features: 'features',
  kernel: 'kernel',
  bias: 'bias',
  targets: 'targets',
  /** Of a sigmoid: what each target counts. */
  weights: 'weights',
  shares: 'shares',
  probabilities: 'probabilities',
  logits: 'logits',
  logProbabilities: 'log-probabilities',
  logitGradient: 'logit-gradient',
  kernelGradient: 'kernel-gradient',
} as const;

export interface HeadSize {
  readonly featureCount: number;
  readonly classCount: number;
  /** A softmax when left out. */
  readonly kind?: ClassProbabilities;
}

/** features · kernel + bias → probabilities. */
export function headInferenceModel(size: HeadSize): Uint8Array {
  const ports = portsOf(size);
  return encodeOnnxModel({
    name: 'head',
    nodes: [...logitNodes, probabilityNode(size)],
    constants: [],
    inputs: [ports.features, ports.kernel, ports.bias],
    outputs: [ports.probabilities],
  });
}

/** One batch forward and backward. */
export function headTrainingModel(size: HeadSize): Uint8Array {
  return size.kind === 'sigmoid' ? sigmoidTrainingModel(size) : softmaxTrainingModel(size);
}

/**
 * With softmax and cross-entropy d loss / d logits = (probabilities − targets) · share of the image in
 * the mean, and d loss / d kernel = featuresᵀ · d loss / d logits.
 */
function softmaxTrainingModel(size: HeadSize): Uint8Array {
  const ports = portsOf(size);
  const { features, targets, shares, probabilities, logProbabilities, logitGradient, kernelGradient } = headPorts;
  const nodes: readonly OnnxNode[] = [
    ...logitNodes,
    probabilityNode(size),
    { operator: 'LogSoftmax', inputs: [headPorts.logits], output: logProbabilities, attributes },
    { operator: 'Sub', inputs: [probabilities, targets], output: 'errors' },
    { operator: 'Mul', inputs: ['errors', shares], output: logitGradient },
    { operator: 'Gemm', inputs: [features, logitGradient], output: kernelGradient, attributes: { transA: 1 } },
  ];
  return encodeOnnxModel({
    name: 'head-training',
    nodes,
    constants: [],
    inputs: [ports.features, ports.kernel, ports.bias, ports.targets, ports.shares],
    outputs: [ports.probabilities, ports.logProbabilities, ports.logitGradient, ports.kernelGradient],
  });
}

/**
 * With sigmoid and binary cross-entropy d loss / d logits = (weights · probabilities − targets) · share, where `weights` are 1 + (p − 1) · t
 * and `targets` p · t, for targets t and weights p of the classes that are there.
 */
function sigmoidTrainingModel(size: HeadSize): Uint8Array {
  const ports = portsOf(size);
  const { features, targets, weights, shares, probabilities, logitGradient, kernelGradient } = headPorts;
  const nodes: readonly OnnxNode[] = [
    ...logitNodes,
    probabilityNode(size),
    { operator: 'Mul', inputs: [probabilities, weights], output: 'weighted' },
    { operator: 'Sub', inputs: ['weighted', targets], output: 'errors' },
    { operator: 'Mul', inputs: ['errors', shares], output: logitGradient },
    { operator: 'Gemm', inputs: [features, logitGradient], output: kernelGradient, attributes: { transA: 1 } },
  ];
  return encodeOnnxModel({
    name: 'head-training',
    nodes,
    constants: [],
    inputs: [ports.features, ports.kernel, ports.bias, ports.targets, ports.weights, ports.shares],
    outputs: [ports.probabilities, ports.logits, ports.logitGradient, ports.kernelGradient],
  });
}

function probabilityNode({ kind }: HeadSize): OnnxNode {
  const ends = { inputs: [headPorts.logits], output: headPorts.probabilities };
  return kind === 'sigmoid' ? { operator: 'Sigmoid', ...ends } : { operator: 'Softmax', ...ends, attributes };
}

const attributes = { axis: 1 };
const logitNodes: readonly OnnxNode[] = [
  { operator: 'Gemm', inputs: [headPorts.features, headPorts.kernel, headPorts.bias], output: headPorts.logits },
];

function portsOf({ featureCount, classCount }: HeadSize): Readonly<Record<keyof typeof headPorts, OnnxPort>> {
  const perClass = ['batch', classCount] as const;
  return {
    features: { name: headPorts.features, shape: ['batch', featureCount] },
    kernel: { name: headPorts.kernel, shape: [featureCount, classCount] },
    bias: { name: headPorts.bias, shape: [classCount] },
    targets: { name: headPorts.targets, shape: perClass },
    weights: { name: headPorts.weights, shape: perClass },
    shares: { name: headPorts.shares, shape: ['batch', 1] },
    probabilities: { name: headPorts.probabilities, shape: perClass },
    logits: { name: headPorts.logits, shape: perClass },
    logProbabilities: { name: headPorts.logProbabilities, shape: perClass },
    logitGradient: { name: headPorts.logitGradient, shape: perClass },
    kernelGradient: { name: headPorts.kernelGradient, shape: [featureCount, classCount] },
  };
}
