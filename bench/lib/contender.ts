import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { cpuSecondsOf } from './process-cpu.ts';

/** A program that does one work on demand, in a process of its own: its memory is its own, and it rests while another runs. */
export interface Contender {
  readonly name: string;
  /** Does so many steps and answers the seconds of each. */
  run(stepCount: number): Promise<readonly number[]>;
  /** The most memory it held so far, in bytes; 0 before its first run. */
  readonly peakMemoryBytes: number;
  /** What it held after its last run, in bytes; null where it does not say. */
  readonly memoryBytes: number | null;
  /** Seconds of CPU time since its start, its own processes' included; null where the system does not say. */
  cpuSeconds(): number | null;
  stop(): void;
}

export interface ContenderProgram {
  readonly name: string;
  readonly command: string;
  /** The program reads a number of steps a line, and writes `readySchema` once and an `answerSchema` a line. */
  readonly args: readonly string[];
}

const readySchema = v.object({ ready: v.literal(true) });
const answerSchema = v.object({
  seconds: v.array(v.number()),
  peakMemoryBytes: v.number(),
  memoryBytes: v.optional(v.number()),
});

/** Starts the program and waits until it is warm. Rejects with what it wrote when it ends before. */
export async function startContender({ name, command, args }: ContenderProgram): Promise<Contender> {
  const program = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  program.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended: ${complaints.join('').trim().slice(-2000)}`);
    return JSON.parse(value);
  };
  v.parse(readySchema, await nextLine());
  let peakMemoryBytes = 0;
  let memoryBytes: number | null = null;
  return {
    name,
    get peakMemoryBytes() {
      return peakMemoryBytes;
    },
    get memoryBytes() {
      return memoryBytes;
    },
    async run(stepCount) {
      program.stdin.write(`${stepCount}\n`);
      const answer = v.parse(answerSchema, await nextLine());
      peakMemoryBytes = answer.peakMemoryBytes;
      memoryBytes = answer.memoryBytes ?? null;
      return answer.seconds;
    },
    cpuSeconds: () => (program.pid === undefined ? null : cpuSecondsOf(program.pid)),
    stop: () => program.stdin.end(),
  };
}
