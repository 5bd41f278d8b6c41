import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';
import sharp from 'sharp';

/** Threads that are started later find here that it is done. */
const doneKey = 'graft:decoders';

/**
 * Limits the decoders to those of the formats that Graft reads, once per process.
 *
 * All threads share the list. One that set it again would forbid everything for a moment, and a picture that another thread reads just then
 * would look damaged. So whoever starts threads that decode calls this first.
 */
export function limitDecoders(): void {
  if (getEnvironmentData(doneKey) === true) return;
  // Without this list SVG and libvips' own format load as well, and an SVG may name other files of the machine.
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Tiff', 'Heif'].map((loader) => `VipsForeignLoad${loader}`),
  });
  // The cache would keep imported files open, which locks them on Windows.
  sharp.cache(false);
  sharp.concurrency(1);
  setEnvironmentData(doneKey, true);
}
