import { classifierOf, type ClassProbabilities } from '../../network/classifier.ts';
import type { LayerName } from '../../network/layer.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import type { Network } from '../../network/network.ts';
import { checkWeights, weightSpecs } from '../../network/parameters.ts';
import { layerShapes } from '../../network/shapes.ts';
import type { NetworkWeights, WeightName } from '../../network/weights.ts';
import type { NativeTensorFlow, Tensor } from '../tensorflow.ts';
import { Variables } from '../variables.ts';
import { assertActivations } from './assert-activations.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import type {
  Activations,
  InferRequest,
  TrainingBatch,
  TrainingExecutor,
  TrainingPlan,
  TrainingStep,
} from './executor.ts';
import { FoldedWeights } from './folded-weights.ts';
import { NativeKernels } from './native-kernels.ts';
import type { PassContext } from './pass.ts';
import { compileProgram, type Instruction } from './program.ts';
import { runForward, type PlannedInstruction } from './run-program.ts';

interface PlannedTraining {
  readonly plan: TrainingPlan;
  readonly probabilities: ClassProbabilities;
  readonly program: readonly PlannedInstruction[];
}

/**
 * Activations of this size and above are normalised anew on the way back instead of being held. A step with a trained batch norm then takes a
 * fifth less memory and no more time: the few arrays above it are a third of all bytes.
 */
const defaultRemadeFromBytes = 20e6;

/** Runs a network on TensorFlow's native kernels and their native gradients. */
export function createTensorFlowExecutor(
  tensorFlow: NativeTensorFlow,
  model: WeightedNetwork,
  { remadeFromBytes = defaultRemadeFromBytes }: { readonly remadeFromBytes?: number } = {},
): TrainingExecutor {
  return new TensorFlowExecutor(tensorFlow, model, remadeFromBytes);
}

interface BatchLoss {
  readonly loss: number;
  readonly probabilities: Float32Array;
  /** With respect to the logits. */
  readonly gradient: Tensor;
}

class TensorFlowExecutor implements TrainingExecutor {
  readonly network: Network;
  readonly variables: Variables;
  readonly #tensorFlow: NativeTensorFlow;
  readonly #kernels: NativeKernels;
  readonly #folded: FoldedWeights;
  readonly #shapes: ReadonlyMap<LayerName, readonly number[]>;
  readonly #remadeFromBytes: number;
  readonly #evaluationPrograms = new Map<string, readonly PlannedInstruction[]>();
  #training: PlannedTraining | undefined;

  constructor(tensorFlow: NativeTensorFlow, { network, weights }: WeightedNetwork, remadeFromBytes: number) {
    checkWeights(network, weights);
    this.network = network;
    this.variables = new Variables(tensorFlow, weights);
    this.#tensorFlow = tensorFlow;
    this.#kernels = new NativeKernels(tensorFlow);
    this.#folded = new FoldedWeights(tensorFlow, this.variables);
    this.#shapes = layerShapes(network);
    this.#remadeFromBytes = remadeFromBytes;
  }

