import { assertNever } from '../../lib/assert-never.ts';
import type { Schedule, WarmUp } from './schedule.ts';

/** A step of a phase, and how long the phase is. */
export interface SchedulePosition {
  readonly baseLearningRate: number;
  /** Counted from 0 at the beginning of the phase. */
  readonly stepIndex: number;
  readonly stepsPerEpoch: number;
  readonly epochCount: number;
  /** What reduce-on-plateau has made of the rate so far; 1 at first. */
  readonly plateauFactor: number;
}

/** How the learning rate changes over a phase. */
export interface LearningRatePlan {
  readonly schedule: Schedule;
  readonly warmUp: WarmUp | null;
}

/** The learning rate of one step, by PyTorch's schedulers: LinearLR as warm-up, then the schedule over the steps that are left. */
export function learningRateAt({ schedule, warmUp }: LearningRatePlan, position: SchedulePosition): number {
  const { baseLearningRate, stepIndex, stepsPerEpoch, epochCount } = position;
  const warmEpochs = warmUp?.epochs ?? 0;
  const warmSteps = warmEpochs * stepsPerEpoch;
  if (warmUp && stepIndex < warmSteps) {
    return baseLearningRate * (warmUp.startFactor + ((1 - warmUp.startFactor) * stepIndex) / warmSteps);
  }
  return scheduledRate(schedule, {
    ...position,
    stepIndex: stepIndex - warmSteps,
    epochCount: Math.max(1, epochCount - warmEpochs),
  });
}

function scheduledRate(schedule: Schedule, position: SchedulePosition): number {
  const { baseLearningRate, stepIndex, stepsPerEpoch, epochCount, plateauFactor } = position;
  const epoch = Math.floor(stepIndex / stepsPerEpoch);
  switch (schedule.kind) {
    case 'constant':
      return baseLearningRate;
    case 'step':
      return baseLearningRate * schedule.gamma ** Math.floor(epoch / schedule.stepSize);
    case 'multi-step':
      return baseLearningRate * schedule.gamma ** schedule.milestones.filter((milestone) => milestone <= epoch).length;
    case 'exponential':
      return baseLearningRate * schedule.gamma ** epoch;
    case 'cosine':
      return alongCosine(baseLearningRate, 0, stepIndex / (stepsPerEpoch * epochCount));
    case 'one-cycle':
      return oneCycleRate(schedule, position);
    case 'reduce-on-plateau':
      return baseLearningRate * plateauFactor;
    default:
      return assertNever(schedule, 'schedule');
  }
}

/** OneCycleLR with cosine annealing, whose rise ends at step pctStart · steps − 1 and whose fall at the last step. */
function oneCycleRate(schedule: Extract<Schedule, { kind: 'one-cycle' }>, position: SchedulePosition): number {
  const { baseLearningRate, stepIndex, stepsPerEpoch, epochCount } = position;
  const last = stepsPerEpoch * epochCount - 1;
  const top = schedule.pctStart * (last + 1) - 1;
  const first = baseLearningRate / schedule.divFactor;
  if (stepIndex <= top) return alongCosine(first, baseLearningRate, top === 0 ? 1 : stepIndex / top);
  return alongCosine(baseLearningRate, first / schedule.finalDivFactor, (stepIndex - top) / (last - top));
}

/** From one value to the other along half a cosine; `share` 0 … 1. */
function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) / 2) * (1 + Math.cos(Math.PI * share));
}
