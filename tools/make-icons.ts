/**
 * Draws assets/icons/icon.png, the application icon of the packages, from assets/icons/graft.svg.
 *
 *   node tools/make-icons.ts
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

const iconsFolder = path.join(import.meta.dirname, '../assets/icons');
const iconSizePx = 512;
const markSizePx = 368;

/** The mark stands on a light ground of its own: task bars are dark as often as light. */
function groundSvg(sizePx: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="${sizePx}" height="${sizePx}">
  <rect x="17" y="17" width="478" height="478" rx="96" fill="#fbfbfc" stroke="#c4c6cb" stroke-width="2" />
</svg>`;
}

async function main(): Promise<void> {
  const mark = await readFile(path.join(iconsFolder, 'graft.svg'));
  const viewBoxSize = 24;
  const cssDotsPerInch = 72;
  const markPng = await sharp(mark, { density: (cssDotsPerInch * markSizePx) / viewBoxSize })
    .resize(markSizePx, markSizePx)
    .png()
    .toBuffer();
  await sharp(Buffer.from(groundSvg(iconSizePx)))
    .composite([{ input: markPng, gravity: 'centre' }])
    .png({ compressionLevel: 9 })
    .toFile(path.join(iconsFolder, 'icon.png'));
}

await main();
