import sharp, { type Sharp } from 'sharp';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';

/** A picture of overlapping discs, another for each seed: like a photograph in that it has large shapes, colours and sharp edges. */
export function drawScene(seed: number | string, sizePx = 240): Sharp {
  const random = createRandom(seed);
  const data = new Uint8Array(sizePx * sizePx * 3).fill(128);
  for (let disc = 0; disc < 14; disc += 1) {
    const [x, y] = [random.uniform(0, sizePx), random.uniform(0, sizePx)];
    const radius = random.uniform(0.06, 0.32) * sizePx;
    const color = [random.integer(256), random.integer(256), random.integer(256)];
    for (let row = 0; row < sizePx; row += 1) {
      for (let column = 0; column < sizePx; column += 1) {
        if (Math.hypot(column - x, row - y) < radius) data.set(color, (row * sizePx + column) * 3);
      }
    }
  }
  return sharp(data, { raw: { width: sizePx, height: sizePx, channels: 3 } });
}
