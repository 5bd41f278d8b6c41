import type { Statement } from 'better-sqlite3';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { DatasetAccess } from './dataset-access.ts';

/** The numbers of images as a JSON list, which SQL takes apart with `json_each`. */
export type NumberList = string;

/** The rows of images, found by their ids. */
export class ImageNumbers {
  readonly #present: Statement<[string], number>;
  readonly #trashed: Statement<[string], number>;

  constructor({ database }: DatasetAccess) {
    const listed = 'id IN (SELECT value FROM json_each(?))';
    this.#present = database
      .prepare<[string], number>(`SELECT number FROM present_images WHERE ${listed} ORDER BY number`)
      .pluck();
    this.#trashed = database
      .prepare<[string], number>(
        `SELECT number FROM images JOIN trashed_images ON image = number WHERE ${listed} ORDER BY number`,
      )
      .pluck();
  }

  /** Images of the dataset; throws AppError 'not-found' when one is not in it, or in the trash. */
  present(ids: readonly ImageId[]): NumberList {
    return listOf(this.#present, ids);
  }

  /** Images in the trash; throws AppError 'not-found' when one is not. */
  trashed(ids: readonly ImageId[]): NumberList {
    return listOf(this.#trashed, ids);
  }
}

function listOf(statement: Statement<[string], number>, ids: readonly ImageId[]): NumberList {
  const numbers = statement.all(JSON.stringify(ids));
  if (numbers.length !== new Set(ids).size) throw new AppError('not-found', say('imagesGone'));
  return JSON.stringify(numbers);
}
