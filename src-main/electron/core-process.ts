import { spawn, type ChildProcess } from 'node:child_process';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { AnyEvent } from '../../src-shared/contract/contract.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';
import type { FromCore, ToCore } from '../core/core-protocol.ts';

export interface CoreProcessOptions {
  /** The plain Node to run, never Electron's own. */
  readonly node: string;
  /** core/main.js. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onEvent: (event: AnyEvent) => void;
  /** It was lost and is being started again. */
  readonly onLost: () => void;
  /** It was lost and runs again: whatever the page knows may be old. */
  readonly onRestarted: () => void;
  /** It was lost too often, or it cannot start. */
  readonly onGivenUp: (error: AppError) => void;
  readonly timing?: Partial<CoreTiming>;
}

/** All in milliseconds. */
interface CoreTiming {
  readonly pingEveryMs: number;
  /** Without a sign of life for this long it is killed and started anew. */
  readonly silenceMs: number;
  readonly stopGraceMs: number;
  /** A core that ran for this long starts with a clean slate. */
  readonly stableMs: number;
}

/** Where core serves bytes. */
export interface ByteServer {
  readonly port: number;
  readonly token: string;
}

const defaultTiming: CoreTiming = { pingEveryMs: 5_000, silenceMs: 60_000, stopGraceMs: 5_000, stableMs: 600_000 };
const maxRestarts = 5;

type Request = Extract<ToCore, { readonly id: number }>;
type Ask = Request extends infer R ? (R extends Request ? Omit<R, 'id'> : never) : never;

/*
 *  starting ── ready ──► running ── lost ──► starting (at most 5 times in a row) ── lost ──► given up
 *      └───────────────────┴───── stop ──► stopped
 */
type State =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly server: ByteServer }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'given-up'; readonly error: AppError };

/** Core, from main's side: always there to be asked, whatever becomes of the process behind it. */
export class CoreProcess {
  readonly #options: CoreProcessOptions;
  readonly #timing: CoreTiming;
  readonly #waiting = new Map<number, (envelope: Envelope) => void>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Asked before core was ready. */
  #queue: ToCore[] = [];
  #child: ChildProcess;
  #state: State = { kind: 'starting' };
  /** What core said of itself before it ended. */
  #failure: AppError | null = null;
  #restarts = 0;
  #nextId = 1;
  #heardAtMs = 0;
  #startedAtMs = 0;

  /** Starts the process. */
  constructor(options: CoreProcessOptions) {
    this.#options = options;
    this.#timing = { ...defaultTiming, ...options.timing };
    this.#heartbeat = setInterval(() => this.#beat(), this.#timing.pingEveryMs);
    this.#heartbeat.unref();
    this.#child = this.#spawn();
  }

  /** Null while core is not running. */
  get byteServer(): ByteServer | null {
    return this.#state.kind === 'running' ? this.#state.server : null;
  }

  call(name: string, input: unknown): Promise<Envelope> {
    return this.#ask({ type: 'call', name, input });
  }

  grantFolder(path: string): Promise<Envelope> {
    return this.#ask({ type: 'grantFolder', path });
  }

  grantSource(path: string): Promise<Envelope> {
    return this.#ask({ type: 'grantSource', path });
  }

  exportFolder(projectId: string, exportId: string): Promise<Envelope> {
    return this.#ask({ type: 'exportFolder', projectId, exportId });
  }

  /** Tells core to end, and ends it when it does not. */
  async stop(): Promise<void> {
    this.#state = { kind: 'stopped' };
    clearInterval(this.#heartbeat);
    const child = this.#child;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#timing.stopGraceMs);
    this.#send({ type: 'stop' });
    await ended;
    clearTimeout(timer);
  }

  #spawn(): ChildProcess {
    const { node, entry, environment } = this.#options;
    this.#startedAtMs = performance.now();
    const child = spawn(node, [entry], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'json',
      env: plainNodeEnvironment(environment),
    });
    child.on('message', (message) => this.#receive(message as FromCore));
    child.on('exit', () => this.#lose(this.#failure));
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      this.#lose(new AppError('bug', `Graft’s core cannot start: ${error.message}`, { cause: error }));
    });
    return child;
  }

  #receive(message: FromCore): void {
    this.#heardAtMs = performance.now();
    switch (message.type) {
      case 'ready':
        this.#becomeReady({ port: message.port, token: message.token });
        return;
      case 'answer':
        this.#waiting.get(message.id)?.(message.envelope);
        this.#waiting.delete(message.id);
        return;
      case 'event':
        this.#options.onEvent(message.event);
        return;
      case 'alive':
        return;
      case 'failed':
        this.#failure = AppError.fromShape(message.error);
    }
  }

  #becomeReady(server: ByteServer): void {
    if (this.#state.kind !== 'starting') return;
    this.#state = { kind: 'running', server };
    const queue = this.#queue;
    this.#queue = [];
    for (const message of queue) this.#send(message);
    if (this.#restarts > 0) this.#options.onRestarted();
  }

  #beat(): void {
    if (this.#state.kind !== 'running') return;
    if (performance.now() - this.#heardAtMs > this.#timing.silenceMs) this.#child.kill('SIGKILL');
    else this.#send({ type: 'ping' });
  }

  #lose(reason: AppError | null): void {
    this.#refuseAll(new AppError('connection-lost', 'Graft’s core stopped and is starting again.', { retry: true }));
    if (this.#state.kind === 'stopped' || this.#state.kind === 'given-up') return;
    if (performance.now() - this.#startedAtMs > this.#timing.stableMs) this.#restarts = 0;
    if (reason !== null || this.#restarts >= maxRestarts) {
      this.#giveUp(reason ?? new AppError('connection-lost', 'Graft’s core stops again and again. Start Graft anew.'));
      return;
    }
    this.#restarts += 1;
    this.#state = { kind: 'starting' };
    this.#options.onLost();
    this.#child = this.#spawn();
  }

  #giveUp(error: AppError): void {
    this.#state = { kind: 'given-up', error };
    clearInterval(this.#heartbeat);
    this.#options.onGivenUp(error);
  }

  #refuseAll(error: AppError): void {
    this.#queue = [];
    for (const answer of this.#waiting.values()) answer({ ok: false, error: error.toShape() });
    this.#waiting.clear();
  }

  #send(message: ToCore): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  async #ask(request: Ask): Promise<Envelope> {
    const state = this.#state;
    if (state.kind === 'given-up') return { ok: false, error: state.error.toShape() };
    if (state.kind === 'stopped') {
      return { ok: false, error: new AppError('connection-lost', 'Graft is closing.').toShape() };
    }
    const message: Request = { ...request, id: this.#nextId++ };
    const answered = new Promise<Envelope>((resolve) => this.#waiting.set(message.id, resolve));
    if (state.kind === 'running') this.#send(message);
    else this.#queue.push(message);
    return await answered;
  }
}

/** Core is plain Node: what makes Electron's own program one, or changes how Node starts, stays behind. */
function plainNodeEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { ELECTRON_RUN_AS_NODE: _asNode, NODE_OPTIONS: _options, ...rest } = environment;
  return rest;
}
