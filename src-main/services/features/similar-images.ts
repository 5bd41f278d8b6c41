import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import type { FeatureReader } from '../../storage/feature-reader.ts';

/** An image with its cosine similarity to another, −1 … 1. */
export interface SimilarImage {
  readonly imageId: ImageId;
  readonly similarity: number;
}

/** How like an image with features all others with features are. Others have their turn every few milliseconds. */
export async function similarImages(
  reader: Pick<FeatureReader, 'read' | 'blocks'>,
  imageId: ImageId,
): Promise<readonly SimilarImage[]> {
  const { values: wanted } = await reader.read([imageId]);
  const similar: SimilarImage[] = [];
  for await (const block of reader.blocks()) {
    for (const one of block) similar.push({ imageId: one.imageId, similarity: cosine(wanted, one.row) });
    await nextTurn();
  }
  return similar;
}

/** 0 where one of them has no length. */
function cosine(a: Float32Array, b: Float32Array): number {
  let [product, squareA, squareB] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 1) {
    const valueA = a[at] ?? 0;
    const valueB = b[at] ?? 0;
    product += valueA * valueB;
    squareA += valueA * valueA;
    squareB += valueB * valueB;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
