import { createHash } from 'node:crypto';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { NewImage } from '../../src-main/storage/dataset-rows.ts';

/** The made-up id of the image with this number. */
export function imageIdOf(number: number): ImageId {
  return createHash('sha256').update(`image ${number}`).digest('hex') as ImageId;
}

/** An image as an import would bring it, without its bytes. */
export function newImage(number: number, className: string | null, more: Partial<NewImage> = {}): NewImage {
  const fileName = `${number}.png`;
  const source = className === null ? fileName : `${className}/${fileName}`;
  return {
    id: imageIdOf(number),
    fileName,
    source,
    format: 'png',
    width: 8,
    height: 6,
    sizeBytes: 99,
    className,
    givenSplit: null,
    ...more,
  };
}
