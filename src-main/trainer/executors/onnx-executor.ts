import type { InferenceSession } from 'onnxruntime-node';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { WeightedNetwork } from '../../network/layers-model.ts';
import type { Network } from '../../network/network.ts';
import { onnxInputName, onnxOutputName, toOnnx } from '../../network/onnx/to-onnx.ts';
import { checkWeights } from '../../network/parameters.ts';
import { layerShapes } from '../../network/shapes.ts';
import { cutStretch } from '../../network/split.ts';
import type { OnnxRuntime } from '../onnx-runtime.ts';
import { assertActivations } from './assert-activations.ts';
import type { InferenceExecutor, InferRequest } from './executor.ts';

export interface OnnxOptions {
  /** Threads that one operation may use. */
  readonly threadCount: number;
}

/** Runs a network whose weights do not change on ONNX Runtime. */
export function createOnnxExecutor(
  runtime: OnnxRuntime,
  model: WeightedNetwork,
  options: OnnxOptions,
): InferenceExecutor {
  return new OnnxExecutor(runtime, model, options);
}

class OnnxExecutor implements InferenceExecutor {
  readonly network: Network;
  readonly #runtime: OnnxRuntime;
  readonly #model: WeightedNetwork;
  readonly #options: InferenceSession.SessionOptions;
  readonly #shapes: ReturnType<typeof layerShapes>;
  /** By stretch of the network; each is made at its first use. */
  readonly #sessions = new Map<string, Promise<InferenceSession>>();

  constructor(runtime: OnnxRuntime, model: WeightedNetwork, { threadCount }: OnnxOptions) {
    checkWeights(model.network, model.weights);
    this.network = model.network;
    this.#runtime = runtime;
    this.#model = model;
    this.#shapes = layerShapes(model.network);
    this.#options = sessionOptions(runtime.provider, threadCount);
  }

  async infer(request: InferRequest): Promise<Float32Array> {
    const { from, to, count, values } = request;
    const shape = this.#shapes.get(from);
    if (!shape) throw new Error(`No layer ${from} in ${this.network.name}`);
    assertActivations(request, from, shape);
    const session = await this.#session(from, to);
    const { Tensor } = this.#runtime.ort;
    const input = new Tensor('float32', values, [count, ...shape]);
    const output = (await session.run({ [onnxInputName]: input }))[onnxOutputName];
    if (!(output?.data instanceof Float32Array)) throw new Error(`ONNX Runtime gave no numbers for ${to}`);
    return output.data;
  }

  dispose(): void {
    for (const session of this.#sessions.values()) {
      void session.then(
        (opened) => opened.release(),
        () => undefined,
      );
    }
    this.#sessions.clear();
  }

  #session(from: string, to: string): Promise<InferenceSession> {
    const key = JSON.stringify([from, to]);
    const known = this.#sessions.get(key);
    if (known) return known;
    const { ort, provider } = this.#runtime;
    const made = ort.InferenceSession.create(toOnnx(stretchOf(this.#model, from, to)), this.#options).catch(
      (error: unknown) => {
        if (provider === 'cpu') throw error;
        const what = error instanceof Error ? error.message : String(error);
        throw new AppError('unsupported', say('providerFailed', { provider, what }), { cause: error });
      },
    );
    this.#sessions.set(key, made);
    return made;
  }
}

function stretchOf({ network, weights }: WeightedNetwork, from: string, to: string): WeightedNetwork {
  return { network: cutStretch(network, from, to), weights };
}

function sessionOptions(provider: string, threadCount: number): InferenceSession.SessionOptions {
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    intraOpNumThreads: threadCount,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait must not spin: the same cores decode the next batch's images.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
}
