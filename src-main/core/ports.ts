import type { EventName, EventPayload } from '../../src-shared/contract/contract.ts';
import type { FromTrainer, ToTrainer } from '../jobs/trainer-protocol.ts';

/** Tells everyone who listens; never throws, never waits. */
export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

/** The time, as a port so that tests can set it. */
export type Now = () => Date;

/** Where this person's and this program's files are. All absolute paths. */
export interface AppPaths {
  /** settings.json, recent projects, imported backbones. */
  readonly config: string;
  /** The TensorFlow runtime and other things that can be fetched again. */
  readonly cache: string;
  /** Where new projects go by default. */
  readonly projects: string;
  /** assets/ of this program: backbones, samples, the export page. */
  readonly assets: string;
  /** dist/ of this program: what the build made (the page, the exported page's script). */
  readonly dist: string;
}

/** A running trainer. */
export interface TrainerProcess {
  readonly pid: number | undefined;
  send(message: ToTrainer): void;
  onMessage(listener: (message: FromTrainer) => void): void;
  /** Called once; `wasKilled` is true when we ended it. */
  onExit(
    listener: (exit: {
      readonly code: number | null;
      readonly signal: string | null;
      readonly wasKilled: boolean;
      readonly stderrTail: string;
      /** The system ended it because memory ran out; only Linux says so, elsewhere false. */
      readonly endedForMemory: boolean;
    }) => void,
  ): void;
  /** Asks nothing, ends it now. */
  kill(): void;
}

/** Starts plain Node processes; the hosts differ in which Node that is. */
export interface ProcessStarter {
  /** `environment` comes on top of this process's own. */
  startTrainer(environment?: Readonly<Record<string, string>>): TrainerProcess;
}
