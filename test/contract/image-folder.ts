import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodePng } from '../../src-main/imaging/decode.ts';

/** A folder of pictures to import, in a temporary folder that has room for a whole Graft. */
export interface ImageFolder {
  readonly root: string;
  /** Two classes of four pictures each, and one damaged file. */
  readonly folder: string;
  remove(): Promise<void>;
}

const sizePx = 24;

export async function makeImageFolder(): Promise<ImageFolder> {
  const root = await mkdtemp(path.join(tmpdir(), 'graft-contract-'));
  const folder = path.join(root, 'shapes');
  for (const [index, name] of ['circles', 'squares'].entries()) {
    await mkdir(path.join(folder, name), { recursive: true });
    for (let number = 0; number < 4; number += 1) {
      await writeFile(path.join(folder, name, `${number}.png`), await picture(index, number));
    }
  }
  await writeFile(path.join(folder, 'circles', 'broken.png'), 'not a picture');
  return { root, folder, remove: () => rm(root, { recursive: true }) };
}

/** A circle or a square, each number larger than the last, so that no two files are equal. */
async function picture(shape: number, number: number): Promise<Uint8Array> {
  const data = new Uint8Array(sizePx * sizePx * 3);
  const radius = 4 + number;
  for (let y = 0; y < sizePx; y += 1) {
    for (let x = 0; x < sizePx; x += 1) {
      const [dx, dy] = [Math.abs(x - sizePx / 2), Math.abs(y - sizePx / 2)];
      const isInside = shape === 0 ? Math.hypot(dx, dy) < radius : Math.max(dx, dy) < radius;
      data.fill(isInside ? 220 : 30, (y * sizePx + x) * 3, (y * sizePx + x) * 3 + 3);
    }
  }
  return encodePng({ width: sizePx, height: sizePx, data });
}
