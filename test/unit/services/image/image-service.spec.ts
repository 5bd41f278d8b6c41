import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import { ImageService } from '../../../../src-main/services/image/image-service.ts';
import type { PictureBytes } from '../../../../src-main/services/image/serve-picture.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function withImages() {
  const folder = temporaryFolder();
  const services = studioServices(folder);
  const project = await services.projects.create('Test', null);
  const create = { width: 400, height: 200, channels: 3, background: '#c02040' } as const;
  await writeFiles(path.join(folder, 'source'), {
    '1.png': 1,
    '2.tif': await sharp({ create }).tiff().toBuffer(),
    '3.jpg': await sharp({ create }).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
  });
  await services.imports.importFolder(project, path.join(folder, 'source'));
  const ids = services.datasets.read(project.id).images.map(({ id }) => id);
  return { project, ids: { png: ids[0]!, tiff: ids[1]!, jpeg: ids[2]! }, images: new ImageService(services) };
}

async function bytesOf({ body, contentLength }: PictureBytes): Promise<Buffer> {
  const bytes = body instanceof Readable ? await buffer(body) : Buffer.from(body);
  expect(bytes.byteLength).toBe(contentLength);
  return bytes;
}

describe('images as pictures', () => {
  it('are thumbnails that fit their square, stand upright and are kept in the cache', async () => {
    const { project, ids, images } = await withImages();
    const served = await Promise.all([1, 2, 3].map(() => images.thumbnail(project.id, ids.jpeg, 128)));
    expect(await sharp(await bytesOf(served[0]!)).metadata()).toMatchObject({ format: 'webp', width: 64, height: 128 });
    expect(served[1]!.body).toBe(served[0]!.body);
    const folder = path.join(project.paths.thumbnails, '128', ids.jpeg.slice(0, 2));
    expect(readdirSync(folder)).toEqual([`${ids.jpeg}.webp`]);
    const kept = path.join(folder, `${ids.jpeg}.webp`);
    const { mtimeMs } = statSync(kept);
    expect(await bytesOf(await images.thumbnail(project.id, ids.jpeg, 128))).toEqual(await bytesOf(served[0]!));
    expect(statSync(kept).mtimeMs).toBe(mtimeMs);
  });

  it('are made again when the cache was deleted or holds an empty file, and need no cache at all', async () => {
    const { project, ids, images } = await withImages();
    const first = await bytesOf(await images.thumbnail(project.id, ids.png, 256));
    const kept = path.join(project.paths.thumbnails, '256', ids.png.slice(0, 2), `${ids.png}.webp`);
    writeFileSync(kept, '');
    expect(await bytesOf(await images.thumbnail(project.id, ids.png, 256))).toEqual(first);
    rmSync(project.paths.cache, { recursive: true });
    writeFileSync(project.paths.cache, 'in the way');
    expect(await bytesOf(await images.thumbnail(project.id, ids.png, 256))).toEqual(first);
  });

  it('are whole files in formats that browsers show', async () => {
    const { project, ids, images } = await withImages();
    expect(await images.image(project.id, ids.jpeg)).toMatchObject({ contentType: 'image/jpeg', isImmutable: true });
    const tiff = await images.image(project.id, ids.tiff);
    expect(tiff.contentType).toBe('image/png');
    expect(await sharp(await bytesOf(tiff)).metadata()).toMatchObject({ format: 'png', width: 400, height: 200 });
    await expect(images.image(project.id, 'f'.repeat(64) as ImageId)).rejects.toMatchObject({ code: 'not-found' });
    rmSync(project.paths.image(ids.png, 'png'));
    await expect(images.image(project.id, ids.png)).rejects.toMatchObject({ code: 'not-found' });
    await expect(images.thumbnail(project.id, ids.png, 128)).rejects.toMatchObject({ code: 'not-found' });
  });
});
