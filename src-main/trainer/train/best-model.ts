import type { Prediction } from '../../../src-shared/domain/run.ts';
import { writeLayersModel, type WeightedNetwork } from '../../network/layers-model.ts';
import type { NetworkWeights } from '../../network/weights.ts';
import { writeFileDurably } from '../../storage/durable-write.ts';
import type { RunPaths } from '../../storage/project-paths.ts';

/** The best weights of a run so far, in memory and, a little later, on disk: a trainer that dies leaves a usable model. */
export interface BestModel {
  /** The weights that differ from the network's first ones; empty before the first `keep`. */
  weights(): NetworkWeights;
  /** Takes over new best weights and what they say about the validation images. */
  keep(changed: NetworkWeights, predictions: readonly Prediction[]): Promise<void>;
  /** Takes over weights from a checkpoint, which are on disk already. */
  restore(changed: NetworkWeights): void;
  /** Writes what is not on disk yet. */
  save(): Promise<void>;
  /** From now on the files hold the judged run, which a later `save` must not replace. */
  release(): void;
}

/** Early epochs of a head take milliseconds and are better than the last nearly always: not every one is worth 20 MB on disk. */
const saveIntervalMs = 10_000;

/** Starts with no best weights. */
export function createBestModel(
  initial: WeightedNetwork,
  files: RunPaths,
  nowMs = (): number => performance.now(),
): BestModel {
  let best: NetworkWeights = new Map();
  let bestPredictions: readonly Prediction[] = [];
  let isSaved = true;
  let lastSaveMs = Number.NEGATIVE_INFINITY;

  async function save(): Promise<void> {
    if (isSaved) return;
    await writeModel(initial, best, files);
    await writePredictions(files.predictions, bestPredictions);
    isSaved = true;
    lastSaveMs = nowMs();
  }

  return {
    weights: () => best,
    async keep(changed, predictions) {
      best = changed;
      bestPredictions = predictions;
      isSaved = false;
      if (nowMs() - lastSaveMs >= saveIntervalMs) await save();
    },
    restore(changed) {
      best = changed;
    },
    save,
    release() {
      isSaved = true;
    },
  };
}

/** Writes model.json and weights.bin: the whole network in float32, its first weights with the changed ones over them. */
export async function writeModel(initial: WeightedNetwork, changed: NetworkWeights, files: RunPaths): Promise<void> {
  const { modelJson, weightsBin } = writeLayersModel(initial.network, new Map([...initial.weights, ...changed]));
  await writeFileDurably(files.weights, weightsBin);
  await writeFileDurably(files.model, modelJson);
}

/** Writes predictions.jsonl. */
export async function writePredictions(file: string, predictions: readonly Prediction[]): Promise<void> {
  await writeFileDurably(file, predictions.map((prediction) => `${JSON.stringify(prediction)}\n`).join(''));
}
