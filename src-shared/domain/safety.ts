import * as v from 'valibot';
import { imageIdSchema, runIdSchema } from './ids.ts';

/** Share of the images, 0 … 1, whose prediction may change before a strength counts as unsafe. */
export const safeShare = 0.05;
/** Wrong images that are kept of one strength, to be looked at. */
export const mostExamples = 12;

/** One strength of one setting of a step, tried on images that the model judges right and surely. */
export const safetyPointSchema = v.pipe(
  v.strictObject({
    /** In the setting's own unit; null where the step has no strength and either happens or not. */
    value: v.nullable(v.number()),
    judged: v.number(),
    /** Images whose predicted class is no longer their label. */
    changed: v.number(),
    /** Some of those, with the index of the class that is now predicted. */
    examples: v.pipe(
      v.array(
        v.pipe(v.strictObject({ imageId: imageIdSchema, label: v.number(), predicted: v.number() }), v.readonly()),
      ),
      v.readonly(),
    ),
  }),
  v.readonly(),
);
export type SafetyPoint = v.InferOutput<typeof safetyPointSchema>;

/** One setting of one step, tried over its range. */
export const safetyAxisSchema = v.pipe(
  v.strictObject({
    stepId: v.string(),
    kind: v.string(),
    /** torchvision's name of the setting; null where only the step as a whole can be tried. */
    field: v.nullable(v.string()),
    /** The strength that changes nothing; it is not tried. */
    neutral: v.nullable(v.number()),
    /** By rising value. */
    points: v.pipe(v.array(safetyPointSchema), v.readonly()),
  }),
  v.readonly(),
);
export type SafetyAxis = v.InferOutput<typeof safetyAxisSchema>;

/** What the random steps of a pipeline do to the predictions of a run. */
export const safetyReportSchema = v.pipe(
  v.strictObject({
    runId: runIdSchema,
    /** Images that are tried: held out, judged right, with a probability of 0.9 at least. */
    imageCount: v.number(),
    axes: v.pipe(v.array(safetyAxisSchema), v.readonly()),
  }),
  v.readonly(),
);
export type SafetyReport = v.InferOutput<typeof safetyReportSchema>;

/** True when more predictions changed at this strength than is safe. */
export function isUnsafe({ judged, changed }: SafetyPoint): boolean {
  return judged > 0 && changed / judged > safeShare;
}

/**
 * The widest range of strengths around the neutral one in which every strength that was tried is safe, as [low, high].
 *
 * It ends at strengths that were tried, or at the neutral one where the nearest is unsafe already. Null where the setting has no strengths.
 */
export function safeRange({ neutral, points }: SafetyAxis): readonly [number, number] | null {
  if (neutral === null) return null;
  const tried = points.flatMap((point) =>
    point.value === null ? [] : [{ value: point.value, isUnsafe: isUnsafe(point) }],
  );
  const end = (side: typeof tried): number => {
    const unsafeAt = side.findIndex((one) => one.isUnsafe);
    const safe = unsafeAt === -1 ? side : side.slice(0, unsafeAt);
    return safe.at(-1)?.value ?? neutral;
  };
  return [
    end(tried.filter(({ value }) => value < neutral).toReversed()),
    end(tried.filter(({ value }) => value > neutral)),
  ];
}
