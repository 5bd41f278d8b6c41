import type { InferenceSession } from 'onnxruntime-node';
import { featuresLayerName } from '../../network/attach-head.ts';
import { classifierOf, type ClassProbabilities } from '../../network/classifier.ts';
import type { DenseLayer, DropoutLayer } from '../../network/layer.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import { outputLayer, type Network } from '../../network/network.ts';
import { headInferenceModel, headPorts, headTrainingModel } from '../../network/onnx/head-to-onnx.ts';
import { shapeAt } from '../../network/shapes.ts';
import { layersBetween } from '../../network/split.ts';
import { getWeight, type NetworkWeights, type WeightName } from '../../network/weights.ts';
import type { OnnxRuntime } from '../onnx-runtime.ts';
import type { TensorFlow } from '../tensorflow.ts';
import { Variables } from '../variables.ts';
import { assertActivations } from './assert-activations.ts';
import { dropoutMask } from './dropout-mask.ts';
import { sigmoidLoss, softmaxLoss } from './head-loss.ts';
import type {
  InferenceExecutor,
  InferRequest,
  TrainingBatch,
  TrainingExecutor,
  TrainingPlan,
  TrainingStep,
} from './executor.ts';

/** What a head is trained with. */
export interface HeadEngines {
  readonly onnx: OnnxRuntime;
  /** Holds the weights that learn, for the optimizer; no part of TensorFlow's own library is needed. */
  readonly tensorFlow: TensorFlow;
  /** Runs the layers before the head; the caller's, and still open after `dispose`. */
  readonly frozen: InferenceExecutor;
}

/** Trains the head of a network on its frozen features, without TensorFlow's library: the products are ONNX Runtime's. */
export async function createOnnxHeadExecutor(model: WeightedNetwork, engines: HeadEngines): Promise<TrainingExecutor> {
  const { dense: head, probabilities: kind } = classifierOf(model.network);
  if (!head.hasBias) throw new Error(`Expected ${model.network.name} to end in a dense layer with a bias`);
  const size = { featureCount: shapeAt(model.network, featuresLayerName)[0] ?? 0, classCount: head.units, kind };
  const { InferenceSession: Session } = engines.onnx.ort;
  const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
  const [training, inference] = await Promise.all([
    Session.create(headTrainingModel(size), options),
    Session.create(headInferenceModel(size), options),
  ]);
  return new OnnxHeadExecutor(model, engines, { head, ...size, training, inference });
}

interface HeadSessions {
  readonly head: DenseLayer;
  readonly featureCount: number;
  readonly classCount: number;
  readonly kind: ClassProbabilities;
  readonly training: InferenceSession;
  readonly inference: InferenceSession;
}

class OnnxHeadExecutor implements TrainingExecutor {
  readonly network: Network;
  readonly variables: Variables;
  readonly #model: WeightedNetwork;
  readonly #engines: HeadEngines;
  readonly #sessions: HeadSessions;
  readonly #names: { readonly kernel: WeightName; readonly bias: WeightName };
  readonly #dropouts: readonly DropoutLayer[];
  #plan: TrainingPlan | undefined;

