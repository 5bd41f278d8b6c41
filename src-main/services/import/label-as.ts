import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import type { FoundFile } from './found-file.ts';

/** In a multi-label project the one class that is known of an image is one of its classes, of which there may be more. */
export function labelAs(labelling: Labelling, file: FoundFile): FoundFile {
  if (labelling === 'single-label' || file.classNames !== undefined) return file;
  return { ...file, className: null, classNames: file.className === null ? null : [file.className] };
}
