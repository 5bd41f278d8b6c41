import { mkdir, open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { FromTrainer } from '../../src-main/jobs/trainer-protocol.ts';
import { encodeRecord } from '../../src-main/storage/feature-record.ts';
import { createJobLink } from '../../src-main/trainer/job-link.ts';
import { drawMap } from '../../src-main/trainer/map/map-job.ts';
import { drawPoints, type Colour } from '../../src-renderer/features/map/draw-points.ts';
import { fitView } from '../../src-renderer/features/map/map-view.ts';
import type { ImageId } from '../../src-shared/domain/ids.ts';
import { createRandom, type Random } from '../../src-shared/lib/seeded-random.ts';

const rowLength = 1280;
const groupCount = 20;
const rowsAtOnce = 1000;

/** Draws maps of made features in groups, stage by stage, and the picture of as many points. */
export async function measureMap(folder: string, counts: readonly number[]): Promise<void> {
  for (const count of counts) {
    const setFolder = path.join(folder, `map-${String(count)}`);
    const imageIds = await writeFeatures(setFolder, count);
    const mapFolder = path.join(setFolder, 'map');
    await mkdir(mapFolder, { recursive: true });
    const startedMs = performance.now();
    const before = process.cpuUsage();
    const ends = new Map<string, number>();
    const { link } = createJobLink((message: FromTrainer) => {
      if (message.type === 'map-progress') ends.set(message.stage, performance.now());
    });
    await drawMap({ ...{ kind: 'feature-map', setFolder, rowLength, imageIds, mapFolder }, runtime: null }, link);
    const parts = [...ends].map(([stage, at]) => `${stage} until ${seconds(at - startedMs)}`).join(', ');
    const { user, system } = process.cpuUsage(before);
    const processor = seconds((user + system) / 1000);
    console.log(
      `map of ${String(count)} images: ${seconds(performance.now() - startedMs)}, ${processor} of processor time (${parts})`,
    );
    console.log(`picture of ${String(count)} points, 1100 × 800 pixels: ${measurePicture(count)}`);
  }
}

async function writeFeatures(folder: string, count: number): Promise<readonly ImageId[]> {
  await mkdir(folder, { recursive: true });
  const random = createRandom('map');
  const centres = Array.from({ length: groupCount }, () => madeRow(random, null));
  const imageIds: ImageId[] = [];
  const file = await open(path.join(folder, '0'), 'w');
  for (let start = 0; start < count; start += rowsAtOnce) {
    const records = Array.from({ length: Math.min(rowsAtOnce, count - start) }, (_, index) => {
      const imageId = createHash('sha256')
        .update(String(start + index))
        .digest('hex') as ImageId;
      imageIds.push(imageId);
      return encodeRecord(imageId, madeRow(random, centres[(start + index) % groupCount] ?? null));
    });
    await file.write(Buffer.concat(records));
  }
  await file.close();
  return imageIds;
}

/** Numbers as after a ReLU, around a centre. */
function madeRow(random: Random, centre: Float32Array | null): Float32Array {
  return Float32Array.from({ length: rowLength }, (_, at) =>
    Math.max(0, (centre?.[at] ?? 0) + (random.next() + random.next() - 1) * 1.5),
  );
}

function measurePicture(count: number): string {
  const random = createRandom('points');
  const place = (): Float32Array => Float32Array.from({ length: count }, () => random.normal());
  const points = { rows: Uint32Array.from({ length: count }, (_, row) => row), x: place(), y: place() };
  const size = { width: 1100, height: 800 };
  const colours: readonly Colour[] = Array.from({ length: groupCount }, (_, group) => [group * 12, 120, 200] as const);
  const times = Array.from({ length: 20 }, () => {
    const startedMs = performance.now();
    drawPoints({ ...size, data: new Uint8ClampedArray(4 * size.width * size.height) }, points, {
      view: fitView(points, size),
      look: {
        ...{
          groups: Uint16Array.from(points.rows, (row) => row % groupCount),
          colours,
          ring: [0, 0, 0],
          radiusPx: 1.5,
        },
        ...{ isSelected: () => false, hasSelection: false },
      },
    });
    return performance.now() - startedMs;
  }).sort((a, b) => a - b);
  return `${(times[10] ?? 0).toFixed(0)} ms (median of 20)`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
