import { takeResult, withKernels, type Kernels } from '../assembly/kernel-instance.ts';
import { flipHorizontally, flipVertically, turnClockwise, turnCounterClockwise } from '../kernels/flip.ts';
import type { ImageSize, RgbImage } from '../kernels/rgb-image.ts';
import { readJpegHeader, type JpegHeader } from './read-header.ts';

/** How often both sides are halved while decoding: 0 is the whole picture, 3 an eighth of its sides. */
export type Halvings = 0 | 1 | 2 | 3;

/** Larger results take much memory, and libjpeg makes them as fast, in a thread of its own. */
const mostPixels = 6e6;
/** Fancy upsampling has other rules for thin pictures. */
const leastSide = 16;
const margin = 64;
/** Of compressed data; a picture that needs more is not of the usual kind. */
const mostBytes = 64e6;
/** A damaged MCU reads on behind its data for no more than this before it is found out. */
const overrun = 4096;

/**
 * Decodes a JPEG of the usual kind to the same bytes as libjpeg-turbo does, several times faster. With halvings each pixel is the mean of a box.
 * Null where the file is of another kind or not as it should be in any way: libjpeg decides then.
 *
 * `chooseHalvings` is told the size that the picture has after its EXIF orientation.
 */
export function decodeJpeg(
  bytes: Uint8Array,
  chooseHalvings: (size: ImageSize) => Halvings = () => 0,
): RgbImage | null {
  const header = readJpegHeader(bytes);
  if (!header || Math.min(header.width, header.height) < leastSide) return null;
  const isTurned = header.orientation > 4;
  const { width, height } = header;
  const halvings = chooseHalvings(isTurned ? { width: height, height: width } : { width, height });
  if ((width * height) / 4 ** halvings > mostPixels || bytes.length > mostBytes) return null;
  const image = decodeWith(bytes, header, halvings);
  return image && orient(image, header.orientation);
}

interface Plane {
  readonly address: number;
  readonly stride: number;
  /** Samples that are of the picture. */
  readonly width: number;
  readonly height: number;
}

function decodeWith(bytes: Uint8Array, header: JpegHeader, halvings: Halvings): RgbImage | null {
  const layout = layOut(bytes, header, halvings);
  return withKernels(layout.bytes, (kernels, base) => {
    const heap = new Uint8Array(kernels.memory.buffer);
    const at = (offset: number): number => base + offset;
    if (!writeTables(kernels, heap, header, base)) return null;
    heap.set(bytes.subarray(header.scanStart), at(layout.source));
    heap.fill(0, at(layout.source + layout.sourceBytes), at(layout.source + layout.sourceBytes + margin));
    const pieceCount = kernels.unstuff(
      at(layout.source),
      at(layout.source + layout.sourceBytes + 32),
      at(layout.data),
      at(layout.pieces),
      layout.pieceCount,
    );
    if (pieceCount !== layout.pieceCount) return null;
    const planes = layout.planes.map((plane) => ({ ...plane, address: at(plane.address) }));
    writeComponents(kernels, header, planes, halvings);
    const { mcusAcross, mcusDown } = layout;
    const interval = header.restartInterval === 0 ? mcusAcross * mcusDown : header.restartInterval;
    const count = header.components.length;
    if (kernels.decodeScan(count, mcusAcross, mcusDown, interval, at(layout.pieces), pieceCount) === 0) return null;
    const { width, height } = layout.size;
    paint(kernels, planes, layout.size, { scratch: at(layout.scratch), target: at(layout.output) });
    return { width, height, data: takeResult(kernels, at(layout.output), width * height * 3) };
  });
}

