import { readOrientation } from './read-orientation.ts';

/** One colour component of a JPEG. */
export interface JpegComponent {
  readonly id: number;
  /** Samples in an MCU, across and down, in blocks of 8. */
  readonly across: number;
  readonly down: number;
  readonly quantSlot: number;
  readonly dcSlot: number;
  readonly acSlot: number;
}

/** All that the decoder needs to know before the entropy-coded data, whose first byte is at `scanStart`. */
export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** One for grey, three for YCbCr. */
  readonly components: readonly JpegComponent[];
  /** 64 numbers in zigzag order, by slot. */
  readonly quantTables: ReadonlyMap<number, Uint8Array>;
  /** 16 counts and the symbols; slots 0–3 are for DC, 4–7 for AC. */
  readonly huffmanTables: ReadonlyMap<number, Uint8Array>;
  /** MCUs between two restart markers; 0 without. */
  readonly restartInterval: number;
  readonly scanStart: number;
  /** As in EXIF, 1 … 8. */
  readonly orientation: number;
}

/**
 * Reads the headers of a JPEG of the usual kind: sequential, Huffman-coded, 8 bits, one scan, grey or YCbCr with chroma at full size, half
 * the width, or half of both sides. Null for every other kind and wherever anything is odd: such a file is left to libjpeg.
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Found = { quantTables: new Map(), huffmanTables: new Map(), restartInterval: 0, orientation: null };
  let offset = 2;
  while (offset + 4 <= bytes.length) {
    if (bytes[offset] !== 0xff) return null;
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    const end = offset + 2 + view.getUint16(offset + 2);
    if (end > bytes.length) return null;
    const segment = bytes.subarray(offset + 4, end);
    if (marker === 0xda) return finish(found, segment, end);
    if (!readSegment(found, marker, segment)) return null;
    offset = end;
  }
  return null;
}

type FrameComponent = Omit<JpegComponent, 'dcSlot' | 'acSlot'>;

interface Found {
  readonly quantTables: Map<number, Uint8Array>;
  readonly huffmanTables: Map<number, Uint8Array>;
  restartInterval: number;
  orientation: number | null;
  frame?: { readonly width: number; readonly height: number; readonly components: readonly FrameComponent[] };
  isJfif?: boolean;
  adobeTransform?: number;
}

/** False for what is not understood. */
function readSegment(found: Found, marker: number, segment: Uint8Array): boolean {
  switch (marker) {
    case 0xc0:
    case 0xc1:
      return readFrame(found, segment);
    case 0xc4:
      return readHuffmanTables(found, segment);
    case 0xdb:
      return readQuantTables(found, segment);
    case 0xdd:
      found.restartInterval = (segment[0] ?? 0) * 256 + (segment[1] ?? 0);
      return segment.length === 2;
    case 0xe0:
      if (segment.length < 14 || textOf(segment, 5) !== 'JFIF\0') return true;
      found.isJfif = true;
      return segment[5] === 1;
    case 0xe1:
      return readExif(found, segment);
    case 0xee:
      if (segment.length >= 12 && textOf(segment, 5) === 'Adobe') found.adobeTransform = segment[11]!;
      return true;
    default:
      return marker === 0xfe || (marker >= 0xe2 && marker <= 0xef);
  }
}

function readFrame(found: Found, segment: Uint8Array): boolean {
  const [precision, heightHigh = 0, heightLow = 0, widthHigh = 0, widthLow = 0, count = 0] = segment;
  if (found.frame || precision !== 8 || segment.length !== 6 + count * 3) return false;
  const components = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantSlot = 0] = segment.subarray(6 + index * 3);
    return { id, across: sampling >> 4, down: sampling & 15, quantSlot };
  });
  found.frame = { width: widthHigh * 256 + widthLow, height: heightHigh * 256 + heightLow, components };
  return found.frame.width > 0 && found.frame.height > 0 && isUsualSampling(components);
}

function isUsualSampling(components: readonly FrameComponent[]): boolean {
  const [luma, ...chroma] = components;
  if (!luma) return false;
  if (chroma.length === 0) return luma.across === 1 && luma.down === 1;
  const isKnown = (luma.across === 1 && luma.down === 1) || (luma.across === 2 && luma.down <= 2 && luma.down >= 1);
  return isKnown && chroma.length === 2 && chroma.every(({ across, down }) => across === 1 && down === 1);
}

function readHuffmanTables({ huffmanTables }: Found, segment: Uint8Array): boolean {
  let offset = 0;
  while (offset < segment.length) {
    const kind = segment[offset]!;
    const counts = segment.subarray(offset + 1, offset + 17);
    const length = 16 + counts.reduce((sum, count) => sum + count, 0);
    const table = segment.subarray(offset + 1, offset + 1 + length);
    if ((kind & 0xec) !== 0 || counts.length < 16 || table.length < length || length > 16 + 256) return false;
    huffmanTables.set((kind >> 4) * 4 + (kind & 3), table);
    offset += 1 + length;
  }
  return true;
}

function readQuantTables({ quantTables }: Found, segment: Uint8Array): boolean {
  if (segment.length % 65 !== 0) return false;
  for (let offset = 0; offset < segment.length; offset += 65) {
    const slot = segment[offset]!;
    // Beyond 3 it is a table of 16 bits.
    if (slot > 3) return false;
    quantTables.set(slot, segment.subarray(offset + 1, offset + 65));
  }
  return true;
}

function readExif(found: Found, segment: Uint8Array): boolean {
  if (textOf(segment, 6) !== 'Exif\0\0') return true;
  if (found.orientation !== null) return false;
  found.orientation = readOrientation(segment.subarray(6));
  return found.orientation !== null;
}

function finish(found: Found, scan: Uint8Array, scanStart: number): JpegHeader | null {
  const { frame, quantTables, huffmanTables, restartInterval } = found;
  if (!frame || !isOneScan(scan, frame.components) || !isGreyOrYcc(found, frame.components)) return null;
  const components = frame.components.map((component, index) => {
    const slots = scan[2 + index * 2]!;
    return { ...component, dcSlot: slots >> 4, acSlot: 4 + (slots & 15) };
  });
  const areThere = components.every(
    ({ quantSlot, dcSlot, acSlot }) =>
      quantTables.has(quantSlot) && huffmanTables.has(dcSlot) && huffmanTables.has(acSlot),
  );
  if (!areThere) return null;
  const { width, height } = frame;
  const orientation = found.orientation ?? 1;
  return { width, height, components, quantTables, huffmanTables, restartInterval, scanStart, orientation };
}

/** All components, in their order, with all coefficients in full. */
function isOneScan(scan: Uint8Array, components: readonly FrameComponent[]): boolean {
  const count = components.length;
  const isAll = scan[0] === count && components.every(({ id }, index) => scan[1 + index * 2] === id);
  const isFull = scan[1 + count * 2] === 0 && scan[2 + count * 2] === 63 && scan[3 + count * 2] === 0;
  return isAll && isFull && scan.length === 4 + count * 2;
}

/** libjpeg's rule, without the cases where it guesses. */
function isGreyOrYcc({ isJfif, adobeTransform }: Found, components: readonly FrameComponent[]): boolean {
  if (components.length === 1 || isJfif === true) return true;
  if (adobeTransform !== undefined) return adobeTransform === 1;
  return components.every(({ id }, index) => id === index + 1);
}

function textOf(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}
