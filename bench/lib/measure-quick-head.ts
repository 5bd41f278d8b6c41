import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { backboneRecordSchema } from '../../src-shared/domain/backbone.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { presetLists } from '../../src-shared/domain/pipeline/presets.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import type { FromQuickHead } from '../../src-main/jobs/quick-head-protocol.ts';
import { FeatureReader } from '../../src-main/storage/feature-reader.ts';
import { encodeRecord } from '../../src-main/storage/feature-record.ts';
import { computeFeatures } from '../../src-main/trainer/features/features-job.ts';
import { createJobLink } from '../../src-main/trainer/job-link.ts';
import { loadOnnxRuntime } from '../../src-main/trainer/onnx-runtime.ts';
import { openHeadProducts } from '../../src-main/trainer/quick-head/head-products.ts';
import { HeadRows } from '../../src-main/trainer/quick-head/head-rows.ts';
import { QuickHead } from '../../src-main/trainer/quick-head/quick-head.ts';
import { mathThreadCount } from '../../src-main/trainer/thread-count.ts';
import { benchBackboneFolder } from './bench-job.ts';
import { fashionClassNames, fashionImages, hasFashionMnist, type FashionImage } from './fashion-mnist.ts';

const featureCount = 1280;
const flippedShare = 0.05;

/** A head over 5,000 labels of 100 classes; then features, accuracy and suspects on real images. */
export async function measureQuickHead(folder: string, imageCount: number): Promise<void> {
  await measureManyClasses(path.join(folder, 'quick-head-many'));
  if (hasFashionMnist()) await measureFashion(path.join(folder, 'quick-head-fashion'), imageCount);
  else console.log('quick-head on real images: SKIPPED, because Debian’s dataset-fashion-mnist is not installed');
}

interface Bench {
  readonly head: QuickHead;
  readonly rows: HeadRows;
  readonly said: FromQuickHead[];
  close(): Promise<void>;
}

async function openHead(setFolder: string): Promise<Bench> {
  const onnx = await loadOnnxRuntime();
  const reader = new FeatureReader(setFolder, featureCount);
  const rows = new HeadRows(reader);
  const said: FromQuickHead[] = [];
  const head = new QuickHead({
    rows,
    openProducts: (size) => openHeadProducts(onnx, size, mathThreadCount()),
    send: (message) => void said.push(message),
  });
  return {
    ...{ head, rows, said },
    async close() {
      await head.close();
      await reader.close();
    },
  };
}

/** Learns once and answers what came out, with the seconds until everything of it was told. */
async function learn(
  bench: Bench,
  lesson: { readonly classCount: number; readonly labels: readonly number[]; readonly tests: readonly number[] },
): Promise<{
  readonly learned: Said<'head-learned'>;
  readonly validated: Said<'head-validated'>;
  readonly all: number;
}> {
  bench.said.length = 0;
  const startedMs = performance.now();
  const { labels, tests } = lesson;
  const classIds = Array.from({ length: lesson.classCount }, (_, index) => `c${index}`);
  await bench.head.learn({ type: 'head-learn', id: 1, classIds, labels, tests }, () => false);
  const all = (performance.now() - startedMs) / 1000;
  return { learned: find(bench, 'head-learned'), validated: find(bench, 'head-validated'), all };
}

type Said<T extends FromQuickHead['type']> = Extract<FromQuickHead, { readonly type: T }>;

function find<T extends FromQuickHead['type']>({ said }: Bench, type: T): Said<T> {
  const found = said.find((message): message is Said<T> => message.type === type);
  if (!found) throw new Error(`The head said no ${type}`);
  return found;
}

/** Features as a backbone's are — none below zero, many at zero, classes that overlap — of 100 classes. */
async function measureManyClasses(folder: string): Promise<void> {
  const [classCount, labelled, unlabelled] = [100, 5000, 5000];
  await mkdir(folder, { recursive: true });
  const random = createRandom('quick-head');
  const centres = Array.from({ length: classCount }, () =>
    Float32Array.from({ length: featureCount }, () => random.normal() * 0.15),
  );
  const ids: ImageId[] = [];
  const records: Uint8Array[] = [];
  for (let row = 0; row < labelled + unlabelled; row += 1) {
    const id = createHash('sha256').update(String(row)).digest('hex') as ImageId;
    const centre = centres[row % classCount]!;
    const features = Float32Array.from(centre, (value) => Math.max(0, value + random.normal()));
    ids.push(id);
    records.push(encodeRecord(id, features));
  }
  await writeFile(path.join(folder, '0.features'), Buffer.concat(records));
  const bench = await openHead(folder);
  await bench.rows.setImages(ids);
  const labelsUpTo = (count: number): number[] => ids.map((_, row) => (row < count ? row % classCount : -1));
  const cold = await learn(bench, { classCount, labels: labelsUpTo(labelled - 50), tests: [] });
  const warm = await learn(bench, { classCount, labels: labelsUpTo(labelled), tests: [] });
  say('quick-head 5,000 × 100', [
    ['first', `${cold.learned.seconds.toFixed(2)} s, ${cold.learned.iterations} iterations`],
    ['after 50 more labels', `${warm.learned.seconds.toFixed(2)} s, ${warm.learned.iterations} iterations`],
    ['with queue, five folds and suspects', `${warm.all.toFixed(2)} s`],
    ['right of 5,000 others', percent(rightOf(warm.validated.suggestions, (row) => row % classCount))],
  ]);
  await bench.close();
}

