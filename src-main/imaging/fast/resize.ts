import { RecentlyUsed } from '../../../src-shared/lib/recently-used.ts';
import { computeCoefficients, type ResampleCoefficients } from '../kernels/resample-coefficients.ts';
import { areColumnsFirst, resize as resizePlainly } from '../kernels/resize.ts';
import type { ImageSize, Interpolation, RgbImage } from '../kernels/rgb-image.ts';
import { isFast, onPicture, type Places } from './on-picture.ts';

const lowBits = 11;
const cacheBytes = 4e6;

/** The weights of one axis as the kernels read them: starts, then groups of two taps in two parts each. */
interface PackedWeights {
  readonly starts: Int32Array;
  /** For each position and group: two high parts, two low parts. */
  readonly groups: Int16Array;
  readonly groupCount: number;
}

const packed = new RecentlyUsed<string, PackedWeights>(cacheBytes);

/** As `kernels/resize.ts`, to the bit, by WebAssembly. */
export function resize(image: RgbImage, size: ImageSize, interpolation: Interpolation): RgbImage {
  const isSame = image.width === size.width && image.height === size.height;
  const largest = { width: Math.max(image.width, size.width), height: Math.max(image.height, size.height) };
  if (isSame || interpolation === 'nearest' || !isFast(largest)) return resizePlainly(image, size, interpolation);
  const across = image.width === size.width ? null : weightsOf(image.width, size.width, interpolation);
  const down = image.height === size.height ? null : weightsOf(image.height, size.height, interpolation);
  const scratchBytes = Math.max(bytesOf(across), bytesOf(down));
  const { width, height } = size;
  return onPicture(image, { size: { width, height }, largest, scratchBytes }, (places) => {
    const run = areColumnsFirst(image, size) ? [resizeHeight, resizeWidth] : [resizeWidth, resizeHeight];
    let at = { width: image.width, height: image.height, address: places.source };
    for (const pass of run) at = pass(places, at, size, pass === resizeWidth ? across : down);
    return at.address;
  });
}

interface Lying extends ImageSize {
  readonly address: number;
}

function resizeWidth(places: Places, from: Lying, { width }: ImageSize, weights: PackedWeights | null): Lying {
  if (!weights) return from;
  const to = { width, height: from.height, address: places.other(from.address) };
  const [starts, groups] = writeWeights(places, weights);
  const rowBytes = from.width * 3;
  places.kernels.resampleRows(
    from.address,
    rowBytes,
    from.height,
    to.address,
    width,
    starts,
    groups,
    weights.groupCount,
  );
  return to;
}

function resizeHeight(places: Places, from: Lying, { height }: ImageSize, weights: PackedWeights | null): Lying {
  if (!weights) return from;
  const to = { width: from.width, height, address: places.other(from.address) };
  const [starts, groups] = writeWeights(places, weights);
  const rowBytes = from.width * 3;
  places.kernels.resampleColumns(
    from.address,
    rowBytes,
    from.height,
    to.address,
    height,
    starts,
    groups,
    weights.groupCount,
  );
  return to;
}

function writeWeights({ heap, scratch }: Places, { starts, groups }: PackedWeights): readonly [number, number] {
  new Int32Array(heap.buffer, scratch, starts.length).set(starts);
  const at = scratch + starts.byteLength;
  new Int16Array(heap.buffer, at, groups.length).set(groups);
  return [scratch, at];
}

function bytesOf(weights: PackedWeights | null): number {
  return weights ? weights.starts.byteLength + weights.groups.byteLength : 0;
}

function weightsOf(from: number, to: number, interpolation: 'bilinear' | 'bicubic'): PackedWeights {
  const key = `${from}/${to}/${interpolation}`;
  const known = packed.get(key);
  if (known) return known;
  const made = pack(computeCoefficients(from, to, interpolation));
  packed.set(key, made, bytesOf(made));
  return made;
}

/** Splits each weight in two, and fills up to groups of four taps with weights of 0. */
function pack({ starts, counts, weights, stride }: ResampleCoefficients): PackedWeights {
  const groupCount = 2 * Math.ceil(counts.reduce((most, count) => Math.max(most, count), 1) / 4);
  const groups = new Int16Array(starts.length * groupCount * 4);
  for (let position = 0; position < starts.length; position += 1) {
    for (let tap = 0; tap < counts[position]!; tap += 1) {
      const weight = weights[position * stride + tap]!;
      const at = (position * groupCount + (tap >> 1)) * 4 + (tap & 1);
      groups[at] = weight >> lowBits;
      groups[at + 2] = weight & ((1 << lowBits) - 1);
    }
  }
  return { starts, groups, groupCount };
}
