import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';

/** A picture comes out of its pipeline in another size than the network takes, which has `inputSize` × `inputSize` pixels. */
export function wrongSize(size: { readonly width: number; readonly height: number }, inputSize: number): AppError {
  const { width, height } = size;
  return new AppError('bad-input', say('pictureComesOutWrong', { width, height, needed: inputSize }));
}
