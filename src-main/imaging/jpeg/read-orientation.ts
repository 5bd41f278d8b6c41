const orientationTag = 0x0112;
const shortType = 3;

/** How a picture is turned by its EXIF data (from the TIFF header on), 1 … 8; 1 where that says nothing, null where it is not as it should be. */
export function readOrientation(exif: Uint8Array): number | null {
  if (exif.length < 14) return null;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = view.getUint16(0);
  const isLittleEndian = order === 0x4949;
  if (!isLittleEndian && order !== 0x4d4d) return null;
  if (view.getUint16(2, isLittleEndian) !== 42) return null;
  const directory = view.getUint32(4, isLittleEndian);
  if (directory + 2 > exif.length) return null;
  const count = view.getUint16(directory, isLittleEndian);
  if (directory + 2 + count * 12 > exif.length) return null;
  for (let index = 0; index < count; index += 1) {
    const entry = directory + 2 + index * 12;
    if (view.getUint16(entry, isLittleEndian) !== orientationTag) continue;
    if (view.getUint16(entry + 2, isLittleEndian) !== shortType || view.getUint32(entry + 4, isLittleEndian) !== 1)
      return null;
    const value = view.getUint16(entry + 8, isLittleEndian);
    return value >= 1 && value <= 8 ? value : null;
  }
  return 1;
}