async function measureFashion(folder: string, imageCount: number): Promise<void> {
  const images = [
    ...(await fashionImages(path.join(folder, 'images'), { split: 'training', count: imageCount })),
    ...(await fashionImages(path.join(folder, 'images'), { split: 'test', count: 2000 })),
  ];
  const features = path.join(folder, 'features');
  const startedMs = performance.now();
  const computed = await computeAll(images, features);
  const seconds = (performance.now() - startedMs) / 1000;
  say('features', [
    [`${computed} images`, computed === 0 ? 'all kept' : `${(computed / seconds).toFixed(0)} a second`],
  ]);
  const [set = ''] = await readdir(features);
  const bench = await openHead(path.join(features, set));
  await bench.rows.setImages(images.map(({ imageId }) => imageId));
  const tests = images.flatMap(({ split }, row) => (split === 'test' ? [row] : []));
  const classCount = fashionClassNames.length;
  const clean = await learn(bench, { classCount, labels: images.map(({ label }) => label), tests });
  say('accuracy', [
    [`${clean.learned.rowCount} labels`, percent(ratio(clean.learned.test))],
    ['out of fold', percent(rightOf(clean.validated.outOfFold, (row) => images[row]!.label))],
    ['temperature', clean.validated.temperature.toFixed(2)],
    ['learned in', `${clean.learned.seconds.toFixed(2)} s`],
  ]);
  const flipped = flip(images);
  const noisy = await learn(bench, { classCount, labels: flipped, tests });
  const suspects = noisy.validated.suspects.map(({ row }) => row);
  const isFlipped = (row: number): boolean => flipped[row] !== images[row]!.label;
  const total = images.filter((_, row) => isFlipped(row)).length;
  const hits = suspects.filter(isFlipped).length;
  say(`suspects with ${flippedShare * 100} % of labels flipped (${total})`, [
    ['all listed', `${suspects.length}: precision ${percent(hits / suspects.length)}, recall ${percent(hits / total)}`],
    ['of the first 5 %', percent(suspects.slice(0, total).filter(isFlipped).length / total)],
    ['likely class is the true one', percent(rightLikely(noisy.validated.suspects, images, isFlipped))],
    ['accuracy with these labels', percent(ratio(noisy.learned.test))],
  ]);
  await bench.close();
}

function rightLikely(
  suspects: Said<'head-validated'>['suspects'],
  images: readonly FashionImage[],
  isFlipped: (row: number) => boolean,
): number {
  const hits = suspects.filter(({ row }) => isFlipped(row));
  return hits.filter(({ row, likely }) => images[row]!.label === likely).length / Math.max(1, hits.length);
}

/** How many it had to compute. */
async function computeAll(images: readonly FashionImage[], featureCacheFolder: string): Promise<number> {
  const record = JSON.parse(await readFile(path.join(benchBackboneFolder, 'backbone.json'), 'utf8')) as unknown;
  let missing = 0;
  const { link } = createJobLink((message) => {
    if (message.type === 'features-opened') missing = message.missing;
  });
  await computeFeatures(
    {
      ...{ kind: 'features', backboneFolder: benchBackboneFolder, runtime: null, images, featureCacheFolder },
      backbone: v.parse(backboneRecordSchema, record),
      steps: presetLists('classic').evaluation,
    },
    link,
  );
  return missing;
}

/** Labels with an even choice of the training ones changed to another class, each as likely. */
function flip(images: readonly FashionImage[]): number[] {
  const random = createRandom('flip');
  const training = images.flatMap(({ split }, row) => (split === 'training' ? [row] : []));
  const chosen = new Set(
    random
      .permutation(training.length)
      .slice(0, Math.round(training.length * flippedShare))
      .map((index) => training[index]),
  );
  return images.map(({ label }, row) => (chosen.has(row) ? (label + 1 + random.integer(9)) % 10 : label));
}

function rightOf(verdicts: Said<'head-validated'>['suggestions'], labelOf: (row: number) => number): number {
  const right = verdicts.rows.filter((row, index) => verdicts.classes[index] === labelOf(row)).length;
  return right / Math.max(1, verdicts.rows.length);
}

function ratio(test: Said<'head-learned'>['test']): number {
  return test ? test.correct / test.total : Number.NaN;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function say(name: string, figures: readonly (readonly [string, string])[]): void {
  console.log(`${name}: ${figures.map(([what, figure]) => `${what} ${figure}`).join('; ')}`);
}
