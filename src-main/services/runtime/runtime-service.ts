import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import { jobIdSchema, type JobId } from '../../../src-shared/domain/ids.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { Emit } from '../../core/ports.ts';
import { describeRuntime } from '../../runtime/describe-runtime.ts';
import { installCudaRuntime } from '../../runtime/provision-cuda.ts';
import { ensureTensorFlowRuntime } from '../../runtime/provision.ts';
import type { RuntimeDescription, RuntimeProgress, TensorFlowRuntime } from '../../runtime/runtime.ts';
import type { TrainerWork } from '../../jobs/trainer-work.ts';
import { runtimeStatus, type InstalledDevice, type RuntimeAttempt } from './runtime-status.ts';
import { describeHere, measureFolder } from './this-machine.ts';

export interface RuntimeServiceDeps {
  readonly emit: Emit;
  /** This person's, where the runtime is installed. */
  readonly cacheFolder: string;
  /** The provisioner; tests bring one that needs no network. */
  readonly provisioner?: {
    readonly describe: () => ReturnType<typeof describeRuntime>;
    readonly ensure: typeof ensureTensorFlowRuntime;
    readonly installCuda: typeof installCudaRuntime;
  };
}

interface Installation {
  readonly jobId: JobId;
  readonly abort: AbortController;
  readonly done: Promise<TensorFlowRuntime>;
  /** What was there when it began, or when another one ended. Progress comes several times a second, and looking again starts other programs. */
  found: Promise<RuntimeDescription>;
  progress: RuntimeProgress;
  toldAt: number;
}

/** Progress is told this often at most; bytes come much faster. */
const tellEveryMs = 200;

/** The TensorFlow runtime of this machine: says what there is, and installs it once for all who need it. */
export class RuntimeService {
  readonly #emit: Emit;
  readonly #cacheFolder: string;
  readonly #provisioner: NonNullable<RuntimeServiceDeps['provisioner']>;
  /** Apart, because a training that needs the processor's runtime does not wait for gigabytes for the card. */
  readonly #installations = new Map<InstalledDevice, Installation>();
  /** Why the latest installation of this session did not succeed. */
  #lastFailure: AppError | null = null;

  constructor({ emit, cacheFolder, provisioner }: RuntimeServiceDeps) {
    this.#emit = emit;
    this.#cacheFolder = cacheFolder;
    this.#provisioner = provisioner ?? {
      describe: describeRuntime,
      ensure: ensureTensorFlowRuntime,
      installCuda: installCudaRuntime,
    };
  }

  async describe(): Promise<RuntimeStatus> {
    const [underWay] = this.#installations.values();
    const found = underWay?.found ?? this.#provisioner.describe();
    return runtimeStatus(await found, this.#attempt(), describeHere());
  }

  async measureCache(): Promise<{ readonly folder: string; readonly sizeBytes: number }> {
    return { folder: this.#cacheFolder, sizeBytes: await measureFolder(this.#cacheFolder) };
  }

  /** Starts installing, or joins the installation under way; `runtime.changed` tells how it goes. */
  async install(device: InstalledDevice): Promise<RuntimeStatus> {
    // Whoever watches hears of a failure through the status.
    this.#shared(device).done.catch(() => undefined);
    return this.describe();
  }

  /** Stops what is being installed; whole downloads are kept for the next time. */
  cancel(): void {
    for (const { abort } of this.#installations.values()) {
      abort.abort(new AppError('cancelled', say('installStopped'), { retry: true }));
    }
  }

  /**
   * The runtime, installed first where it is missing. Aborting the signal stops the waiting; the installation itself
   * goes on for the others until `cancel`. Rejects with AppError, or with the signal's reason.
   */
  async ensure(signal: AbortSignal): Promise<TensorFlowRuntime> {
    return orAborted(signal, () => this.#shared('cpu').done);
  }

  /**
   * Only fine-tuning needs TensorFlow where ONNX Runtime loads: it trains heads and predicts by itself, and an export is verified by
   * TensorFlow.js on WebAssembly unless TensorFlow is installed.
   */
  async ensureFor(work: TrainerWork, signal: AbortSignal): Promise<TensorFlowRuntime | null> {
    const description = await orAborted(signal, () => this.#provisioner.describe());
    if (work === 'fine-tuning' || !description.trainsHeads) return this.ensure(signal);
    return work === 'verification' && description.kind === 'ready' ? description.runtime : null;
  }

  /** Stops what is under way. */
  async close(): Promise<void> {
    const underWay = [...this.#installations.values()].map(({ done }) => done);
    this.cancel();
    await Promise.allSettled(underWay);
  }

  #shared(device: InstalledDevice): Installation {
    const underWay = this.#installations.get(device);
    if (underWay) return underWay;
    const abort = new AbortController();
    const { ensure, installCuda } = this.#provisioner;
    const install = device === 'cuda' ? installCuda : ensure;
    const done = install({ signal: abort.signal, onProgress: (progress) => this.#advance(device, progress) });
    const installation: Installation = {
      jobId: v.parse(jobIdSchema, `runtime-${randomUUID()}`),
      abort,
      done,
      found: this.#look(),
      progress: { stage: 'waiting', value: 0, words: say('installLooking') },
      toldAt: 0,
    };
    this.#installations.set(device, installation);
    done.then(
      () => this.#finish(device, null),
      (error: unknown) => this.#finish(device, error),
    );
    return installation;
  }

  #look(): Promise<RuntimeDescription> {
    const found = this.#provisioner.describe();
    // Whoever asks for the status hears of a failure.
    found.catch(() => undefined);
    return found;
  }

  #advance(device: InstalledDevice, progress: RuntimeProgress): void {
    const installation = this.#installations.get(device);
    if (!installation) return;
    const isNewStage = progress.stage !== installation.progress.stage;
    installation.progress = progress;
    if (!isNewStage && performance.now() - installation.toldAt < tellEveryMs) return;
    installation.toldAt = performance.now();
    this.#tell();
  }

  #finish(device: InstalledDevice, error: unknown): void {
    const wasQuiet = this.#installations.get(device)?.toldAt === 0 && error === null && device === 'cpu';
    this.#installations.delete(device);
    for (const other of this.#installations.values()) other.found = this.#look();
    this.#lastFailure = error instanceof AppError && error.code !== 'cancelled' ? error : null;
    // A runtime that was there all along is no news.
    if (!wasQuiet) this.#tell();
  }

  #tell(): void {
    this.describe().then(
      (status) => this.#emit('runtime.changed', { status }),
      (error: unknown) => console.error(error),
    );
  }

  #attempt(): RuntimeAttempt {
    const [underWay] = this.#installations;
    if (underWay) {
      const [device, { jobId, progress }] = underWay;
      return { kind: 'installing', device, jobId, progress };
    }
    return this.#lastFailure ? { kind: 'failed', error: this.#lastFailure } : { kind: 'none' };
  }
}

/** Waits no longer than the signal allows; what is waited for goes on. Rejects with the signal's reason. */
async function orAborted<Value>(signal: AbortSignal, begin: () => Promise<Value>): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([begin(), aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
