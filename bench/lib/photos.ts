import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import * as v from 'valibot';
import { imageIdSchema } from '../../src-shared/domain/ids.ts';
import type { Split } from '../../src-shared/domain/dataset.ts';
import type { JobImage } from '../../src-main/jobs/trainer-protocol.ts';

const sampleFolder = fileURLToPath(new URL('../../assets/samples/fluent-emoji/train', import.meta.url));
const [width, height] = [4000, 3000];

/** The classes of the pictures that `photos` makes. */
export async function photoClassNames(): Promise<readonly string[]> {
  return (await readdir(sampleFolder)).sort();
}

/** Writes JPEGs of 12 megapixels, about as many bytes as a camera's: bundled pictures scaled up, with grain. */
export async function photos(
  folder: string,
  { split, count }: { readonly split: Split; readonly count: number },
): Promise<readonly JobImage[]> {
  await mkdir(folder, { recursive: true });
  const classNames = await photoClassNames();
  const pictures = await Promise.all(
    classNames.map(async (name) => (await readdir(path.join(sampleFolder, name))).sort()),
  );
  const grain = await makeGrain();
  const made: JobImage[] = [];
  for (let index = 0; index < count; index += 1) {
    const label = index % classNames.length;
    const ofClass = pictures[label] ?? [];
    const source = path.join(
      sampleFolder,
      classNames[label] ?? '',
      ofClass[Math.floor(index / classNames.length) % ofClass.length] ?? '',
    );
    const file = path.join(folder, `${split}-${index}.jpg`);
    const jpeg = await makePhoto(source, grain, index);
    await writeFile(file, jpeg);
    const imageId = v.parse(
      imageIdSchema,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
    made.push({ imageId, path: file, label, split });
  }
  return made;
}

async function makeGrain(): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 22 } as const;
  return sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
    .blur(0.8)
    .png()
    .toBuffer();
}

/** `shade` tells pictures of the same source apart. */
async function makePhoto(source: string, grain: Buffer, shade: number): Promise<Buffer> {
  const level = 120 + (shade % 100);
  return sharp(source)
    .resize(width, height, { fit: 'contain', kernel: 'cubic', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .flatten({ background: { r: level, g: level, b: 160 } })
    .composite([{ input: grain, blend: 'soft-light' }])
    .jpeg({ quality: 92 })
    .toBuffer();
}
