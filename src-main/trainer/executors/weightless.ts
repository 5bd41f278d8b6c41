import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import type { ActivationLayer, PoolingLayer, RescalingLayer, ZeroPaddingLayer } from '../../network/layer.ts';
import type { Tensor } from '../tensorflow.ts';
import { replaceTensor, type Backward, type BackwardFrame, type ForwardResult, type PassContext } from './pass.ts';
import type { WeightlessLayer } from './program.ts';

/** Runs a layer without weights; `isOnTape` asks for what its backward pass needs. */
export function runWeightless(
  context: PassContext,
  layer: WeightlessLayer,
  inputs: readonly Tensor[],
  isOnTape: boolean,
): ForwardResult {
  const { output, tape } = runOne(context, layer, inputs);
  if (isOnTape) return { output, tape: { keepsInput: false, keepsOutput: false, saved: [], ...tape } };
  for (const tensor of tape.saved ?? []) tensor.dispose();
  return { output };
}

/** An output, and the way back: what it keeps, and how a gradient passes. */
interface Run {
  readonly output: Tensor;
  readonly tape: Partial<NonNullable<ForwardResult['tape']>> & { readonly backward: Backward };
}

function runOne(context: PassContext, layer: WeightlessLayer, inputs: readonly Tensor[]): Run {
  const [input, other] = inputs;
  if (!input) throw new Error(`No input for ${layer.name}`);
  switch (layer.kind) {
    case 'activation':
      return layer.function === 'swish' ? runSwish(context, input) : runCurve(context, layer.function, input);
    case 'multiply':
      if (!other) throw new Error(`No second input for ${layer.name}`);
      return runMultiply(context, input, other);
    case 'concatenate':
      return runConcatenate(context, inputs);
    case 'max-pooling':
    case 'average-pooling':
      return runWindowPooling(context, layer, input);
    case 'zero-padding':
      return runZeroPadding(context, layer, input);
    case 'reshape': {
      const channels = input.shape.at(-1) ?? 0;
      const count = input.size / channels;
      return runReshape(input, layer.to === 'vector' ? [count, channels] : [count, 1, 1, channels]);
    }
    case 'rescaling':
      return runRescaling(context, layer, input);
    default:
      return assertNever(layer, 'layer');
  }
}

function runCurve({ kernels }: PassContext, name: Exclude<ActivationLayer['function'], 'swish'>, input: Tensor): Run {
  const output = name === 'sigmoid' ? kernels.sigmoid(input) : kernels.tanh(input);
  function backward(frame: BackwardFrame): readonly Tensor[] {
    if (!frame.output) throw new Error('A curve keeps its output');
    const curve = name === 'sigmoid' ? 'Sigmoid' : 'Tanh';
    return [replaceTensor(frame.gradient, kernels.curveGradient(curve, frame.output, frame.gradient))];
  }
  return { output, tape: { keepsOutput: true, backward } };
}

/** s = sigmoid(x) is computed again on the way back, because keeping it would cost as much memory as the input. */
function runSwish({ kernels }: PassContext, input: Tensor): Run {
  const gate = kernels.sigmoid(input);
  const output = replaceTensor(gate, kernels.multiply(input, gate));
  function backward({ input: kept, gradient }: BackwardFrame): readonly Tensor[] {
    if (!kept) throw new Error('Swish keeps its input');
    const again = kernels.sigmoid(kept);
    // d(x · s) = s · g + x · s′ · g
    const slope = kernels.curveGradient('Sigmoid', again, gradient);
    const throughGate = replaceTensor(slope, kernels.multiply(kept, slope));
    const direct = replaceTensor(again, kernels.multiply(again, gradient));
    gradient.dispose();
    const sum = kernels.add(direct, throughGate);
    direct.dispose();
    throughGate.dispose();
    return [sum];
  }
  return { output, tape: { keepsInput: true, backward } };
}

function runMultiply({ kernels }: PassContext, first: Tensor, second: Tensor): Run {
  // Clones share the numbers: nothing is copied.
  const saved = [first.clone(), second.clone()] as const;
  function backward({ gradient, wantsInputGradient }: BackwardFrame): readonly (Tensor | undefined)[] {
    const shares = saved.map((own, index) => {
      const factor = saved[1 - index];
      if (wantsInputGradient[index] !== true || !factor) return undefined;
      const whole = kernels.multiply(gradient, factor);
      const isUsedForEveryPixel = own.size < whole.size;
      return isUsedForEveryPixel ? replaceTensor(whole, kernels.sumOverPixels(whole)) : whole;
    });
    gradient.dispose();
    return shares;
  }
  return { output: kernels.multiply(first, second), tape: { saved, backward } };
}

function runConcatenate({ tensorFlow }: PassContext, inputs: readonly Tensor[]): Run {
  const { tf } = tensorFlow;
  const shapes = inputs.map(({ shape }) => shape);
  function backward({ gradient, wantsInputGradient }: BackwardFrame): readonly (Tensor | undefined)[] {
    let start = 0;
    const shares = shapes.map((shape, index) => {
      const from = shape.map((_, axis) => (axis === shape.length - 1 ? start : 0));
      start += shape.at(-1) ?? 0;
      return wantsInputGradient[index] === true ? tf.slice(gradient, from, shape) : undefined;
    });
    gradient.dispose();
    return shares;
  }
  return { output: tf.concat([...inputs], -1), tape: { backward } };
}

function runWindowPooling({ kernels }: PassContext, layer: PoolingLayer, input: Tensor): Run {
  const output = kernels.pooling(layer, input);
  const inputShape = input.shape;
  if (layer.kind === 'average-pooling') {
    const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [
      replaceTensor(gradient, kernels.averagePoolingGradient(layer, inputShape, gradient)),
    ];
    return { output, tape: { backward } };
  }
  function backward(frame: BackwardFrame): readonly Tensor[] {
    if (!frame.input || !frame.output) throw new Error(`${layer.name} keeps its input and output`);
    const before = kernels.maxPoolingGradient(layer, frame.input, frame.output, frame.gradient);
    return [replaceTensor(frame.gradient, before)];
  }
  return { output, tape: { keepsInput: true, keepsOutput: true, backward } };
}

function runZeroPadding({ tensorFlow }: PassContext, layer: ZeroPaddingLayer, input: Tensor): Run {
  const { tf } = tensorFlow;
  const inputShape = input.shape;
  const [[top, bottom], [left, right]] = layer.margins;
  const around: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [
    replaceTensor(gradient, tf.slice(gradient, [0, top, left, 0], inputShape)),
  ];
  return { output: tf.pad(input, around), tape: { backward } };
}

function runReshape(input: Tensor, shape: number[]): Run {
  const inputShape = input.shape;
  const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [
    replaceTensor(gradient, gradient.reshape(inputShape)),
  ];
  return { output: input.reshape(shape), tape: { backward } };
}

function runRescaling({ tensorFlow }: PassContext, { scale, offset }: RescalingLayer, input: Tensor): Run {
  const { tf } = tensorFlow;
  const backward = ({ gradient }: BackwardFrame): readonly Tensor[] => [
    replaceTensor(
      gradient,
      tf.tidy(() => gradient.mul(scale)),
    ),
  ];
  return { output: tf.tidy(() => input.mul(scale).add(offset)), tape: { backward } };
}
