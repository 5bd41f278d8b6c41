/** The name of a layer, unique in its network; also the prefix of its weights' names. */
export type LayerName = string;

/** TensorFlow's two paddings. With 'same' the odd row or column of zeros goes to the bottom and right. */
export type Padding = 'same' | 'valid';

/** Height and width of a kernel or a stride, in pixels. */
export type Extent = readonly [height: number, width: number];

interface LayerBase {
  readonly name: LayerName;
  /** Names of the layers whose outputs come in. */
  readonly inputs: readonly LayerName[];
}

/** Where batches enter; `shape` is without the batch, channels last: [height, width, channels] or [channels]. */
export interface InputLayer extends LayerBase {
  readonly kind: 'input';
  readonly shape: readonly number[];
}

/** Convolution over channels-last images; kernel [height, width, in, out]. */
export interface ConvLayer extends LayerBase {
  readonly kind: 'conv';
  readonly filters: number;
  readonly kernelSize: Extent;
  readonly strides: Extent;
  readonly padding: Padding;
  readonly hasBias: boolean;
}

/** One filter per input channel; kernel [height, width, channels, 1]. */
export interface DepthwiseConvLayer extends LayerBase {
  readonly kind: 'depthwise-conv';
  readonly kernelSize: Extent;
  readonly strides: Extent;
  readonly padding: Padding;
  readonly hasBias: boolean;
}

/** Batch normalisation over the last axis. `momentum` is Keras's: the share of the running average that is kept. */
export interface BatchNormLayer extends LayerBase {
  readonly kind: 'batch-norm';
  readonly epsilon: number;
  readonly momentum: number;
}

/** max(0, x), cut off at 6 where `maxValue` is 6. */
export interface ReluLayer extends LayerBase {
  readonly kind: 'relu';
  readonly maxValue: 6 | null;
}

/** The functions that are not made of other layers; swish is x · sigmoid(x). */
export type ActivationFunction = 'sigmoid' | 'swish' | 'tanh';

/** A function of each value on its own. */
export interface ActivationLayer extends LayerBase {
  readonly kind: 'activation';
  readonly function: ActivationFunction;
}

/** The sum of two equal shapes. */
export interface AddLayer extends LayerBase {
  readonly kind: 'add';
}

/** The product of two inputs: of equal shapes, or one of them [1, 1, channels] and used for every pixel. */
export interface MultiplyLayer extends LayerBase {
  readonly kind: 'multiply';
}

/** Inputs one after another along the channels. */
export interface ConcatenateLayer extends LayerBase {
  readonly kind: 'concatenate';
}

/** The largest or the mean value of a window; what 'same' adds around the image counts in neither. */
export interface PoolingLayer extends LayerBase {
  readonly kind: 'max-pooling' | 'average-pooling';
  readonly kernelSize: Extent;
  readonly strides: Extent;
  readonly padding: Padding;
}

/** Rows and columns of zeros around an image. */
export interface ZeroPaddingLayer extends LayerBase {
  readonly kind: 'zero-padding';
  readonly margins: readonly [
    rows: readonly [top: number, bottom: number],
    columns: readonly [left: number, right: number],
  ];
}

/** The same values as a vector [channels] or as an image of one pixel [1, 1, channels]. */
export interface ReshapeLayer extends LayerBase {
  readonly kind: 'reshape';
  readonly to: 'vector' | 'pixel';
}

/** x · scale + offset. */
export interface RescalingLayer extends LayerBase {
  readonly kind: 'rescaling';
  readonly scale: number;
  readonly offset: number;
}

/** The mean over height and width: [height, width, channels] → [channels]. */
export interface GlobalAveragePoolingLayer extends LayerBase {
  readonly kind: 'global-average-pooling';
}

/** Sets a share `rate` of the values to zero in training and scales up the others; passes everything in evaluation. */
export interface DropoutLayer extends LayerBase {
  readonly kind: 'dropout';
  readonly rate: number;
}

/** x · kernel + bias over vectors; kernel [in, units]. */
export interface DenseLayer extends LayerBase {
  readonly kind: 'dense';
  readonly units: number;
  readonly hasBias: boolean;
  readonly activation: 'linear' | 'softmax';
}

/** One node of a network. */
export type Layer =
  | InputLayer
  | ConvLayer
  | DepthwiseConvLayer
  | BatchNormLayer
  | ReluLayer
  | ActivationLayer
  | AddLayer
  | MultiplyLayer
  | ConcatenateLayer
  | PoolingLayer
  | ZeroPaddingLayer
  | ReshapeLayer
  | RescalingLayer
  | GlobalAveragePoolingLayer
  | DropoutLayer
  | DenseLayer;
