import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import type { Split } from '../../src-shared/domain/dataset.ts';
import { encodePng } from '../../src-main/imaging/decode.ts';
import type { JobImage } from '../../src-main/jobs/trainer-protocol.ts';

/** Where Debian's package dataset-fashion-mnist puts the files. */
export const fashionMnistFolder = '/usr/share/datasets/fashion-mnist';
const sizePx = 28;

export const fashionClassNames = [
  'T-shirt',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
] as const;

/** True where the package is installed. */
export function hasFashionMnist(): boolean {
  return existsSync(path.join(fashionMnistFolder, 'train-images-idx3-ubyte.gz'));
}

/** Each is of one class. */
export type FashionImage = JobImage & { readonly label: number };

/** Writes the first images of one part as PNG files and answers them as a job takes them. */
export async function fashionImages(
  folder: string,
  { split, count }: { readonly split: Split; readonly count: number },
): Promise<readonly FashionImage[]> {
  const prefix = split === 'test' ? 't10k' : 'train';
  const pixels = (await readIdx(`${prefix}-images-idx3-ubyte.gz`)).subarray(16);
  const labels = (await readIdx(`${prefix}-labels-idx1-ubyte.gz`)).subarray(8);
  await mkdir(folder, { recursive: true });
  return Promise.all(
    Array.from({ length: count }, async (_, index): Promise<FashionImage> => {
      const grey = pixels.subarray(index * sizePx * sizePx, (index + 1) * sizePx * sizePx);
      const data = Uint8Array.from({ length: grey.length * 3 }, (_value, offset) => grey[Math.floor(offset / 3)] ?? 0);
      const png = await encodePng({ width: sizePx, height: sizePx, data });
      const file = path.join(folder, `${split}-${index}.png`);
      await writeFile(file, png);
      const imageId = createHash('sha256').update(png).digest('hex') as ImageId;
      return { imageId, path: file, label: labels[index] ?? 0, split };
    }),
  );
}

async function readIdx(name: string): Promise<Buffer> {
  return gunzipSync(await readFile(path.join(fashionMnistFolder, name)));
}
