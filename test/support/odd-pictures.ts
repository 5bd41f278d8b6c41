import sharp, { type Sharp } from 'sharp';
import { decodeImage } from '../../src-main/imaging/decode.ts';
import type { RgbImage } from '../../src-main/imaging/kernels/rgb-image.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

/** Pictures as people have them: thin ones, and ones that are not 8-bit RGB before they are decoded. */
export async function oddPictures(): Promise<Readonly<Record<string, RgbImage>>> {
  const files = {
    'one pixel': noise(1, 1).png(),
    'a column': noise(1, 4000).png(),
    'a row': noise(4000, 1).png(),
    palette: noise(31, 20).png({ palette: true, colours: 7 }),
    '16 bits': noise(18, 40).toColourspace('rgb16').png(),
    CMYK: noise(40, 25).toColourspace('cmyk').jpeg(),
    transparent: noise(24, 24, 4).png(),
    animated: sharp(await Promise.all([noise(22, 33).png().toBuffer(), noise(22, 33).negate().png().toBuffer()]), {
      join: { animated: true },
    }).gif(),
    grey: noise(15, 15).greyscale().png(),
  };
  const decoded = Object.entries(files).map(
    async ([name, file]) => [name, await decodeImage(await file.toBuffer())] as const,
  );
  return Object.fromEntries(await Promise.all(decoded));
}

function noise(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const random = createRandom(`${width} × ${height}`);
  const data = Uint8Array.from({ length: width * height * channels }, () => random.integer(256));
  return sharp(data, { raw: { width, height, channels } });
}
