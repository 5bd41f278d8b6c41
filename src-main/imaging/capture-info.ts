import readExif from 'exif-reader';
import sharp from 'sharp';
import { limitDecoders } from './decoders.ts';
import { maximumPixelCount } from './step.ts';

limitDecoders();

/** When and with what a picture was taken, as far as it says so. */
export interface CaptureInfo {
  /**
   * The camera's own clock, ISO 8601 without a zone unless the picture names one, e.g. `2026-05-18T10:42:03.120` or
   * `2026-05-18T10:42:03+02:00`.
   */
  readonly capturedAt: string | null;
  /** Maker, model and serial number, so that two cameras of a kind are told apart. */
  readonly camera: string | null;
}

const nothing: CaptureInfo = { capturedAt: null, camera: null };

/** Reads a picture's EXIF; one that has none, or a damaged one, says nothing. Never throws. */
export async function readCaptureInfo(bytes: Uint8Array): Promise<CaptureInfo> {
  try {
    const { exif } = await sharp(bytes, { limitInputPixels: maximumPixelCount }).metadata();
    if (exif === undefined) return nothing;
    const { Image: image, Photo: photo } = readExif(exif);
    const time = photo?.DateTimeOriginal ?? photo?.DateTimeDigitized ?? image?.DateTime;
    const camera = [image?.Make, image?.Model, photo?.BodySerialNumber].map(cleanText).filter((part) => part !== '');
    return {
      capturedAt: writeTime(time, cleanText(photo?.SubSecTimeOriginal), cleanText(photo?.OffsetTimeOriginal)),
      camera: camera.length === 0 ? null : camera.join(' ').slice(0, 200),
    };
  } catch {
    return nothing;
  }
}

/** The parser gives the camera's clock as if it ran in UTC. */
function writeTime(time: unknown, fraction: string, offset: string): string | null {
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) return null;
  const seconds = time.toISOString().slice(0, 19);
  const thousandths = /^\d+$/.test(fraction) ? `.${fraction.slice(0, 3).padEnd(3, '0')}` : '';
  return `${seconds}${thousandths}${/^[+-]\d\d:\d\d$/.test(offset) ? offset : ''}`;
}

function cleanText(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\u0000-\u001f]/g, ' ').trim() : '';
}
