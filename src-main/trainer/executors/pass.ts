import type { WeightName } from '../../network/weights.ts';
import type { Tensor, TensorFlow } from '../tensorflow.ts';
import type { Variables } from '../variables.ts';
import type { FoldedWeights } from './folded-weights.ts';
import type { NativeKernels } from './native-kernels.ts';

/** What the instructions of one forward pass work with. */
export interface PassContext {
  readonly tensorFlow: TensorFlow;
  readonly kernels: NativeKernels;
  readonly variables: Variables;
  readonly folded: FoldedWeights;
  /** Weights that learn in this pass; empty in evaluation. */
  readonly trainable: ReadonlySet<WeightName>;
  /** Seed of the dropout masks; undefined in evaluation, where nothing is dropped. */
  readonly dropoutSeed: string | undefined;
  /** Activations of at least so many bytes are made anew for the way back where that is cheap. */
  readonly remadeFromBytes: number;
  /** True where the last layer gives logits for the loss instead of probabilities. */
  readonly wantsLogits: boolean;
  /** Takes over the gradient of a weight. */
  readonly addGradient: (name: WeightName, gradient: Tensor) => void;
}

/** What an instruction's backward pass gets. It takes over `gradient`; the other tensors belong to the caller. */
export interface BackwardFrame {
  readonly gradient: Tensor;
  /** The first input, where the instruction asked to keep it. */
  readonly input: Tensor | undefined;
  /** The output, where the instruction asked to keep it. */
  readonly output: Tensor | undefined;
  /** Frees the output as soon as it is not needed any more: the largest arrays of a network are alive here. */
  readonly releaseOutput: () => void;
  /** For each input whether something before it learns. */
  readonly wantsInputGradient: readonly boolean[];
}

/** Computes the gradients of an instruction's weights, and of those inputs that are wanted. */
export type Backward = (frame: BackwardFrame) => readonly (Tensor | undefined)[];

/** What an instruction gives in the forward pass. */
export interface ForwardResult {
  readonly output: Tensor;
  /** Set when the instruction lies on the way of gradients. */
  readonly tape?: {
    readonly keepsInput: boolean;
    readonly keepsOutput: boolean;
    /** Tensors that only the backward pass needs; freed afterwards whatever happens. */
    readonly saved: readonly Tensor[];
    readonly backward: Backward;
    /** Makes the output anew, to the bit, from what is saved: then it need not be held between its uses forward and backward. */
    readonly remakeOutput?: () => Tensor;
  };
}

/** Frees one tensor and gives the other, for a value that goes through several operations. */
export function replaceTensor(previous: Tensor, next: Tensor): Tensor {
  previous.dispose();
  return next;
}
