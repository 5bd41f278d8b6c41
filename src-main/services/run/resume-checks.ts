import { AppError } from '../../../src-shared/contract/app-error.ts';
import { splits } from '../../../src-shared/domain/dataset.ts';
import { isActiveStatus, type RunRecord } from '../../../src-shared/domain/run.ts';
import { stableJson } from '../../../src-shared/lib/stable-json.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { describeDataset, type RunImages, type RunMaterial } from './run-plan.ts';

/** Throws AppError conflict unless the run ended early. */
export function assertResumable({ status }: RunRecord, isAtWork: boolean): void {
  if (isAtWork || isActiveStatus(status)) throw new AppError('conflict', say('runAtWork'));
  if (status === 'completed') {
    throw new AppError('conflict', say('runComplete'));
  }
}

/** Throws AppError conflict unless the batch is smaller than the run's. */
export function assertSmallerBatch({ recipe }: RunRecord, batchSize: number): void {
  if (batchSize < recipe.batchSize) return;
  throw new AppError('conflict', say('batchNotSmaller', { asked: batchSize, batch: recipe.batchSize }));
}

/** Throws AppError conflict unless the run came to its end. */
export function assertExtendable({ status }: RunRecord): void {
  if (status === 'completed') return;
  const what = isActiveStatus(status) ? say('runExtendAtWork') : say('runExtendEarly');
  throw new AppError('conflict', what);
}

/**
 * Throws AppError conflict, naming what differs, unless the project still holds what the run was made from.
 *
 * The pipeline is not asked for: a run keeps its own copy and goes on with that.
 */
export function assertSameMaterial(record: RunRecord, material: RunMaterial, chosen: RunImages): void {
  if (material.backbone.record.sha256 !== record.backboneSha256) {
    throw new AppError('conflict', say('runOtherBackbone'));
  }
  const now = describeDataset(material.dataset, chosen);
  const isSame = now.hash === record.dataset.hash && stableJson(chosen.classes) === stableJson(record.classes);
  if (isSame) return;
  const counts = splits
    .filter((split) => now[split] !== record.dataset[split])
    .map((split) => say('splitChanged', { split, before: record.dataset[split], now: now[split] }));
  const what =
    counts.length === 0 ? say('labelsChanged') : counts.reduce((first, next) => say('both', { first, next }));
  throw new AppError('conflict', say('runOtherImages', { what }));
}
