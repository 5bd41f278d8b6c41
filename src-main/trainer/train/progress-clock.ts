import type { RunPhase, RunProgress } from '../../../src-shared/domain/run.ts';

/** One part of a run. A unit is a view of an image (features), an image (evaluation) or a step (head, all). */
export interface PhaseEstimate {
  readonly phase: RunPhase;
  readonly total: number;
  /** What a unit costs beside one image's features; only decides until the phase itself was measured. */
  readonly relativeCost: number;
}

export interface ProgressPlan {
  readonly phases: readonly PhaseEstimate[];
  readonly totalSteps: number;
  readonly totalEpochs: number;
}

/** How far a run is and how long it will take, from speeds measured in this run. */
export interface ProgressClock {
  /** From now on time goes to this phase; a phase that ends sooner than planned counts as done. */
  enter(phase: RunPhase): void;
  /** Units that cost nothing, because a cache had them. */
  skip(units: number): void;
  /** `units` more of the current phase are done; `images` went through, none when the time went to something else. */
  advance(units: number, images: number): void;
  /** Of the time until the next advance, so much went into waiting for a batch. */
  readonly waited: (milliseconds: number) => void;
  /** Images a second of the current phase, over about the last ten advances; null before the first. */
  imagesPerSecond(): number | null;
  /** What was waited of the time in which images went through in this phase, 0 … 1; null before the first. */
  waitingShare(): number | null;
  progress(memoryBytes: number): RunProgress;
}

interface PhaseState extends PhaseEstimate {
  done: number;
  skipped: number;
  seconds: number;
  /** Of `seconds`, those in which images went through, and what was waited in them. */
  imageSeconds: number;
  waitedSeconds: number;
  hasEnded: boolean;
}

/** Share of a new speed in the running mean: about the last ten count. */
const smoothing = 0.2;

/** Starts the clock; `nowMs` is a monotonic time. */
export function startProgressClock(plan: ProgressPlan, nowMs: () => number = () => performance.now()): ProgressClock {
  const phases = plan.phases.map((phase): PhaseState => ({
    ...phase,
    done: 0,
    skipped: 0,
    seconds: 0,
    imageSeconds: 0,
    waitedSeconds: 0,
    hasEnded: false,
  }));
  const startMs = nowMs();
  let current = phases[0];
  let lastMs = startMs;
  let speed: number | null = null;
  let waitedSeconds = 0;
  let value = 0;

  return {
    enter(phase) {
      const index = phases.findIndex((candidate) => candidate.phase === phase);
      for (const earlier of phases.slice(0, Math.max(0, index))) earlier.hasEnded = true;
      current = phases[index];
      lastMs = nowMs();
      speed = null;
      waitedSeconds = 0;
    },
    skip(units) {
      if (!current) return;
      current.done += units;
      current.skipped += units;
      lastMs = nowMs();
    },
    advance(units, images) {
      if (!current) return;
      const seconds = (nowMs() - lastMs) / 1000;
      lastMs = nowMs();
      current.done += units;
      current.seconds += seconds;
      const waited = waitedSeconds;
      waitedSeconds = 0;
      if (images === 0) return;
      current.imageSeconds += seconds;
      current.waitedSeconds += waited;
      const newSpeed = images / Math.max(seconds, 1e-6);
      speed = speed === null ? newSpeed : speed + (newSpeed - speed) * smoothing;
    },
    waited(milliseconds) {
      waitedSeconds += milliseconds / 1000;
    },
    imagesPerSecond: () => speed,
    waitingShare: () => waitingShareOf(current),
    progress(memoryBytes) {
      const secondsLeft = estimateSecondsLeft(phases);
      const elapsed = (nowMs() - startMs) / 1000;
      // A slower phase than expected would move the bar back: it waits instead.
      if (secondsLeft !== null) value = Math.max(value, elapsed / Math.max(elapsed + secondsLeft, 1e-9));
      return {
        phase: current?.phase ?? 'features',
        value,
        done: current?.done ?? 0,
        total: current?.total ?? 0,
        imagesPerSecond: speed,
        waitingShare: waitingShareOf(current),
        secondsLeft,
        memoryBytes,
        totalSteps: plan.totalSteps,
        totalEpochs: plan.totalEpochs,
      };
    },
  };
}

function waitingShareOf(phase: PhaseState | undefined): number | null {
  return phase && phase.imageSeconds > 0 ? phase.waitedSeconds / phase.imageSeconds : null;
}

/** Null until anything was measured. */
function estimateSecondsLeft(phases: readonly PhaseState[]): number | null {
  const measured = phases.filter((phase) => phase.done > phase.skipped && phase.seconds > 0);
  const reference = measured[0];
  if (!reference) return phases.every((phase) => phase.hasEnded || phase.done >= phase.total) ? 0 : null;
  const secondsPerCost = secondsPerUnit(reference) / reference.relativeCost;
  return phases
    .filter((phase) => !phase.hasEnded)
    .reduce((sum, phase) => {
      const perUnit = measured.includes(phase) ? secondsPerUnit(phase) : phase.relativeCost * secondsPerCost;
      return sum + Math.max(0, phase.total - phase.done) * perUnit;
    }, 0);
}

function secondsPerUnit(phase: PhaseState): number {
  return phase.seconds / (phase.done - phase.skipped);
}
