import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Recipe } from '../../../src-shared/domain/recipe/recipe.ts';
import type { StageCache } from '../../../src-shared/domain/stage-cache.ts';
import type { TrainingPosition } from '../../../src-main/jobs/checkpoint-files.ts';
import { createNetwork, type Network } from '../../../src-main/network/network.ts';
import { FeatureStore } from '../../../src-main/trainer/features/feature-store.ts';
import { startOfPhase } from '../../../src-main/trainer/train/training-loop.ts';
import { chooseStageCache } from '../../../src-main/trainer/train/stage-cache.ts';
import { lastFrozenLayer } from '../../../src-main/trainer/train/what-learns.ts';
import { tinyNetwork } from '../../support/tiny-networks.ts';
import { tinyRecipe } from '../../support/tiny-training.ts';

/** Stages stem, block and classifier; the stem's output is 3 × 3 × 4. */
const network = tinyNetwork();
const counts = { training: 10, validation: 3, test: 2 };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-stages-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Circumstances {
  readonly recipe?: Partial<Recipe>;
  readonly network?: Network;
  readonly variants?: readonly (string | null)[];
  readonly limitBytes?: number;
  readonly begun?: TrainingPosition;
  readonly trainingCount?: number;
  readonly viewCount?: number;
}

function choose(given: Circumstances = {}): Promise<StageCache | null> {
  const { variants = [null], begun = null, limitBytes = 1e9, trainingCount = 10, viewCount = 1 } = given;
  return chooseStageCache({
    recipe: { ...tinyRecipe('fine-tuning'), trainableFrom: 'block', ...given.recipe },
    network: given.network ?? network,
    counts: { ...counts, training: trainingCount },
    ...{ variants, viewCount, begun },
    features: new FeatureStore(folder, limitBytes),
    keysAt: () => [],
  });
}

const skippedFor = (key: string): object => ({ kind: 'skipped', reason: { key } });

describe('the last frozen layer', () => {
  const of = (trainableFrom: string | null): string | null => lastFrozenLayer(network, { trainableFrom });

  it('is the output of the stage below the first that learns', () => {
    expect(of('block')).toBe('stem_relu6');
  });

  it('is the pooled features below the head alone', () => {
    expect(of('classifier')).toBe('features');
  });

  it('is none where every stage learns', () => {
    expect([of(null), of('stem')]).toEqual([null, null]);
  });
});

describe('the cache of the stages that do not learn', () => {
  it('is used for images that are the same in every epoch, with the size of all its records', async () => {
    // 32 bytes of id, 4 of checksum, 3 · 3 · 4 numbers.
    expect(await choose()).toEqual({ kind: 'used', layer: 'stem_relu6', bytes: 15 * (36 + 36 * 4) });
  });

  it('holds each variant of the training images where the recipe asks for them', async () => {
    const used = await choose({ variants: ['1', '2'], recipe: { cachesVariants: true } });
    expect(used).toEqual({ kind: 'used', layer: 'stem_relu6', bytes: 25 * (36 + 36 * 4) });
  });

  it('takes room for each view of the judged images, in one record an image', async () => {
    expect(await choose({ viewCount: 5 })).toEqual({
      ...{ kind: 'used', layer: 'stem_relu6' },
      bytes: 10 * (36 + 36 * 4) + 5 * (36 + 5 * 36 * 4),
    });
  });

  it('does not exist in feature extraction and where all stages learn', async () => {
    expect(await choose({ recipe: { mode: 'feature-extraction' } })).toBeNull();
    expect(await choose({ recipe: { trainableFrom: null } })).toBeNull();
  });

  it.each<[string, Circumstances, string]>([
    ['images are augmented afresh', { variants: ['1', '2'] }, 'stageCacheFresh'],
    ['pixels are blended', { recipe: { mixing: { kind: 'mixup', alpha: 1 } } }, 'stageCacheMixes'],
    ['it would exceed the limit', { limitBytes: 1000 }, 'stageCacheLimit'],
    ['it would exceed the disk', { limitBytes: Infinity, trainingCount: 1e15 }, 'stageCacheDisk'],
    ['a second path leads around the cut', { network: crossed() }, 'stageCacheNoCut'],
    ['a layer before the cut draws', { network: drawing() }, 'stageCacheNoCut'],
  ])('is skipped where %s, and says so', async (_why, given, key) => {
    expect(await choose(given)).toMatchObject(skippedFor(key));
  });
});

describe('a training that goes on', () => {
  it('keeps to the cache that it began with, whatever the limit is now', async () => {
    const begun = startOfPhase('all', null, 'stem_relu6');
    expect(await choose({ begun, limitBytes: 0 })).toMatchObject({ kind: 'used', layer: 'stem_relu6' });
  });

  it('keeps to pixels where it began with them', async () => {
    expect(await choose({ begun: startOfPhase('head', null, null) })).toMatchObject(skippedFor('stageCacheBegun'));
  });
});

/** The tiny network with the residual sum's second input coming from below the stage before. */
function crossed(): Network {
  const [stem, block, classifier] = network.stages.map(({ layers }) => layers);
  const cut = (block ?? []).indexOf('narrow_conv');
  return createNetwork('crossed', network.layers, [
    { name: 'stem', layers: [...(stem ?? []), ...(block ?? []).slice(0, cut)] },
    { name: 'block', layers: (block ?? []).slice(cut) },
    { name: 'classifier', layers: classifier ?? [] },
  ]);
}

/** The tiny network with dropout at the end of its stem. */
function drawing(): Network {
  const layers = network.layers.map((layer) => ({
    ...layer,
    inputs: layer.inputs.map((input) => (input === 'stem_relu6' ? 'drop' : input)),
  }));
  const drop = { kind: 'dropout', name: 'drop', inputs: ['stem_relu6'], rate: 0.5 } as const;
  const stages = network.stages.map((stage) =>
    stage.name === 'stem' ? { ...stage, layers: [...stage.layers, 'drop'] } : stage,
  );
  return createNetwork('drawing', [...layers, drop], stages);
}
