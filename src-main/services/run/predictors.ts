import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { ProcessStarter } from '../../core/ports.ts';
import type { FromTrainer, PredictJob } from '../../jobs/trainer-protocol.ts';
import { startTrainerSession, type TrainerSession } from './trainer-session.ts';

/** What a run's network says about one file; sizes in pixels after EXIF orientation. */
export interface RawPrediction {
  readonly probabilities: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** A run's network as it is at the moment. */
interface NetworkVersion {
  readonly runId: RunId;
  readonly version: number;
}

export interface PredictOptions {
  /** Called for each file that is answered. */
  readonly onAnswer?: () => void;
  /** Takes back what is not answered yet; the prediction then rejects with its reason. */
  readonly signal?: AbortSignal;
}

interface Predictor {
  readonly version: number;
  readonly session: TrainerSession;
  readonly waiting: Map<number, PromiseWithResolvers<RawPrediction>>;
  nextId: number;
  isStopping: boolean;
  idleTimer: NodeJS.Timeout | undefined;
}

const defaultIdleMs = 60_000;
/** A loaded network costs half a gigabyte, so that few are kept. */
const mostPredictors = 2;

/** Keeps the networks of runs loaded in processes of their own for as long as pictures keep coming. */
export class Predictors {
  readonly #starter: ProcessStarter;
  readonly #idleMs: number;
  /** Least recently used first. */
  readonly #predictors = new Map<RunId, Predictor>();

  constructor(starter: ProcessStarter, idleMs = defaultIdleMs) {
    this.#starter = starter;
    this.#idleMs = idleMs;
  }

  /**
   * What the network says about each file, in their order: an AppError damaged-file for a bad picture, training-failed when the process
   * went away. Rejects when the network cannot be loaded at all.
   */
  async predict(
    network: NetworkVersion,
    makeJob: () => Promise<PredictJob>,
    paths: readonly string[],
    { onAnswer, signal }: PredictOptions = {},
  ): Promise<readonly PromiseSettledResult<RawPrediction>[]> {
    const predictor = this.#current(network) ?? this.#start(network, await makeJob());
    this.#touch(network.runId, predictor);
    signal?.throwIfAborted();
    const questions = paths.map((path) => ask(predictor, path));
    const takeBack = (): void => withdraw(predictor, questions, signal?.reason);
    signal?.addEventListener('abort', takeBack);
    const answers = await Promise.allSettled(
      questions.map(async ({ answer }) => {
        const prediction = await answer;
        onAnswer?.();
        return prediction;
      }),
    );
    signal?.removeEventListener('abort', takeBack);
    signal?.throwIfAborted();
    return answers;
  }

  /** Ends all of them; resolves when their processes are gone. */
  async close(): Promise<void> {
    const sessions = [...this.#predictors.values()].map(({ session }) => session);
    for (const [runId, predictor] of this.#predictors) this.#stop(runId, predictor);
    await Promise.all(sessions.map(({ ended }) => ended));
  }

  /** The predictor of this version; one of older weights is sent away. */
  #current({ runId, version }: NetworkVersion): Predictor | undefined {
    const predictor = this.#predictors.get(runId);
    if (predictor?.version === version) return predictor;
    if (predictor) this.#stop(runId, predictor);
    return undefined;
  }

  #start(network: NetworkVersion, job: PredictJob): Predictor {
    const { runId, version } = network;
    // Two calls may have made the job at the same time.
    const existing = this.#current(network);
    if (existing) return existing;
    const waiting: Predictor['waiting'] = new Map();
    const session = startTrainerSession({
      starter: this.#starter,
      job,
      onMessage: (message) => settle(waiting, message),
    });
    const predictor: Predictor = { version, session, waiting, nextId: 1, isStopping: false, idleTimer: undefined };
    void session.ended.then((outcome) => {
      clearTimeout(predictor.idleTimer);
      if (this.#predictors.get(runId) === predictor) this.#predictors.delete(runId);
      const error =
        outcome.kind === 'failed'
          ? AppError.fromShape(outcome.error)
          : new AppError('training-failed', outcome.kind === 'lost' ? outcome.reason : say('predictorEnded'), {
              retry: true,
            });
      waiting.forEach(({ reject }) => reject(error));
    });
    return predictor;
  }

  #touch(runId: RunId, predictor: Predictor): void {
    this.#predictors.delete(runId);
    this.#predictors.set(runId, predictor);
    clearTimeout(predictor.idleTimer);
    predictor.idleTimer = setTimeout(() => {
      if (predictor.waiting.size === 0) this.#stop(runId, predictor);
      else this.#touch(runId, predictor);
    }, this.#idleMs);
    const [oldest] = this.#predictors;
    if (this.#predictors.size > mostPredictors && oldest && oldest[1].waiting.size === 0) this.#stop(...oldest);
  }

  #stop(runId: RunId, predictor: Predictor): void {
    if (predictor.isStopping) return;
    predictor.isStopping = true;
    clearTimeout(predictor.idleTimer);
    this.#predictors.delete(runId);
    predictor.session.cancel(5_000);
  }
}

interface Question {
  readonly id: number;
  readonly answer: Promise<RawPrediction>;
}

function ask(predictor: Predictor, path: string): Question {
  const { waiting, session, nextId: id } = predictor;
  predictor.nextId += 1;
  const answer = Promise.withResolvers<RawPrediction>();
  waiting.set(id, answer);
  session.send({ type: 'predict', id, path });
  return { id, answer: answer.promise };
}

/** The process stays: others may be asking it, and a new question need not wait for the network again. */
function withdraw({ waiting, session }: Predictor, questions: readonly Question[], reason: unknown): void {
  const open = questions.filter(({ id }) => waiting.has(id));
  session.send({ type: 'withdraw', ids: open.map(({ id }) => id) });
  for (const { id } of open) {
    waiting.get(id)?.reject(reason);
    waiting.delete(id);
  }
}

function settle(waiting: Predictor['waiting'], message: FromTrainer): void {
  if (message.type !== 'predicted') return;
  const answer = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.result.ok) answer?.resolve(message.result);
  else answer?.reject(AppError.fromShape(message.result.error));
}
