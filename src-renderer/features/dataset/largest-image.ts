import type { DatasetImage } from '../../../src-shared/domain/dataset.ts';

/** The copy that has most of the picture: most pixels, then most bytes, then the one that came first; undefined for none. */
export function largestImage(images: readonly DatasetImage[]): DatasetImage | undefined {
  const isLarger = (a: DatasetImage, b: DatasetImage): boolean => {
    const [pixelsA, pixelsB] = [a.width * a.height, b.width * b.height];
    return pixelsA > pixelsB || (pixelsA === pixelsB && a.sizeBytes > b.sizeBytes);
  };
  return images.reduce<DatasetImage | undefined>((best, one) => (!best || isLarger(one, best) ? one : best), undefined);
}
