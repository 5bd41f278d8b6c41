import type { AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import { say, textOf, type NamedSentence, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { ProcessStarter, TrainerProcess } from '../../core/ports.ts';
import { isAboutMemory } from '../../jobs/memory-words.ts';
import type { FromTrainer, TrainerJob } from '../../jobs/trainer-protocol.ts';
import { cardFailure } from './card-reason.ts';
import { memoryAdvice, memoryReason, type MemoryTrouble } from './memory-reason.ts';

/** What a trainer says when its job is done. */
type LastWord =
  'map-drawn' | 'trained' | 'verified' | 'rate-found' | 'cost-measured' | 'safety-checked' | 'features-computed';

/** How a trainer's job ended. */
export type TrainerOutcome =
  | { readonly kind: 'done'; readonly message: Extract<FromTrainer, { readonly type: LastWord }> }
  | { readonly kind: 'failed'; readonly error: AppErrorShape; readonly memory: MemoryTrouble }
  /** It went away without a last word. */
  | { readonly kind: 'lost'; readonly reason: Sentence; readonly memory: MemoryTrouble };

/** How long to wait, in milliseconds, before a trainer is taken for stuck and ended. */
export interface TrainerPatience {
  /** Without any message; a trainer sends a heartbeat every second. */
  readonly silenceMs: number;
  /** Between cancelling and ending it. */
  readonly cancelMs: number;
  /** Between its last word and its exit. */
  readonly exitMs: number;
}

/** What a shell answers for a process that SIGKILL ended. */
const killedCode = 137;

export const defaultPatience: TrainerPatience = { silenceMs: 60_000, cancelMs: 30_000, exitMs: 10_000 };

/** One trainer at work on one job. */
export interface TrainerSession {
  /** Resolves once the process is gone, so that its memory is free; never rejects. */
  readonly ended: Promise<TrainerOutcome>;
  send: TrainerProcess['send'];
  /** Asks it to stop soon and ends it when it does not. */
  cancel(patienceMs?: number): void;
  kill(because: NamedSentence): void;
}

interface SessionOptions {
  readonly starter: ProcessStarter;
  readonly job: TrainerJob;
  readonly onMessage: (message: FromTrainer) => void;
  readonly patience?: TrainerPatience;
}

/** Starts a trainer on a job and watches over it: a silent, stuck or lost process always comes to an end. */
export function startTrainerSession({
  starter,
  job,
  onMessage,
  patience = defaultPatience,
}: SessionOptions): TrainerSession {
  const process = starter.startTrainer();
  const { promise: ended, resolve } = Promise.withResolvers<TrainerOutcome>();
  let lastWord: TrainerOutcome | undefined;
  let killReason: NamedSentence | undefined;
  const stopWatch = createWatch();

  const kill = (because: NamedSentence): void => {
    killReason ??= because;
    process.kill();
  };
  const watchSilence = (): void =>
    stopWatch.set('silence', patience.silenceMs, () =>
      kill(say('becauseSilent', { seconds: seconds(patience.silenceMs) })),
    );

  process.onMessage((message) => {
    watchSilence();
    const outcome = outcomeOf(message, job);
    if (outcome) {
      lastWord = outcome;
      stopWatch.set('exit', patience.exitMs, () => kill(say('becauseStuck')));
    }
    onMessage(message);
  });
  process.onExit((exit) => {
    stopWatch.clear();
    resolve(lastWord ?? { kind: 'lost', ...lossOf(killReason, exit, job) });
  });
  process.send({ type: 'start', job });
  watchSilence();

  return {
    ended,
    send: (message) => process.send(message),
    kill,
    cancel: (patienceMs = patience.cancelMs) => {
      process.send({ type: 'cancel' });
      stopWatch.set('cancel', patienceMs, () => kill(say('becauseStubborn', { seconds: seconds(patienceMs) })));
    },
  };
}

/** The outcome that a message tells; null before the last word. */
function outcomeOf(message: FromTrainer, job: TrainerJob): TrainerOutcome | null {
  switch (message.type) {
    case 'failed':
      return isAboutMemory(textOf(message.error.message))
        ? { kind: 'failed', error: outOfMemory(job), memory: 'ran-out' }
        : { kind: 'failed', error: message.error, memory: 'none' };
    case 'trained':
    case 'verified':
    case 'rate-found':
    case 'cost-measured':
    case 'safety-checked':
    case 'features-computed':
    case 'map-drawn':
      return { kind: 'done', message };
    default:
      return null;
  }
}

function outOfMemory(job: TrainerJob): AppErrorShape {
  return { code: 'training-failed', message: memoryReason('ran-out', memoryAdvice(job)), retry: true };
}

/** Named timers, each of which can be set anew. */
function createWatch(): { set(name: string, ms: number, onTime: () => void): void; clear(): void } {
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    set: (name, ms, onTime) => {
      clearTimeout(timers.get(name));
      timers.set(name, setTimeout(onTime, ms));
    },
    clear: () => timers.forEach((timer) => clearTimeout(timer)),
  };
}

type Exit = Parameters<Parameters<TrainerProcess['onExit']>[0]>[0];

type Loss = Pick<Extract<TrainerOutcome, { readonly kind: 'lost' }>, 'reason' | 'memory'>;

function lossOf(because: NamedSentence | undefined, exit: Exit, job: TrainerJob): Loss {
  if (because !== undefined) return { reason: say('trainerEnded', { because }), memory: 'none' };
  const memory = memoryTroubleOf(exit);
  if (memory !== 'none') return { reason: memoryReason(memory, memoryAdvice(job)), memory };
  const { code, signal, stderrTail } = exit;
  const card = cardFailure(stderrTail, job);
  if (card) return { reason: card, memory };
  const words = stderrTail.trim().split('\n').at(-1) ?? '';
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
  return { reason: words === '' ? say('trainerLost', { how }) : say('trainerLostSaying', { how, words }), memory };
}

function memoryTroubleOf({ code, signal, stderrTail, endedForMemory }: Exit): MemoryTrouble {
  if (endedForMemory || isAboutMemory(stderrTail)) return 'ran-out';
  return signal === 'SIGKILL' || code === killedCode ? 'suspected' : 'none';
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}