  async infer(request: InferRequest): Promise<Float32Array> {
    const program = this.#evaluationProgram(request.from, request.to);
    const context = this.#context({
      trainable: new Set(),
      dropoutSeed: undefined,
      wantsLogits: false,
      addGradient: dropGradient,
    });
    const pass = runForward(context, program, request.from, this.#toTensor(request.from, request));
    try {
      return readFloats(pass.output);
    } finally {
      pass.dispose();
    }
  }

  beginTraining(plan: TrainingPlan): void {
    this.#checkPlan(plan);
    const { dense, probabilities } = classifierOf(this.network);
    const instructions = compileProgram(this.network, plan.from, dense.name);
    this.#training = { plan, probabilities, program: planGradients(instructions, plan.trainable) };
  }

  async computeGradients(batch: TrainingBatch): Promise<TrainingStep> {
    if (!this.#training) throw new Error('beginTraining comes before computeGradients');
    const { plan, probabilities: kind, program } = this.#training;
    const gradients = new Map<WeightName, Tensor>();
    const addGradient = (name: WeightName, gradient: Tensor): void => void gradients.set(name, gradient);
    const context = this.#context({
      trainable: plan.trainable,
      dropoutSeed: String(batch.seed),
      wantsLogits: true,
      addGradient,
    });
    const pass = runForward(context, program, plan.from, this.#toTensor(plan.from, batch));
    try {
      const { loss, probabilities, gradient } =
        kind === 'softmax' ? this.#softmaxLoss(pass.output, batch) : this.#sigmoidLoss(pass.output, batch);
      pass.backward(gradient);
      return { loss, probabilities, gradients, dispose: () => disposeAll(gradients.values()) };
    } catch (error) {
      disposeAll(gradients.values());
      throw error;
    } finally {
      pass.dispose();
    }
  }

  readWeights(): NetworkWeights {
    return this.variables.read();
  }

  writeWeights(weights: NetworkWeights): void {
    this.variables.write(weights);
  }

  dispose(): void {
    this.#folded.dispose();
    this.#kernels.dispose();
    this.variables.dispose();
  }

  #evaluationProgram(from: LayerName, to: LayerName): readonly PlannedInstruction[] {
    const key = JSON.stringify([from, to]);
    const known = this.#evaluationPrograms.get(key);
    if (known) return known;
    const made = planGradients(compileProgram(this.network, from, to), new Set());
    this.#evaluationPrograms.set(key, made);
    return made;
  }

  #context(settings: Pick<PassContext, 'trainable' | 'dropoutSeed' | 'wantsLogits' | 'addGradient'>): PassContext {
    return {
      tensorFlow: this.#tensorFlow,
      kernels: this.#kernels,
      variables: this.variables,
      folded: this.#folded,
      remadeFromBytes: this.#remadeFromBytes,
      ...settings,
    };
  }

  #toTensor(point: LayerName, activations: Activations): Tensor {
    const { count, values } = activations;
    const shape = this.#shapes.get(point);
    if (!shape) throw new Error(`No layer ${point} in ${this.network.name}`);
    assertActivations(activations, point, shape);
    return this.#tensorFlow.tf.tensor(values, [count, ...shape], 'float32');
  }

  /** Cross-entropy of softmax(logits), its gradient with respect to the logits, and the probabilities. */
  #softmaxLoss(logits: Tensor, batch: TrainingBatch): BatchLoss {
    const { tf } = this.#tensorFlow;
    const { count } = batch;
    const sampleWeights = batch.sampleWeights ?? new Float32Array(count).fill(1);
    const total = batch.weightTotal ?? sampleWeights.reduce((sum, weight) => sum + weight, 0);
    const targets = tf.tensor(batch.targets, logits.shape, 'float32');
    const result = this.#kernels.softmaxCrossEntropy(logits, targets);
    const shares = tf.tensor(
      sampleWeights.map((weight) => weight / total),
      [count, 1],
      'float32',
    );
    const gradient = this.#kernels.multiply(result.gradient, shares);
    const softmax = this.#kernels.softmax(logits);
    const loss = readFloats(result.losses).reduce(
      (sum, value, index) => sum + (value * (sampleWeights[index] ?? 0)) / total,
      0,
    );
    const probabilities = readFloats(softmax);
    disposeAll([targets, result.losses, result.gradient, shares, softmax]);
    return { loss, probabilities, gradient };
  }

  /** A few thousand numbers a batch: not worth a way through the kernels. */
  #sigmoidLoss(logits: Tensor, batch: TrainingBatch): BatchLoss {
    const { loss, probabilities, gradient } = binaryCrossEntropy(readFloats(logits), batch);
    return { loss, probabilities, gradient: this.#tensorFlow.tf.tensor(gradient, logits.shape, 'float32') };
  }

  #checkPlan({ from, trainable, batchNorm }: TrainingPlan): void {
    const { dense } = classifierOf(this.network);
    const reached = new Set(
      compileProgram(this.network, from, dense.name).flatMap((instruction) => weightsOf(instruction)),
    );
    const specs = new Map(weightSpecs(this.network).map((spec) => [spec.name, spec]));
    for (const name of trainable) {
      const spec = specs.get(name);
      const isFrozenNorm = batchNorm === 'frozen' && (spec?.role === 'gamma' || spec?.role === 'beta');
      if (!spec?.isLearnable || isFrozenNorm || !reached.has(name))
        throw new Error(`${name} cannot learn in this plan`);
      const partner = spec.role === 'gamma' ? 'beta' : 'gamma';
      const isNorm = spec.role === 'gamma' || spec.role === 'beta';
      if (isNorm && !trainable.has(`${spec.layer}/${partner}`))
        throw new Error(`gamma and beta of ${spec.layer} learn together`);
    }
  }
}

/** Marks the instructions that gradients pass through: those with weights that learn, and all that depend on one. */
function planGradients(
  instructions: readonly Instruction[],
  trainable: ReadonlySet<WeightName>,
): readonly PlannedInstruction[] {
  const carriers = new Set<LayerName>();
  return instructions.map((instruction) => {
    const wantsInputGradient = instruction.inputs.map((name) => carriers.has(name));
    const learns = weightsOf(instruction).some((name) => trainable.has(name));
    const isOnTape = learns || wantsInputGradient.includes(true);
    if (isOnTape) carriers.add(instruction.output);
    return { instruction, isOnTape, wantsInputGradient };
  });
}

/** Names of the learnable weights that an instruction may use. */
function weightsOf(instruction: Instruction): readonly WeightName[] {
  switch (instruction.kind) {
    case 'convolution': {
      const { layer, batchNorm } = instruction;
      const own = ['kernel', 'depthwise_kernel', 'bias'].map((role) => `${layer.name}/${role}`);
      return batchNorm ? [...own, `${batchNorm.name}/gamma`, `${batchNorm.name}/beta`] : own;
    }
    case 'batch-norm':
      return [`${instruction.layer.name}/gamma`, `${instruction.layer.name}/beta`];
    case 'dense':
      return [`${instruction.layer.name}/kernel`, `${instruction.layer.name}/bias`];
    case 'relu':
    case 'add':
    case 'global-average-pooling':
    case 'dropout':
    case 'weightless':
      return [];
  }
}

function readFloats(tensor: Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

function dropGradient(_name: WeightName, gradient: Tensor): void {
  gradient.dispose();
}

function disposeAll(tensors: Iterable<Tensor>): void {
  for (const tensor of tensors) tensor.dispose();
}
