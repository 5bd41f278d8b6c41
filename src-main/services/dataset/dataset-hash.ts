import { createHash } from 'node:crypto';
import type { Dataset } from '../../../src-shared/domain/dataset.ts';

/**
 * SHA-256, in hex, over id, class name and split of every labelled image, sorted: equal for equal data, whatever the order
 * in which images and classes came and whichever project they are in.
 */
export function hashDataset({ classes, images }: Pick<Dataset, 'classes' | 'images'>): string {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const lines = images
    .flatMap(({ id, classId, split }) => (classId === null ? [] : [JSON.stringify([id, names.get(classId), split])]))
    .sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
