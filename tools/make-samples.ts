/**
 * Writes the bundled samples into assets/samples.
 *
 *   node tools/make-samples.ts --fashion <dir> --emoji <dir> [--out <dir>]
 *
 * `--fashion` holds the four idx .gz files of Fashion-MNIST (Debian: dataset-fashion-mnist),
 * `--emoji` the unpacked npm package @lobehub/fluent-emoji-3d 1.1.0. Either may be left out.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { format, resolveConfig } from 'prettier';
import sharp from 'sharp';
import { fluentEmojiClasses } from './samples/fluent-emoji-classes.ts';
import { fashionClasses, mitLicence, sampleWords } from './samples/sample-record.ts';
import type { SampleRecord } from './samples/sample-record.ts';

type SplitName = 'train' | 'test';

interface FashionSplit {
  readonly split: SplitName;
  readonly filePrefix: string;
  readonly perClass: number;
}

const fashionSplits: readonly FashionSplit[] = [
  { split: 'train', filePrefix: 'train', perClass: 80 },
  { split: 'test', filePrefix: 't10k', perClass: 20 },
];
const fashionSizePx = 28;
const emojiSizePx = 128;
/** Every fifth member is a test image, so that both splits reach over the whole class. */
const emojiTestStride = 5;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { fashion: { type: 'string' }, emoji: { type: 'string' }, out: { type: 'string' } },
  });
  if (values.fashion === undefined && values.emoji === undefined) {
    throw new Error('Expected --fashion <dir>, --emoji <dir> or both, received neither.');
  }
  const outFolder = values.out ?? path.join(import.meta.dirname, '../assets/samples');
  if (values.fashion !== undefined) await makeFashion(values.fashion, path.join(outFolder, sampleWords.fashion.id));
  if (values.emoji !== undefined) await makeEmoji(values.emoji, path.join(outFolder, sampleWords.emoji.id));
}

async function makeFashion(sourceFolder: string, sampleFolder: string): Promise<void> {
  await rm(sampleFolder, { recursive: true, force: true });
  const counts = { train: 0, test: 0 };
  for (const { split, filePrefix, perClass } of fashionSplits) {
    const labels = await readIdx(path.join(sourceFolder, `${filePrefix}-labels-idx1-ubyte.gz`), 1);
    const pixels = await readIdx(path.join(sourceFolder, `${filePrefix}-images-idx3-ubyte.gz`), 3);
    const byteCount = fashionSizePx * fashionSizePx;
    for (const { index, label } of firstOfEachClass(labels, perClass)) {
      const png = await sharp(pixels.subarray(index * byteCount, (index + 1) * byteCount), {
        raw: { width: fashionSizePx, height: fashionSizePx, channels: 1 },
      })
        .toColourspace('b-w')
        .png({ compressionLevel: 9, adaptiveFiltering: true })
        .toBuffer();
      const fileName = `${split}-${String(index).padStart(5, '0')}.png`;
      await writeImage(path.join(sampleFolder, split, nameOfLabel(label), fileName), png);
      counts[split] += 1;
    }
  }
  const licence = mitLicence(['Copyright (c) 2017 Zalando SE, https://tech.zalando.com']);
  await writeRecord(sampleFolder, sampleRecord(sampleWords.fashion, fashionClasses, counts), licence);
}

async function makeEmoji(packageFolder: string, sampleFolder: string): Promise<void> {
  await rm(sampleFolder, { recursive: true, force: true });
  const counts = { train: 0, test: 0 };
  for (const { name: className, members } of fluentEmojiClasses) {
    for (const [index, member] of members.entries()) {
      const split: SplitName = index % emojiTestStride === emojiTestStride - 1 ? 'test' : 'train';
      const png = await sharp(path.join(packageFolder, 'assets', `${member.asset}.webp`))
        .resize(emojiSizePx, emojiSizePx, { kernel: 'lanczos3' })
        .png({ compressionLevel: 9, adaptiveFiltering: true })
        .toBuffer();
      await writeImage(path.join(sampleFolder, split, className, `${member.name}.png`), png);
      counts[split] += 1;
    }
  }
  const classNames = fluentEmojiClasses.map((emojiClass) => emojiClass.name);
  const licence = mitLicence(['Copyright (c) Microsoft Corporation.', 'Copyright (c) 2023 LobeHub']);
  await writeRecord(sampleFolder, sampleRecord(sampleWords.emoji, classNames, counts), licence);
}

/** The payload of a gzipped idx file of unsigned bytes (http://yann.lecun.com/exdb/mnist): header checked, then cut off. */
async function readIdx(file: string, dimensionCount: number): Promise<Buffer> {
  const bytes = gunzipSync(await readFile(file));
  const magic = bytes.readUInt32BE(0);
  const expectedMagic = 0x0800 + dimensionCount;
  if (magic !== expectedMagic) throw new Error(`Expected idx magic ${expectedMagic} in ${file}, received ${magic}.`);
  let byteCount = 1;
  for (let axis = 0; axis < dimensionCount; axis += 1) byteCount *= bytes.readUInt32BE(4 + 4 * axis);
  const payload = bytes.subarray(4 + 4 * dimensionCount);
  if (payload.length !== byteCount)
    throw new Error(`Expected ${byteCount} bytes in ${file}, received ${payload.length}.`);
  return payload;
}

function firstOfEachClass(labels: Uint8Array, perClass: number): readonly { index: number; label: number }[] {
  const taken = new Map<number, number>();
  const chosen: { index: number; label: number }[] = [];
  for (const [index, label] of labels.entries()) {
    const takenCount = taken.get(label) ?? 0;
    if (takenCount >= perClass) continue;
    taken.set(label, takenCount + 1);
    chosen.push({ index, label });
  }
  return chosen;
}

function nameOfLabel(label: number): string {
  const name = fashionClasses[label];
  if (name === undefined)
    throw new Error(`Expected a label from 0 to ${fashionClasses.length - 1}, received ${label}.`);
  return name;
}

function sampleRecord(
  words: Omit<SampleRecord, 'classes' | 'counts'>,
  classes: readonly string[],
  counts: { readonly train: number; readonly test: number },
): SampleRecord {
  const { id, title, description, ...credits } = words;
  return { id, title, description, classes, counts: { ...counts, total: counts.train + counts.test }, ...credits };
}

async function writeImage(file: string, bytes: Buffer): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
}

async function writeRecord(sampleFolder: string, record: SampleRecord, licence: string): Promise<void> {
  // Formatted like the rest of the tree, so that a fresh run leaves no difference behind.
  const recordFile = path.join(sampleFolder, 'sample.json');
  const style = await resolveConfig(recordFile);
  await writeFile(recordFile, await format(JSON.stringify(record), { ...style, parser: 'json' }));
  await writeFile(path.join(sampleFolder, 'LICENSE'), licence);
}

await main();