function layOut(
  bytes: Uint8Array,
  { width, height, components, restartInterval, scanStart }: JpegHeader,
  halvings: Halvings,
) {
  const [luma] = components;
  const across = luma?.across ?? 1;
  const down = luma?.down ?? 1;
  const mcusAcross = Math.ceil(width / (8 * across));
  const mcusDown = Math.ceil(height / (8 * down));
  const size = { width: Math.ceil(width / 2 ** halvings), height: Math.ceil(height / 2 ** halvings) };
  let end = 0;
  const take = (length: number): number => {
    const start = end;
    end = (end + length + margin + 15) & ~15;
    return start;
  };
  const output = take(size.width * size.height * 3);
  const sourceBytes = bytes.length - scanStart;
  const mcus = mcusAcross * mcusDown;
  const pieceCount = restartInterval === 0 ? 1 : Math.ceil(mcus / restartInterval);
  const source = take(sourceBytes);
  const pieces = take(pieceCount * 8);
  // Each piece is followed by 16 bytes of nothing, two of which stand for its marker.
  const data = take(sourceBytes + pieceCount * 16 + overrun);
  const planes = components.map((component) => {
    const [shrinkX, shrinkY] = shrinkingOf(component, { across, down }, halvings);
    const stride = mcusAcross * component.across * (8 >> shrinkX);
    const rows = mcusDown * component.down * (8 >> shrinkY);
    const plane = {
      stride,
      width: Math.ceil((width * component.across) / across / 2 ** shrinkX),
      height: Math.ceil((height * component.down) / down / 2 ** shrinkY),
    };
    return { ...plane, address: take(stride * rows) };
  });
  const scratch = take((size.width + 64) * 4);
  return {
    size,
    mcusAcross,
    mcusDown,
    sourceBytes,
    pieceCount,
    source,
    pieces,
    data,
    planes,
    scratch,
    output,
    bytes: end,
  };
}

/** How often a component's own sides are halved: one that has fewer samples is halved less. */
function shrinkingOf(
  component: { readonly across: number; readonly down: number },
  most: { readonly across: number; readonly down: number },
  halvings: Halvings,
): readonly [number, number] {
  return [
    Math.max(0, halvings - Math.log2(most.across / component.across)),
    Math.max(0, halvings - Math.log2(most.down / component.down)),
  ];
}

function writeTables(kernels: Kernels, heap: Uint8Array, header: JpegHeader, free: number): boolean {
  for (const [slot, table] of header.quantTables) {
    new Uint16Array(heap.buffer, kernels.quantAddress(slot), 64).set(table);
  }
  const slots = new Set(header.components.flatMap(({ dcSlot, acSlot }) => [dcSlot, acSlot]));
  return [...slots].every((slot) => {
    heap.set(header.huffmanTables.get(slot) ?? [], free);
    return kernels.buildHuffman(slot, free) !== 0;
  });
}

function writeComponents(
  kernels: Kernels,
  { components }: JpegHeader,
  planes: readonly Plane[],
  halvings: Halvings,
): void {
  const [most] = components;
  for (const [index, component] of components.entries()) {
    const { across, down, dcSlot, acSlot, quantSlot } = component;
    const plane = planes[index]!;
    const [shrinkX, shrinkY] = shrinkingOf(component, most ?? component, halvings);
    const numbers = [across, down, dcSlot, acSlot, quantSlot, plane.address, plane.stride, shrinkX, shrinkY, 0];
    new Int32Array(kernels.memory.buffer, kernels.componentAddress(index), numbers.length).set(numbers);
  }
}

/** Brings the planes together to RGB. */
function paint(
  kernels: Kernels,
  [luma, blue, red]: readonly Plane[],
  { width, height }: ImageSize,
  { scratch, target }: { readonly scratch: number; readonly target: number },
): void {
  if (!luma) return;
  kernels.paint(
    luma.address,
    luma.stride,
    blue?.address ?? 0,
    red?.address ?? 0,
    blue?.stride ?? 0,
    blue?.width ?? 0,
    blue?.height ?? 0,
    width,
    height,
    scratch,
    target,
  );
}

function orient(image: RgbImage, orientation: number): RgbImage {
  switch (orientation) {
    case 2:
      return flipHorizontally(image);
    case 3:
      return flipHorizontally(flipVertically(image));
    case 4:
      return flipVertically(image);
    case 5:
      return flipHorizontally(turnClockwise(image));
    case 6:
      return turnClockwise(image);
    case 7:
      return flipHorizontally(turnCounterClockwise(image));
    case 8:
      return turnCounterClockwise(image);
    default:
      return image;
  }
}
