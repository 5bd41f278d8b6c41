import { createHash } from 'node:crypto';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';

/**
 * SHA-256, in hex, over id, class name (all of them in multi-label projects) and split of every labelled image, sorted: equal for equal data, whatever the order
 * in which images and classes came and whichever project they are in.
 */
export function hashDataset({ classes, images }: Pick<Dataset, 'classes' | 'images'>): string {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const lines = images
    .flatMap(({ id, classId, classIds, split }) => {
      if (classIds) return [JSON.stringify([id, classIds.map((one) => names.get(one)).toSorted(), split])];
      return classId === null ? [] : [JSON.stringify([id, names.get(classId), split])];
    })
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
