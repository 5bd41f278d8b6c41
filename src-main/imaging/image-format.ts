/** The file formats that can be imported. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif';

/** Names for people. */
export const imageFormatNames: Readonly<Record<ImageFormat, string>> = {
  jpeg: 'JPEG',
  png: 'PNG',
  webp: 'WebP',
  gif: 'GIF',
  tiff: 'TIFF',
  avif: 'AVIF',
};

/** What the first bytes of a file say that it is. */
export type RecognizedFormat =
  | { readonly type: 'supported'; readonly format: ImageFormat }
  /** A picture or document format that is refused; `name` is for people. */
  | { readonly type: 'refused'; readonly name: string }
  | { readonly type: 'unknown' };

const avifBrands = ['avif', 'avis'];
const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1'];

/** Tells the format by content, never by name: a wrong ending is common, and an SVG must not reach a decoder at all. */
export function recognizeFormat(bytes: Uint8Array): RecognizedFormat {
  const text = latin1(bytes, 0, 1024);
  if (text.startsWith('\xff\xd8\xff')) return supported('jpeg');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return supported('png');
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return supported('webp');
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return supported('gif');
  if (/^(II[*+]\0|MM\0[*+])/.test(text)) return supported('tiff');
  if (text.slice(4, 8) === 'ftyp') return recognizeBrand(text);
  if (/^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(text) && /<svg/i.test(text)) return refused('SVG');
  if (text.startsWith('BM')) return refused('BMP');
  if (text.startsWith('%PDF')) return refused('PDF');
  if (text.startsWith('8BPS')) return refused('Photoshop');
  if (text.startsWith('\0\0\x01\0')) return refused('icon');
  if (text.startsWith('\xff\x0a') || text.startsWith('\0\0\0\x0cJXL ')) return refused('JPEG XL');
  if (text.startsWith('\0\0\0\x0cjP  ')) return refused('JPEG 2000');
  return { type: 'unknown' };
}

function recognizeBrand(text: string): RecognizedFormat {
  // Both families share a container; the compatible brands after the major one tell them apart.
  const brands = text.slice(8, 64);
  if (avifBrands.some((brand) => brands.includes(brand))) return supported('avif');
  if (heicBrands.some((brand) => brands.startsWith(brand))) return refused('HEIC');
  return refused('video');
}

function supported(format: ImageFormat): RecognizedFormat {
  return { type: 'supported', format };
}

function refused(name: string): RecognizedFormat {
  return { type: 'refused', name };
}

/**
 * How many bytes the file should have by its own headers; null when the format does not say, or says nothing that
 * could be trusted. A smaller file was cut off on its way.
 */
export function declaredLength(bytes: Uint8Array, format: ImageFormat): number | null {
  switch (format) {
    case 'webp':
      return viewOf(bytes).getUint32(4, true) + 8;
    case 'png':
      return pngLength(bytes);
    case 'avif':
      return boxesLength(bytes);
    case 'tiff':
      return tiffLength(bytes);
    case 'jpeg':
    case 'gif':
      return null;
  }
}

/** Walks the chunks; a chunk that reaches beyond the end tells the least that is missing. */
function pngLength(bytes: Uint8Array): number | null {
  const view = viewOf(bytes);
  let offset = 8;
  while (offset + 8 <= bytes.length) {
    const end = offset + 12 + view.getUint32(offset);
    if (latin1(bytes, offset + 4, 4) === 'IEND' || end > bytes.length) return end;
    offset = end;
  }
  return null;
}

/** The directory of a TIFF may stand anywhere, mostly at the end; without it nothing can be read. */
function tiffLength(bytes: Uint8Array): number | null {
  const view = viewOf(bytes);
  const isLittleEndian = view.getUint8(0) === 0x49;
  const isBig = view.getUint16(2, isLittleEndian) === 43;
  if (bytes.length < 16) return 16;
  const directory = isBig ? Number(view.getBigUint64(8, isLittleEndian)) : view.getUint32(4, isLittleEndian);
  return directory + 2;
}

/** Walks the top-level boxes of an ISO media file. */
function boxesLength(bytes: Uint8Array): number | null {
  const view = viewOf(bytes);
  let offset = 0;
  while (offset + 8 <= bytes.length) {
    const size = view.getUint32(offset);
    // 0 means "to the end of the file", 1 a 64-bit size: neither says anything about this file's length.
    if (size < 8) return null;
    offset += size;
  }
  return offset;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function latin1(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
