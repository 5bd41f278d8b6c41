import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { leastMapped, mapSample, type MapStage } from '../../../src-shared/domain/image-map.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ImageId } from '../../../src-shared/domain/ids.ts';
import { pickEvenly } from '../../../src-shared/lib/pick-evenly.ts';
import type { MapJob } from '../../jobs/trainer-protocol.ts';
import { writeFileDurably } from '../../storage/durable-write.ts';
import { FeatureReader } from '../../storage/feature-reader.ts';
import { encodeRecord } from '../../storage/feature-record.ts';
import type { JobLink } from '../job-link.ts';
import { loadOnnxRuntime } from '../onnx-runtime.ts';
import { chunksOf } from '../prefetch.ts';
import { mathThreadCount } from '../thread-count.ts';
import { layOut, neighbourCount } from './lay-out.ts';
import { nearest, toUnitLength, type Neighbours } from './nearest.ts';
import { placeAmong } from './place-among.ts';
import { principalPlane } from './principal-plane.ts';
import { openScalarProducts, type ScalarProducts } from './scalar-products.ts';

const seed = 'map';
const readAtOnce = 2048;
/** Rows whose products with all points are in memory at once: 10 MB. */
const comparedAtOnce = 256;
/** So many rows decide the plane that images begin in. */
const planeRows = 2000;
const tellEveryMs = 200;

/**
 * Draws the map of the images that have features and leaves their places in the map's folder, as records like those of features: first which
 * images of the sample are like which, then their places, then those of all others among them. What is stopped leaves nothing.
 */
export async function drawMap(job: MapJob, link: JobLink): Promise<void> {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const reader = new FeatureReader(job.setFolder, job.rowLength);
  try {
    await reader.refresh();
    const imageIds = job.imageIds.filter((imageId) => reader.has(imageId));
    if (imageIds.length < leastMapped) throw new AppError('bad-input', say('mapTooFew', { least: leastMapped }));
    const places = await placeImages({ reader, imageIds, link });
    if (!places) return;
    const records = imageIds.map((imageId, index) => encodeRecord(imageId, places.subarray(2 * index, 2 * index + 2)));
    await writeFileDurably(path.join(job.mapFolder, 'places'), Buffer.concat(records));
    link.send({ type: 'map-drawn', count: imageIds.length });
  } finally {
    await reader.close();
  }
}

interface MapWork {
  readonly reader: FeatureReader;
  readonly imageIds: readonly ImageId[];
  readonly link: JobLink;
}

/** Row-major [imageIds.length, 2]; null when it should stop. */
async function placeImages({ reader, imageIds, link }: MapWork): Promise<Float32Array | null> {
  const length = reader.rowLength;
  const sample = pickEvenly(imageIds, mapSample);
  const tell = createTeller(link, sample.length < imageIds.length);
  const rows = await readRows(reader, sample);
  const products = await openScalarProducts(await loadOnnxRuntime(), rows, { length, threadCount: mathThreadCount() });
  try {
    const neighbours = await findNeighbours(rows, products, (share) => tell('neighbours', share));
    if (!neighbours) return null;
    const fitted = joined(pickEvenly([...chunks(rows, length)], planeRows), length);
    const start = principalPlane(rows, fitted, length);
    const laid = await layOut(neighbours, { start, seed, onRound: (share) => tell('places', share) });
    if (!laid) return null;
    const places = new Float32Array(2 * imageIds.length);
    const sampleRows = new Map(sample.map((imageId, row) => [imageId, row]));
    const others: number[] = [];
    imageIds.forEach((imageId, index) => {
      const row = sampleRows.get(imageId);
      if (row === undefined) others.push(index);
      else places.set(laid.subarray(2 * row, 2 * row + 2), 2 * index);
    });
    let done = 0;
    for (const chunk of chunksOf(others, comparedAtOnce)) {
      const ids = chunk.map((index) => imageIds[index]!);
      const cosines = await products.of(await readRows(reader, ids), chunk.length);
      const near = nearest(cosines, sample.length, { count: neighbourCount });
      placeAmong(near, laid).forEach((value, at) => void (places[2 * chunk[at >> 1]! + (at & 1)] = value));
      done += chunk.length;
      if (!(await tell('rest', done / others.length))) return null;
    }
    return places;
  } finally {
    await products.dispose();
  }
}

/** The features of these images at unit length, row-major. */
async function readRows(reader: FeatureReader, imageIds: readonly ImageId[]): Promise<Float32Array> {
  const rows = new Float32Array(imageIds.length * reader.rowLength);
  let read = 0;
  for (const chunk of chunksOf(imageIds, readAtOnce)) {
    const { values } = await reader.read(chunk);
    rows.set(values, read * reader.rowLength);
    read += chunk.length;
  }
  toUnitLength(rows, reader.rowLength);
  return rows;
}

async function findNeighbours(
  rows: Float32Array,
  products: ScalarProducts,
  tell: (share: number) => Promise<boolean>,
): Promise<Neighbours | null> {
  const length = products.length;
  const count = rows.length / length;
  const wanted = Math.min(neighbourCount, count - 1);
  const indices = new Int32Array(count * wanted);
  const distances = new Float32Array(count * wanted);
  for (let start = 0; start < count; start += comparedAtOnce) {
    const end = Math.min(count, start + comparedAtOnce);
    const cosines = await products.of(rows.subarray(start * length, end * length), end - start);
    const near = nearest(cosines, count, { count: wanted, selfOf: (row) => start + row });
    indices.set(near.indices, start * wanted);
    distances.set(near.distances, start * wanted);
    if (!(await tell(end / count))) return null;
  }
  return { count: wanted, indices, distances };
}

/** Where each stage begins and how much of the whole it is, about as their times on 10,000 and on 100,000 images. */
const shares: Readonly<Record<'alone' | 'withRest', Readonly<Record<MapStage, readonly [number, number]>>>> = {
  alone: { neighbours: [0, 0.3], places: [0.3, 0.7], rest: [1, 0] },
  withRest: { neighbours: [0, 0.1], places: [0.1, 0.25], rest: [0.35, 0.65] },
};

/** Tells how far it is, a few times a second; the function answers false when the job should stop. */
function createTeller(link: JobLink, hasRest: boolean): (stage: MapStage, share: number) => Promise<boolean> {
  let toldMs = Number.NEGATIVE_INFINITY;
  return async (stage, share) => {
    if (performance.now() - toldMs > tellEveryMs) {
      toldMs = performance.now();
      const [start, part] = shares[hasRest ? 'withRest' : 'alone'][stage];
      link.send({ type: 'map-progress', stage, value: start + part * share });
      await link.breathe();
    }
    return link.stopReason() === null;
  };
}

function* chunks(rows: Float32Array, length: number): Generator<Float32Array> {
  for (let start = 0; start < rows.length; start += length) yield rows.subarray(start, start + length);
}

function joined(rows: readonly Float32Array[], length: number): Float32Array {
  const whole = new Float32Array(rows.length * length);
  rows.forEach((row, index) => whole.set(row, index * length));
  return whole;
}
