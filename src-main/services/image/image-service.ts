import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImageId, ProjectId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { makeThumbnail } from '../../imaging/decode.ts';
import type { OpenProjects, ProjectContext } from '../project/open-projects.ts';
import { pictureBytes, servePicture, type PictureBytes } from './serve-picture.ts';

/** Images of open projects as pictures for the page. */
export class ImageService {
  readonly #openProjects: OpenProjects;
  readonly #underWay = new Map<string, Promise<Uint8Array>>();

  constructor({ openProjects }: { readonly openProjects: OpenProjects }) {
    this.#openProjects = openProjects;
  }

  /** The file of an image. Throws AppError 'not-found'. */
  file(projectId: ProjectId, imageId: ImageId): string {
    return imageFile(this.#openProjects.get(projectId), imageId);
  }

  /** WebP that fits in sizePx × sizePx, from the project's cache; requests for the same one share the work. */
  async thumbnail(projectId: ProjectId, imageId: ImageId, sizePx: 128 | 256 | 512): Promise<PictureBytes> {
    const context = this.#openProjects.get(projectId);
    const cached = join(context.paths.thumbnails, String(sizePx), imageId.slice(0, 2), `${imageId}.webp`);
    const found = await readCached(cached);
    return pictureBytes(found ?? (await this.#make(imageFile(context, imageId), cached, sizePx)), 'image/webp');
  }

  /** The whole image in a format that browsers show. */
  async image(projectId: ProjectId, imageId: ImageId): Promise<PictureBytes> {
    return servePicture(this.file(projectId, imageId));
  }

  async #make(source: string, cached: string, sizePx: number): Promise<Uint8Array> {
    const underWay = this.#underWay.get(cached);
    if (underWay) return underWay;
    const made = makeThumbnail(source, sizePx)
      .then(async (bytes) => {
        await keep(cached, bytes);
        return bytes;
      })
      .finally(() => this.#underWay.delete(cached));
    this.#underWay.set(cached, made);
    return made;
  }
}

/** Where the bytes of an image lie. Throws AppError 'not-found' for an unknown one. */
export function imageFile(context: ProjectContext, imageId: ImageId): string {
  const image = context.database.dataset.image(imageId);
  if (!image) throw new AppError('not-found', say('imageGone'));
  return context.paths.image(image.id, image.format);
}

/** Null when it is not there or empty: a cache may be deleted at any time. */
async function readCached(path: string): Promise<Uint8Array | null> {
  try {
    const bytes = await readFile(path);
    return bytes.byteLength > 0 ? bytes : null;
  } catch {
    return null;
  }
}

/** Whole or not at all, but neither synced nor necessary: without space the thumbnail is made again the next time. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, bytes);
    await rename(temporary, path);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
