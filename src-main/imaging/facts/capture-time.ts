/** Tags of EXIF 2.32. */
const exifPointer = 0x8769;
const dateTimeOriginal = 0x9003;
const subSecTimeOriginal = 0x9291;
const sizeOfType: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

/**
 * When the camera took a picture (DateTimeOriginal), in milliseconds: the camera's own clock read as UTC, since EXIF mostly names no
 * zone; so only differences mean something. Null where the block says none or cannot be read.
 */
export function readCaptureTime(exif: Uint8Array): number | null {
  try {
    return readFrom(exif);
  } catch (error) {
    // An offset that leads outside of the block: cameras and editors write such.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readFrom(exif: Uint8Array): number | null {
  const start = startsWithExif(exif) ? 6 : 0;
  const view = new DataView(exif.buffer, exif.byteOffset + start, exif.byteLength - start);
  const order = view.getUint16(0);
  if (order !== 0x4949 && order !== 0x4d4d) return null;
  const isLittle = order === 0x4949;
  const pointer = findTag(view, view.getUint32(4, isLittle), exifPointer, isLittle);
  if (!pointer) return null;
  const directory = view.getUint32(pointer.valueAt, isLittle);
  const time = readText(view, findTag(view, directory, dateTimeOriginal, isLittle));
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/.exec(time);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  if (year === 0 || month === 0 || day === 0) return null;
  const fraction = Number(
    `0.${/^\d+/.exec(readText(view, findTag(view, directory, subSecTimeOriginal, isLittle)))?.[0] ?? '0'}`,
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) + Math.round(fraction * 1000);
}

function startsWithExif(bytes: Uint8Array): boolean {
  return bytes.length > 6 && String.fromCharCode(...bytes.subarray(0, 4)) === 'Exif';
}

interface Tag {
  readonly valueAt: number;
  readonly sizeBytes: number;
}

function findTag(view: DataView, directory: number, tag: number, isLittle: boolean): Tag | null {
  const count = view.getUint16(directory, isLittle);
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (view.getUint16(entry, isLittle) !== tag) continue;
    const sizeBytes = (sizeOfType[view.getUint16(entry + 2, isLittle)] ?? 0) * view.getUint32(entry + 4, isLittle);
    return { sizeBytes, valueAt: sizeBytes <= 4 ? entry + 8 : view.getUint32(entry + 8, isLittle) };
  }
  return null;
}

/** '' where there is no such tag. */
function readText(view: DataView, tag: Tag | null): string {
  if (!tag) return '';
  const length = Math.min(tag.sizeBytes, 40);
  return String.fromCharCode(...Array.from({ length }, (_, index) => view.getUint8(tag.valueAt + index)));
}
