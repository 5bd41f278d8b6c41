import type { LabelPrediction, Prediction } from '../../../src-shared/domain/run.ts';
import type { JobImage } from '../../jobs/trainer-protocol.ts';
import { encodeLayersModel, type WeightedNetwork } from '../../network/layers-model.ts';
import type { NetworkWeights } from '../../network/weights.ts';
import { writeFileDurably } from '../../storage/durable-write.ts';
import type { RunPaths } from '../../storage/project-paths.ts';
import { toPredictions } from './predictions.ts';

/** Weights and what they say. */
export interface KeptModel {
  /** The weights that differ from the network's first ones; empty before the first `keep`. */
  readonly weights: NetworkWeights;
  /** Of the validation images, row by row; null without any. */
  readonly probabilities: Float32Array | null;
}

/** The best weights of a run so far, in memory and, a little later, on disk: a trainer that dies leaves a usable model. */
export interface BestModel {
  kept(): KeptModel;
  /** Takes over new best weights and what they say about the validation images. */
  keep(model: KeptModel): Promise<void>;
  /** Takes over those of a checkpoint. What lies on disk may be older or newer than they are, and is replaced. */
  restore(model: KeptModel): void;
  /** Writes what is not on disk yet. */
  save(): Promise<void>;
  /** From now on the files hold the judged run, which a later `save` must not replace. */
  release(): void;
}

interface BestModelOptions {
  readonly initial: WeightedNetwork;
  readonly validation: readonly JobImage[];
  readonly files: RunPaths;
}

/** Early epochs of a head take milliseconds and are better than the last nearly always: not every one is worth 20 MB on disk. */
const saveIntervalMs = 10_000;

/** Starts with no best weights. */
export function createBestModel(
  { initial, validation, files }: BestModelOptions,
  nowMs = (): number => performance.now(),
): BestModel {
  let best: KeptModel = { weights: new Map(), probabilities: null };
  let isSaved = true;
  let lastSaveMs = Number.NEGATIVE_INFINITY;

  async function save(): Promise<void> {
    if (isSaved) return;
    await writeModel(initial, best.weights, files);
    const { probabilities } = best;
    await writePredictions(files.predictions, probabilities ? toPredictions(validation, probabilities) : []);
    isSaved = true;
    lastSaveMs = nowMs();
  }

  return {
    kept: () => best,
    async keep(model) {
      best = model;
      isSaved = false;
      if (nowMs() - lastSaveMs >= saveIntervalMs) await save();
    },
    restore(model) {
      best = model;
      isSaved = model.weights.size === 0;
    },
    save,
    release() {
      isSaved = true;
    },
  };
}

/** Writes model.json and weights.bin: the whole network in float32, its first weights with the changed ones over them. */
export async function writeModel(initial: WeightedNetwork, changed: NetworkWeights, files: RunPaths): Promise<void> {
  const { modelJson, weightsParts } = encodeLayersModel(initial.network, new Map([...initial.weights, ...changed]));
  await writeFileDurably(files.weights, weightsParts);
  await writeFileDurably(files.model, modelJson);
}

/** Writes predictions.jsonl. */
export async function writePredictions(
  file: string,
  predictions: readonly (Prediction | LabelPrediction)[],
): Promise<void> {
  await writeFileDurably(file, predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
}
