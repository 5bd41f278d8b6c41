import { setImmediate as nextTurn } from 'node:timers/promises';
import { mostBlockRows, type DatasetHead } from '../../../src-shared/contract/dataset-stream.ts';
import { imageColumns } from '../../../src-shared/domain/image-columns.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import { encodeBlock, encodeHead } from './encode-block.ts';

/**
 * The frames of a dataset: the images that changed since a revision, or all of them where that is not known or null.
 *
 * Other requests have their turn between the blocks, so a label may fall in the middle; the head's revision is that of
 * the start, and whoever reads asks for the changes since it.
 */
export async function* streamDataset(
  { database }: Pick<ProjectContext, 'database'>,
  since: number | null,
): AsyncGenerator<Uint8Array> {
  const { dataset, images } = database;
  const { classes, revision, splitRatios, undo, redo } = dataset.readHead();
  const changed = since === null ? null : images.changedSince(since);
  const shared = { revision, imageCount: dataset.counts().images, classes, splitRatios, undo, redo };
  const head: DatasetHead = { ...shared, isWhole: changed === null };
  yield encodeHead(head);
  if (changed === null) {
    for (let last = 0; ;) {
      const block = images.after(last);
      if (block.rowCount === 0) return;
      yield encodeBlock(block.columns, block.rowCount, imageColumns);
      last = block.last;
      await nextTurn();
    }
  }
  for (let start = 0; start < changed.length; start += mostBlockRows) {
    const { columns, rowCount } = images.these(changed.slice(start, start + mostBlockRows));
    yield encodeBlock(columns, rowCount, imageColumns);
  }
}
