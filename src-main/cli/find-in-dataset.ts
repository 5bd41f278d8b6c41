import { AppError } from '../../src-shared/contract/app-error.ts';
import type { DatasetClass, DatasetImage } from '../../src-shared/domain/dataset.ts';
import type { ClassId, ImageId } from '../../src-shared/domain/ids.ts';
import { say } from '../../src-shared/domain/sentence.ts';

/** Letters of an id that are enough to name an image. */
const shortestId = 6;

/** The class of this name or id; throws AppError not-found. */
export function findClass(classes: readonly DatasetClass[], name: string): ClassId {
  const found = classes.find((one) => one.name === name) ?? classes.find(({ id }) => id === name);
  if (found) return found.id;
  const names = classes.map((one) => one.name).join(', ');
  throw new AppError('not-found', say('noSuchClass', { name, names }));
}

/**
 * The images that these words name, each by the path that it was imported from, its file name, or the beginning of its id.
 *
 * AppError not-found for a word that names none, bad-input for one that names several.
 */
export function findImages(
  images: readonly Pick<DatasetImage, 'id' | 'source' | 'fileName'>[],
  words: readonly string[],
): readonly ImageId[] {
  return words.map((word) => {
    const found = matches(images, word);
    const [only, other] = found;
    if (only && !other) return only.id;
    if (!only) throw new AppError('not-found', say('noSuchImage', { image: word }));
    throw new AppError(
      'bad-input',
      say('imageAmbiguous', { image: word, first: only.source, second: other?.source ?? '' }),
    );
  });
}

type Named = Pick<DatasetImage, 'id' | 'source' | 'fileName'>;

/** Those of the first way of naming that names any. */
function matches(images: readonly Named[], word: string): readonly Named[] {
  const ways: readonly ((image: Named) => boolean)[] = [
    ({ source }) => source === word,
    ({ fileName }) => fileName === word,
    ({ id }) => word.length >= shortestId && id.startsWith(word.toLowerCase()),
  ];
  return ways.map((way) => images.filter(way)).find((found) => found.length > 0) ?? [];
}
