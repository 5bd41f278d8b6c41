import path from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import type { ByteSource } from '../../src-main/core/byte-source.ts';
import { createProjectFolder } from '../../src-main/services/project/project-folder.ts';
import type { NewImage } from '../../src-main/storage/dataset-rows.ts';
import { openProjectDatabase } from '../../src-main/storage/project-database.ts';
import { projectPaths } from '../../src-main/storage/project-paths.ts';
import { projectIdSchema, type ProjectId } from '../../src-shared/domain/ids.ts';
import { imageIdOf } from './new-images.ts';

const rowsPerWrite = 20_000;
const classCount = 20;

/** A project of so many images that are rows only: as an import would have left it, without the files. */
export async function generateProject(parent: string, imageCount: number): Promise<{ root: string; id: ProjectId }> {
  const root = path.join(parent, `generated-${imageCount}.graft`);
  const id = v.parse(projectIdSchema, `generated-${imageCount}`);
  const createdAt = '2026-01-02T03:04:05.000Z';
  await createProjectFolder(root, {
    ...{ schemaVersion: 2, id, name: `${imageCount} images`, createdAt, sample: null },
    labelling: 'single-label',
  });
  const database = openProjectDatabase(projectPaths(root).database, 'write');
  for (let start = 0; start < imageCount; start += rowsPerWrite) {
    const count = Math.min(rowsPerWrite, imageCount - start);
    database.dataset.addImages(
      Array.from({ length: count }, (_, index) => generatedImage(start + index)),
      createdAt,
    );
  }
  database.dataset.placeWaiting(new Map());
  database.close();
  return { root, id };
}

/** The nth image: every tenth has no label, every fifth is for validation or test. */
export function generatedImage(number: number): NewImage {
  const className = number % 10 === 9 ? null : `Class ${String((number * 7) % classCount)}`;
  const folder = `shelf-${String(number % 37)}`;
  const fileName = `IMG_${String((number * 7919) % 1_000_003)}.jpg`;
  return {
    id: imageIdOf(number),
    fileName,
    source: `${folder}/${fileName}`,
    format: 'jpeg',
    width: 320 + ((number * 131) % 3700),
    height: 240 + ((number * 97) % 2800),
    sizeBytes: 20_000 + ((number * 8191) % 4_000_000),
    className,
    givenSplit: number % 5 === 4 ? (number % 2 === 0 ? 'validation' : 'test') : null,
  };
}

/** Thumbnails of many images out of a few pictures. */
export async function sharedThumbnails(): Promise<ByteSource['thumbnail']> {
  const pictures = await Promise.all(
    Array.from({ length: 16 }, async (_, number) => {
      const background = { r: (number * 53) % 256, g: (number * 101) % 256, b: (number * 197) % 256 };
      const noise = { type: 'gaussian' as const, mean: 128, sigma: 40 };
      const texture = await sharp({ create: { width: 128, height: 96, channels: 3, background, noise } })
        .png()
        .toBuffer();
      return await sharp({ create: { width: 128, height: 96, channels: 3, background } })
        .composite([{ input: texture, blend: 'soft-light' }])
        .webp({ quality: 80 })
        .toBuffer();
    }),
  );
  return async (_projectId, imageId) => {
    const body = pictures[Number.parseInt(imageId.slice(0, 1), 16)] ?? new Uint8Array();
    return { contentType: 'image/webp', body, contentLength: body.length, isImmutable: true };
  };
}
