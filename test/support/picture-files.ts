import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encodePng } from '../../src-main/imaging/decode.ts';

/** A PNG of 6 × 4 pixels whose content depends on the number. */
export async function pngBytes(number: number): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: 6 * 4 * 3 }, (_, index) => (number * 31 + index * (7 + number)) % 256);
  data[0] = number % 256;
  data[1] = Math.floor(number / 256);
  return encodePng({ width: 6, height: 4, data });
}

/** Writes files below a folder; a number stands for the picture of that number. */
export async function writeFiles(
  root: string,
  files: Readonly<Record<string, number | string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'number' ? await pngBytes(content) : content);
  }
}
