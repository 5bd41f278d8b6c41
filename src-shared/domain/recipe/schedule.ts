import * as v from 'valibot';
import { epochsOrNoneSchema, epochsSchema } from './epochs.ts';

const factor = v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1));
const divisor = v.pipe(v.number(), v.minValue(1), v.maxValue(1e8));

/** Ends of epochs, counted from the end of the warm-up, each later than the one before it. */
export const milestonesSchema = v.pipe(
  v.array(epochsSchema),
  v.minLength(1),
  v.maxLength(20),
  v.check(
    (list) => list.every((epoch, index) => index === 0 || epoch > (list[index - 1] ?? 0)),
    'Expected ‹rising epochs› for ‹milestones›',
  ),
  v.readonly(),
);

/** How the learning rate changes over the epochs: PyTorch's schedulers with their names and meanings. */
export const scheduleSchema = v.variant('kind', [
  v.pipe(v.strictObject({ kind: v.literal('constant') }), v.readonly()),
  /** Multiplied by gamma after every stepSize epochs. */
  v.pipe(v.strictObject({ kind: v.literal('step'), stepSize: epochsSchema, gamma: factor }), v.readonly()),
  /** Multiplied by gamma at each milestone. */
  v.pipe(v.strictObject({ kind: v.literal('multi-step'), milestones: milestonesSchema, gamma: factor }), v.readonly()),
  /** Multiplied by gamma after every epoch. */
  v.pipe(v.strictObject({ kind: v.literal('exponential'), gamma: factor }), v.readonly()),
  /** Half a cosine from the learning rate to 0 over all steps. */
  v.pipe(v.strictObject({ kind: v.literal('cosine') }), v.readonly()),
  /** Up to the learning rate in the first pctStart of the steps, then far down, each along half a cosine. */
  v.pipe(
    v.strictObject({
      kind: v.literal('one-cycle'),
      pctStart: v.pipe(v.number(), v.minValue(0.01), v.maxValue(0.99)),
      /** The first rate is the learning rate divided by this. */
      divFactor: divisor,
      /** The last rate is the first one divided by this. */
      finalDivFactor: divisor,
    }),
    v.readonly(),
  ),
  /** Multiplied by factor whenever more than patience epochs brought no validation loss below (1 − threshold) · the best. */
  v.pipe(
    v.strictObject({
      kind: v.literal('reduce-on-plateau'),
      factor: v.pipe(v.number(), v.minValue(0.0001), v.maxValue(0.99)),
      patience: epochsOrNoneSchema,
      threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(0.5)),
    }),
    v.readonly(),
  ),
]);
export type Schedule = v.InferOutput<typeof scheduleSchema>;
export type ScheduleKind = Schedule['kind'];

export const scheduleKinds = [
  'constant',
  'step',
  'multi-step',
  'exponential',
  'cosine',
  'one-cycle',
  'reduce-on-plateau',
] as const satisfies readonly ScheduleKind[];

/** torch.optim.lr_scheduler.LinearLR before the schedule, which then has the epochs that are left. */
export const warmUpSchema = v.pipe(
  v.strictObject({ epochs: epochsSchema, startFactor: v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1)) }),
  v.readonly(),
);
export type WarmUp = v.InferOutput<typeof warmUpSchema>;

/** torchvision's reference training starts at a hundredth (lr_warmup_decay). */
export const defaultWarmUp: WarmUp = { epochs: 1, startFactor: 0.01 };

/** Each schedule with PyTorch's defaults where it has any, and numbers that do something in so many epochs. */
export function scheduleDefaults(epochCount: number): {
  readonly [Kind in ScheduleKind]: Extract<Schedule, { kind: Kind }>;
} {
  const half = Math.ceil(epochCount / 2);
  return {
    constant: { kind: 'constant' },
    step: { kind: 'step', stepSize: Math.ceil(epochCount / 3), gamma: 0.1 },
    'multi-step': {
      kind: 'multi-step',
      milestones: [half, Math.max(half + 1, Math.ceil(epochCount * 0.75))],
      gamma: 0.1,
    },
    exponential: { kind: 'exponential', gamma: 0.9 },
    cosine: { kind: 'cosine' },
    'one-cycle': { kind: 'one-cycle', pctStart: 0.3, divFactor: 25, finalDivFactor: 1e4 },
    // PyTorch waits 10 epochs, which is longer than most runs here.
    'reduce-on-plateau': { kind: 'reduce-on-plateau', factor: 0.1, patience: 2, threshold: 1e-4 },
  };
}
