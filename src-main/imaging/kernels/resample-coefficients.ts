/** Fractional bits of a fixed-point weight: 32 minus 8 for the pixel minus 2 so that negative lobes cannot overflow. */
export const precisionBits = 22;

/** For every output position: which inputs count, and by how much. */
export interface ResampleCoefficients {
  /** First input position of each output position. */
  readonly starts: Int32Array;
  /** How many input positions each output position reads. */
  readonly counts: Int32Array;
  /** `stride` weights per output position; fixed point with `precisionBits` fractional bits, unused ones are 0. */
  readonly weights: Int32Array;
  readonly stride: number;
}

interface Filter {
  readonly support: number;
  readonly weigh: (distance: number) => number;
}

const filters: Readonly<Record<'bilinear' | 'bicubic', Filter>> = {
  bilinear: { support: 1, weigh: weighBilinear },
  bicubic: { support: 2, weigh: weighBicubic },
};

/** The weights of one axis, by the arithmetic of Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc`. */
export function computeCoefficients(
  inputLength: number,
  outputLength: number,
  interpolation: 'bilinear' | 'bicubic',
): ResampleCoefficients {
  const filter = filters[interpolation];
  const scale = inputLength / outputLength;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const inverseFilterScale = 1 / filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(outputLength);
  const counts = new Int32Array(outputLength);
  const weights = new Int32Array(outputLength * stride);
  const row = new Float64Array(stride);
  for (let output = 0; output < outputLength; output += 1) {
    const center = (output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(inputLength, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < count; tap += 1) {
      const weight = filter.weigh((tap + start - center + 0.5) * inverseFilterScale);
      row[tap] = weight;
      sum += weight;
    }
    starts[output] = start;
    counts[output] = count;
    for (let tap = 0; tap < count; tap += 1) {
      weights[output * stride + tap] = toFixedPoint(sum === 0 ? (row[tap] ?? 0) : (row[tap] ?? 0) / sum);
    }
  }
  return { starts, counts, weights, stride };
}

function toFixedPoint(weight: number): number {
  const scaled = weight * (1 << precisionBits);
  return Math.trunc(weight < 0 ? scaled - 0.5 : scaled + 0.5);
}

function weighBilinear(distance: number): number {
  const x = Math.abs(distance);
  return x < 1 ? 1 - x : 0;
}

/** Cubic convolution with a = −0.5 (Catmull–Rom). */
function weighBicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}
