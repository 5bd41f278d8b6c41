import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { DatasetImage } from '../../../src-shared/domain/dataset.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

/** So many are named; the others are counted. */
const namedFiles = 5;

/** Throws AppError damaged-file, naming the first of the changed images, when there are any. */
export function assertUnchanged(
  changed: readonly ImageId[],
  images: readonly Pick<DatasetImage, 'id' | 'source'>[],
): void {
  if (changed.length === 0) return;
  const sources = new Map(images.map(({ id, source }) => [id, source]));
  const named = changed.slice(0, namedFiles).map((id) => sources.get(id) ?? id);
  const files = changed.length > namedFiles ? `${named.join(', ')}, …` : named.join(', ');
  throw new AppError('damaged-file', say('filesChanged', { count: changed.length, files }), {
    detail: { imageIds: changed.slice(0, 1000) },
  });
}
