import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { StageCache } from '../../../src-shared/domain/stage-cache.ts';
import type { TrainingPosition } from '../../jobs/checkpoint-files.ts';
import type { LayerName } from '../../network/layer.ts';
import { inputLayer, type Network } from '../../network/network.ts';
import { shapeAt } from '../../network/shapes.ts';
import { isOnEveryPath, layersBetween } from '../../network/split.ts';
import { sizeOfShape } from '../../network/weights.ts';
import type { FeatureKey } from '../features/feature-cache.ts';
import { recordLength } from '../../storage/feature-record.ts';
import type { FeatureStore } from '../features/feature-store.ts';
import type { SplitCounts } from './run-shape.ts';
import { lastFrozenLayer } from './what-learns.ts';

/** What the decision about the stages that do not learn is made from. */
export interface StageCacheQuestion {
  readonly recipe: Recipe;
  /** With its head. */
  readonly network: Network;
  readonly counts: SplitCounts;
  readonly variants: readonly (string | null)[];
  /** Views of each judged image; 1 without test-time augmentation. */
  readonly viewCount: number;
  readonly features: FeatureStore;
  /** The keys of all sets that a cache cut at this layer would use. */
  readonly keysAt: (layer: LayerName) => readonly FeatureKey[];
  /** Where the training goes on from; null for one from the beginning. */
  readonly begun: TrainingPosition | null;
}

/**
 * Decides whether a fine-tuning computes the stages below those that learn once an image and variant, or in every step.
 *
 * A training that goes on does what it began with, whatever there is room for now: its bits depend on it. Null where no stage stays as it
 * came.
 */
export async function chooseStageCache(question: StageCacheQuestion): Promise<StageCache | null> {
  const { recipe, network, begun } = question;
  if (recipe.mode !== 'fine-tuning') return null;
  const layer = lastFrozenLayer(network, recipe);
  if (layer === null) return null;
  const used: StageCache = { kind: 'used', layer, bytes: bytesAt(layer, question) };
  if (begun?.cachedLayer === layer) return used;
  const reason = reasonAgainst(layer, question) ?? (await lackOfRoom(used, question));
  if (reason !== null) return { kind: 'skipped', reason };
  return begun ? { kind: 'skipped', reason: say('stageCacheBegun') } : used;
}

function reasonAgainst(layer: LayerName, { recipe, network, variants }: StageCacheQuestion): Sentence | null {
  if (!isOnEveryPath(network, layer) || drawsBefore(network, layer)) {
    return say('stageCacheNoCut', { stage: recipe.trainableFrom ?? '' });
  }
  if (recipe.mixing) return say('stageCacheMixes');
  const isRandom = variants.some((variant) => variant !== null);
  return isRandom && !recipe.cachesVariants ? say('stageCacheFresh') : null;
}

/** Dropout of a backbone's own works in training, so that its output is not the same twice. */
function drawsBefore(network: Network, layer: LayerName): boolean {
  const before = layersBetween(network, inputLayer(network).name, layer);
  return before.some((one) => one.kind === 'dropout' && one.rate > 0);
}

async function lackOfRoom(
  { layer, bytes }: Extract<StageCache, { kind: 'used' }>,
  { features, keysAt }: StageCacheQuestion,
): Promise<Sentence | null> {
  const obstacle = await features.obstacleTo(keysAt(layer), bytes);
  if (obstacle === null) return null;
  const needed = inGigabytes(bytes);
  return obstacle.kind === 'limit'
    ? say('stageCacheLimit', { needed, limit: inGigabytes(obstacle.limitBytes) })
    : say('stageCacheDisk', { needed, free: inGigabytes(obstacle.freeBytes) });
}

/** Of all images: the training images in every variant, the others in every view. */
function bytesAt(layer: LayerName, { network, counts, variants, viewCount }: StageCacheQuestion): number {
  const rowLength = sizeOfShape(shapeAt(network, layer));
  const judgedCount = counts.validation + counts.test;
  return (
    counts.training * variants.length * recordLength(rowLength) + judgedCount * recordLength(rowLength * viewCount)
  );
}

function inGigabytes(bytes: number): string {
  return String(Number((bytes / 1e9).toPrecision(2)));
}
