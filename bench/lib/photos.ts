import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import * as v from 'valibot';
import { imageIdSchema } from '../../src-shared/domain/ids.ts';
import type { Split } from '../../src-shared/domain/dataset.ts';
import type { JobImage } from '../../src-main/jobs/trainer-protocol.ts';

const sampleFolder = fileURLToPath(new URL('../../assets/samples/fluent-emoji/train', import.meta.url));
const twelveMegapixels: PhotoSize = { width: 4000, height: 3000 };

interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** The classes of the pictures that `makePhotos` makes. */
export async function photoClassNames(): Promise<readonly string[]> {
  return (await readdir(sampleFolder)).sort();
}

/**
 * Writes JPEGs of 12 megapixels unless told otherwise: a bundled picture of each class scaled up, with grain. Those of a class
 * look alike, but are files of their own with contents of their own.
 */
export async function makePhotos(
  folder: string,
  counts: Partial<Record<Split, number>>,
  size = twelveMegapixels,
): Promise<readonly JobImage[]> {
  await mkdir(folder, { recursive: true });
  const jpegs = await Promise.all((await photoClassNames()).map((className) => makePhoto(className, size)));
  const splits = Object.entries(counts).flatMap(([split, count]) => Array<Split>(count).fill(split as Split));
  return Promise.all(
    splits.map(async (split, index) => {
      const label = index % jpegs.length;
      // What stands behind the end of a JPEG changes nothing of the picture.
      const bytes = Buffer.concat([jpegs[label] ?? Buffer.alloc(0), Buffer.from(String(index))]);
      const file = path.join(folder, `${index}.jpg`);
      await writeFile(file, bytes);
      const imageId = v.parse(imageIdSchema, createHash('sha256').update(bytes).digest('hex'));
      return { imageId, path: file, label, split };
    }),
  );
}

async function makePhoto(className: string, { width, height }: PhotoSize): Promise<Buffer> {
  const [picture = ''] = (await readdir(path.join(sampleFolder, className))).sort();
  const background = { r: 150, g: 160, b: 170 };
  const small = await sharp(path.join(sampleFolder, className, picture))
    .flatten({ background })
    .png()
    .toBuffer();
  const noise = { type: 'gaussian', mean: 128, sigma: 22 } as const;
  const grain = sharp({ create: { width, height, channels: 3, background: '#808080', noise } });
  return sharp(small)
    .resize(width, height, { fit: 'contain', kernel: 'cubic', background })
    .composite([{ input: await grain.png({ compressionLevel: 1 }).toBuffer(), blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}
