import * as v from 'valibot';
import { centerSchema, degreesSchema, fillSchema, interpolationSchema, pairOf, reversedRanges } from './fields.ts';
import { defineStepKind } from './step-kind.ts';

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const factor = v.pipe(v.number(), v.minValue(0.01), v.maxValue(100));
/** Short of a right angle, where a picture would become a line. */
const shearAngle = v.pipe(v.number(), v.minValue(-89), v.maxValue(89));

/** Turns, moves, scales and shears by random amounts; the size stays. */
export const randomAffine = defineStepKind(
  v.pipe(
    v.strictObject({
      /** Clockwise. */
      degrees: degreesSchema,
      /** Greatest moves as shares of [width, height]; null moves nothing. */
      translate: v.nullable(pairOf(share)),
      scale: v.nullable(pairOf(factor)),
      /** Degrees along x from −s to s, [from, to] along x, or [from, to] along x and [from, to] along y. */
      shear: v.nullable(
        v.union([
          v.pipe(v.number(), v.minValue(0), v.maxValue(89)),
          pairOf(shearAngle),
          v.pipe(v.strictTuple([shearAngle, shearAngle, shearAngle, shearAngle]), v.readonly()),
        ]),
      ),
      interpolation: interpolationSchema,
      fill: fillSchema,
      center: centerSchema,
    }),
    v.readonly(),
  ),
  {
    defaults: {
      degrees: 15,
      translate: null,
      scale: null,
      shear: null,
      interpolation: 'nearest',
      fill: 0,
      center: null,
    },
    group: 'geometry',
    isRandom: true,
    badRanges({ degrees, scale, shear }) {
      const ends = shear === null || typeof shear === 'number' ? [] : shear;
      const [lowX = 0, highX = 0, lowY = 0, highY = 0] = ends;
      return [
        ...reversedRanges({ degrees, scale }),
        ...reversedRanges({ shear: [Math.max(lowX - highX, lowY - highY), 0] }),
      ];
    },
  },
);
