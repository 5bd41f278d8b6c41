import { encodeOnnxModel, type OnnxNode, type OnnxPort } from './onnx-model.ts';

/** What goes into and comes out of the models of a head: a dense softmax layer whose weights are inputs, because they learn. */
export const headPorts = {
  features: 'features',
  kernel: 'kernel',
  bias: 'bias',
  targets: 'targets',
  shares: 'shares',
  probabilities: 'probabilities',
  logProbabilities: 'log-probabilities',
  logitGradient: 'logit-gradient',
  kernelGradient: 'kernel-gradient',
} as const;

export interface HeadSize {
  readonly featureCount: number;
  readonly classCount: number;
}

/** features · kernel + bias → probabilities. */
export function headInferenceModel(size: HeadSize): Uint8Array {
  const ports = portsOf(size);
  return encodeOnnxModel({
    name: 'head',
    nodes: [...logitNodes, { operator: 'Softmax', inputs: ['logits'], output: headPorts.probabilities, attributes }],
    constants: [],
    inputs: [ports.features, ports.kernel, ports.bias],
    outputs: [ports.probabilities],
  });
}

/**
 * One batch forward and backward: with softmax and cross-entropy d loss / d logits = (probabilities − targets) · share of the image in
 * the mean, and d loss / d kernel = featuresᵀ · d loss / d logits.
 */
export function headTrainingModel(size: HeadSize): Uint8Array {
  const ports = portsOf(size);
  const { features, targets, shares, probabilities, logProbabilities, logitGradient, kernelGradient } = headPorts;
  const nodes: readonly OnnxNode[] = [
    ...logitNodes,
    { operator: 'Softmax', inputs: ['logits'], output: probabilities, attributes },
    { operator: 'LogSoftmax', inputs: ['logits'], output: logProbabilities, attributes },
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

const attributes = { axis: 1 };
const logitNodes: readonly OnnxNode[] = [
  { operator: 'Gemm', inputs: [headPorts.features, headPorts.kernel, headPorts.bias], output: 'logits' },
];

function portsOf({ featureCount, classCount }: HeadSize): Readonly<Record<keyof typeof headPorts, OnnxPort>> {
  const perClass = ['batch', classCount] as const;
  return {
    features: { name: headPorts.features, shape: ['batch', featureCount] },
    kernel: { name: headPorts.kernel, shape: [featureCount, classCount] },
    bias: { name: headPorts.bias, shape: [classCount] },
    targets: { name: headPorts.targets, shape: perClass },
    shares: { name: headPorts.shares, shape: ['batch', 1] },
    probabilities: { name: headPorts.probabilities, shape: perClass },
    logProbabilities: { name: headPorts.logProbabilities, shape: perClass },
    logitGradient: { name: headPorts.logitGradient, shape: perClass },
    kernelGradient: { name: headPorts.kernelGradient, shape: [featureCount, classCount] },
  };
}
