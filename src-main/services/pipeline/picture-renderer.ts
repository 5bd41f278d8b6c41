import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { pictureIdSchema } from '../../../src-shared/domain/ids.ts';
import { encodePng } from '../../imaging/decode.ts';
import { resize } from '../../imaging/kernels/resize.ts';
import type { ImageSize, RgbImage } from '../../imaging/kernels/rgb-image.ts';
import { gridColumns, tile } from './tile-pictures.ts';
import type { RenderedPicture } from './preview-protocol.ts';

export type RenderPictures = (pictures: readonly RgbImage[]) => Promise<RenderedPicture>;

/** Such a picture is looked at for a moment: making it fast counts, its bytes go no further than this machine. */
const compressionLevel = 1;

/**
 * Encodes pictures, larger ones scaled to the given longest side; views of one picture in a grid. The same pictures are encoded once, as long
 * as they are in memory.
 */
export function createPictureRenderer(longestSidePx: number): RenderPictures {
  const rendered = new WeakMap<RgbImage, Promise<RenderedPicture>>();
  return (pictures) => {
    // The first view can be the very picture before the views; the last one is always made anew.
    const last = pictures.at(-1);
    if (!last) throw new Error('There is one picture at least');
    const known = rendered.get(last);
    if (known) return known;
    const made = encode(pictures, last, longestSidePx);
    rendered.set(last, made);
    return made;
  };
}

async function encode(
  pictures: readonly RgbImage[],
  { width, height }: ImageSize,
  longestSidePx: number,
): Promise<RenderedPicture> {
  const sidePx = Math.floor(longestSidePx / gridColumns(pictures.length));
  const [first, ...others] = pictures.map((picture) => scaled(picture, sidePx));
  if (!first) throw new Error('There is one picture at least');
  const shown = others.length === 0 ? first : tile([first, ...others]);
  const id = v.parse(pictureIdSchema, randomBytes(18).toString('base64url'));
  const png = await encodePng(shown, compressionLevel);
  return { id, png, width, height, viewCount: pictures.length };
}

function scaled(image: RgbImage, longestSidePx: number): RgbImage {
  const { width, height } = image;
  const scale = Math.min(1, longestSidePx / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  return resize(image, size, 'bilinear');
}
