import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FromTrainer } from '../jobs/trainer-protocol.ts';
import { countMemoryKills } from './memory-kills.ts';
import type { ProcessStarter, TrainerProcess } from './ports.ts';

const stderrTailLength = 8_000;

/**
 * Starts trainers as plain Node: the very one that core runs on, with the trainer's entry beside this file (a .ts of
 * the repository in development, a .js in a package).
 */
export function createNodeProcessStarter(options: { readonly entry?: string } = {}): ProcessStarter {
  const entry = options.entry ?? trainerEntry();
  return { startTrainer: (environment) => startTrainer(entry, environment) };
}

function trainerEntry(): string {
  const source = fileURLToPath(new URL('../trainer/main.ts', import.meta.url));
  return existsSync(source) ? source : source.replace(/\.ts$/, '.js');
}

function startTrainer(entry: string, environment: Readonly<Record<string, string>> = {}): TrainerProcess {
  const child = fork(entry, [], {
    ...{ stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'json', execArgv: [] },
    env: { ...process.env, ...environment },
  });
  let stderrTail = '';
  let wasKilled = false;
  const killsBefore = countMemoryKills();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderrTail = (stderrTail + text).slice(-stderrTailLength);
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    // 'close' and not 'exit': by then all of stderr has arrived. A process that never started only has 'error'.
    child.on('close', (code, signal) => resolve({ code, signal }));
    child.on('error', (error) => {
      stderrTail += `\n${error.message}`;
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => {
      child.on('message', (message) => listener(message as FromTrainer));
    },
    onExit: (listener) => {
      void ended.then((exit) => {
        const endedForMemory = exit.signal === 'SIGKILL' && !wasKilled && countMemoryKills() > killsBefore;
        listener({ ...exit, wasKilled, stderrTail, endedForMemory });
      });
    },
    kill: () => {
      wasKilled = true;
      child.kill('SIGKILL');
    },
  };
}
