import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { pictureIdSchema } from '../../../src-shared/domain/ids.ts';
import { encodePng } from '../../imaging/decode.ts';
import { resize } from '../../imaging/kernels/resize.ts';
import type { RgbImage } from '../../imaging/kernels/rgb-image.ts';
import type { RenderedPicture } from './preview-protocol.ts';

export type RenderPicture = (image: RgbImage) => Promise<RenderedPicture>;

/** Such a picture is looked at for a moment: making it fast counts, its bytes go no further than this machine. */
const compressionLevel = 1;

/** Encodes pictures, larger ones scaled to the given longest side. The same picture is encoded once, as long as it is in memory. */
export function createPictureRenderer(longestSidePx: number): RenderPicture {
  const rendered = new WeakMap<RgbImage, Promise<RenderedPicture>>();
  return (image) => {
    const known = rendered.get(image);
    if (known) return known;
    const made = encode(image, longestSidePx);
    rendered.set(image, made);
    return made;
  };
}

async function encode(image: RgbImage, longestSidePx: number): Promise<RenderedPicture> {
  const { width, height } = image;
  const scale = Math.min(1, longestSidePx / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const id = v.parse(pictureIdSchema, randomBytes(18).toString('base64url'));
  return { id, png: await encodePng(resize(image, size, 'bilinear'), compressionLevel), width, height };
}