  constructor(model: WeightedNetwork, engines: HeadEngines, sessions: HeadSessions) {
    const { head } = sessions;
    this.network = model.network;
    this.#model = model;
    this.#engines = engines;
    this.#sessions = sessions;
    this.#names = { kernel: `${head.name}/kernel`, bias: `${head.name}/bias` };
    const own = [this.#names.kernel, this.#names.bias].map((name) => [name, getWeight(model.weights, name)] as const);
    this.variables = new Variables(engines.tensorFlow, new Map(own));
    const after = layersBetween(model.network, featuresLayerName, head.name);
    this.#dropouts = after.filter((layer) => layer.kind === 'dropout');
  }

  async infer(request: InferRequest): Promise<Float32Array> {
    const { inference } = this.#sessions;
    if (request.to !== outputLayer(this.network).name) return this.#engines.frozen.infer(request);
    const { from, count } = request;
    const values =
      from === featuresLayerName
        ? request.values
        : await this.#engines.frozen.infer({ ...request, to: featuresLayerName });
    return this.#run(inference, this.#featureFeeds(count, values)).then((read) => read(headPorts.probabilities));
  }

  beginTraining(plan: TrainingPlan): void {
    const other = [...plan.trainable].find((name) => !this.variables.has(name));
    if (other !== undefined || plan.from !== featuresLayerName) {
      throw new Error(`${other ?? `What comes after ${plan.from}`} cannot learn here: only the head on features does`);
    }
    this.#plan = plan;
  }

  async computeGradients(batch: TrainingBatch): Promise<TrainingStep> {
    if (!this.#plan) throw new Error('beginTraining comes before computeGradients');
    const { trainable } = this.#plan;
    const { featureCount, classCount, kind, training } = this.#sessions;
    const { tf } = this.#engines.tensorFlow;
    const { count } = batch;
    const loss = kind === 'softmax' ? softmaxLoss(batch) : sigmoidLoss(batch, classCount);
    const feeds: Record<string, InferenceSession.FeedsType[string]> = {
      ...this.#featureFeeds(count, this.#dropped(batch)),
      [headPorts.shares]: this.#tensor(loss.shares, [count, 1]),
    };
    for (const [port, values] of Object.entries(loss.perClass)) feeds[port] = this.#tensor(values, [count, classCount]);
    const read = await this.#run(training, feeds);
    const gradients = new Map(
      [
        [this.#names.kernel, read(headPorts.kernelGradient), [featureCount, classCount]] as const,
        [this.#names.bias, sumRows(read(headPorts.logitGradient), classCount), [classCount]] as const,
      ]
        .filter(([name]) => trainable.has(name))
        .map(([name, values, shape]) => [name, tf.tensor(values, [...shape], 'float32')]),
    );
    return {
      loss: loss.of(read),
      probabilities: read(headPorts.probabilities),
      gradients,
      dispose: () => gradients.forEach((gradient) => gradient.dispose()),
    };
  }

  readWeights(): NetworkWeights {
    return new Map([...this.#model.weights, ...this.variables.read()]);
  }

  writeWeights(weights: NetworkWeights): void {
    for (const [name, weight] of weights) {
      if (this.variables.has(name)) this.variables.write(new Map([[name, weight]]));
      else if (getWeight(this.#model.weights, name) !== weight) throw new Error(`${name} does not change here`);
    }
  }

  dispose(): void {
    this.variables.dispose();
    void Promise.allSettled([this.#sessions.training.release(), this.#sessions.inference.release()]);
  }

  #featureFeeds(count: number, values: Float32Array): InferenceSession.FeedsType {
    const { featureCount, classCount } = this.#sessions;
    assertActivations({ count, values }, featuresLayerName, [featureCount]);
    return {
      [headPorts.features]: this.#tensor(values, [count, featureCount]),
      [headPorts.kernel]: this.#tensor(this.#weight(this.#names.kernel), [featureCount, classCount]),
      [headPorts.bias]: this.#tensor(this.#weight(this.#names.bias), [classCount]),
    };
  }

  #weight(name: WeightName): Float32Array {
    const values = this.variables.get(name).dataSync();
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }

  /** The features of a batch after the dropout layers, the same as on any other engine. */
  #dropped({ values, seed }: TrainingBatch): Float32Array {
    return this.#dropouts.reduce((before, layer) => {
      const mask = dropoutMask(layer, seed, before.length);
      return before.map((value, index) => value * (mask[index] ?? 0));
    }, values);
  }

  #tensor(values: Float32Array, shape: readonly number[]): InstanceType<OnnxRuntime['ort']['Tensor']> {
    return new this.#engines.onnx.ort.Tensor('float32', values, shape);
  }

  async #run(session: InferenceSession, feeds: InferenceSession.FeedsType): Promise<(port: string) => Float32Array> {
    const outputs = await session.run(feeds);
    return (port) => {
      const data = outputs[port]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`ONNX Runtime gave no ${port}`);
      return data;
    };
  }
}

function sumRows(values: Float32Array, columnCount: number): Float32Array {
  const sums = new Float32Array(columnCount);
  values.forEach((value, index) => {
    const column = index % columnCount;
    sums[column] = (sums[column] ?? 0) + value;
  });
  return sums;
}
