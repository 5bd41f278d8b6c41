import type { AppErrorShape } from '../../../src-shared/contract/app-error.ts';
import type { ProcessStarter, TrainerProcess } from '../../core/ports.ts';
import type { FromTrainer, TrainerJob } from '../../jobs/trainer-protocol.ts';

/** How a trainer's job ended. */
export type TrainerOutcome =
  | { readonly kind: 'done'; readonly message: Extract<FromTrainer, { readonly type: 'trained' | 'verified' }> }
  | { readonly kind: 'failed'; readonly error: AppErrorShape }
  /** It went away without a last word. */
  | { readonly kind: 'lost'; readonly reason: string };

/** How long to wait, in milliseconds, before a trainer is taken for stuck and ended. */
export interface TrainerPatience {
  /** Without any message; a trainer sends a heartbeat every second. */
  readonly silenceMs: number;
  /** Between cancelling and ending it. */
  readonly cancelMs: number;
  /** Between its last word and its exit. */
  readonly exitMs: number;
}

export const defaultPatience: TrainerPatience = { silenceMs: 60_000, cancelMs: 30_000, exitMs: 10_000 };

/** One trainer at work on one job. */
export interface TrainerSession {
  /** Resolves once the process is gone, so that its memory is free; never rejects. */
  readonly ended: Promise<TrainerOutcome>;
  send: TrainerProcess['send'];
  /** Asks it to stop soon and ends it when it does not. */
  cancel(patienceMs?: number): void;
  kill(reason: string): void;
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
  let killReason: string | undefined;
  const stopWatch = createWatch();

  const kill = (reason: string): void => {
    killReason ??= reason;
    process.kill();
  };
  const watchSilence = (): void =>
    stopWatch.set('silence', patience.silenceMs, () =>
      kill(`it gave no sign of life for ${seconds(patience.silenceMs)}`),
    );

  process.onMessage((message) => {
    watchSilence();
    const isLastWord = message.type === 'trained' || message.type === 'verified' || message.type === 'failed';
    if (isLastWord) {
      lastWord = message.type === 'failed' ? { kind: 'failed', error: message.error } : { kind: 'done', message };
      stopWatch.set('exit', patience.exitMs, () => kill('it did not exit'));
    }
    onMessage(message);
  });
  process.onExit((exit) => {
    stopWatch.clear();
    resolve(lastWord ?? { kind: 'lost', reason: lostReason(killReason, exit) });
  });
  process.send({ type: 'start', job });
  watchSilence();

  return {
    ended,
    send: (message) => process.send(message),
    kill,
    cancel: (patienceMs = patience.cancelMs) => {
      process.send({ type: 'cancel' });
      stopWatch.set('cancel', patienceMs, () => kill(`it did not stop within ${seconds(patienceMs)}`));
    },
  };
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

function lostReason(killReason: string | undefined, { code, signal, stderrTail }: Exit): string {
  if (killReason !== undefined) return `The trainer was ended because ${killReason}.`;
  if (signal === 'SIGKILL') {
    return 'The trainer was killed from outside, perhaps because memory ran out. Try a smaller batch size.';
  }
  const lastLine = stderrTail.trim().split('\n').at(-1) ?? '';
  const how = signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`;
  return `The trainer went away (${how}).${lastLine === '' ? '' : ` Its last words: ${lastLine}`}`;
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
