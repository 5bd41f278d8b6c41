import type { Schedule } from '../../src-shared/domain/recipe/schedule.ts';
import { assertNever } from '../../src-shared/lib/assert-never.ts';

/** How the learning rate changes while a phase of a training goes on. */
export type LearningRateSchedule = Schedule;

/** A step of a phase, and how long the phase is. */
export interface SchedulePosition {
  readonly baseLearningRate: number;
  /** Counted from 0 at the beginning of the phase. */
  readonly stepIndex: number;
  readonly stepsPerEpoch: number;
  readonly epochCount: number;
}

/** The learning rate of one step. Step: PyTorch's StepLR by epochs. Cosine: ½ · base · (1 + cos(π · step / all steps)). */
export function learningRateAt(schedule: LearningRateSchedule, position: SchedulePosition): number {
  const { baseLearningRate, stepIndex, stepsPerEpoch, epochCount } = position;
  switch (schedule.kind) {
    case 'constant':
      return baseLearningRate;
    case 'step':
      return baseLearningRate * schedule.gamma ** Math.floor(stepIndex / stepsPerEpoch / schedule.stepSize);
    case 'cosine':
      return (baseLearningRate / 2) * (1 + Math.cos((Math.PI * stepIndex) / (stepsPerEpoch * epochCount)));
    default:
      return assertNever(schedule, 'schedule');
  }
}
