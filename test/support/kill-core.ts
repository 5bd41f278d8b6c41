import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./core-until-killed.ts', import.meta.url));

export interface CoreLife {
  readonly home: string;
  readonly root: string;
  readonly work: readonly ['label'] | readonly ['import', string];
  /** The line after which the clock runs. */
  readonly from: string;
  /** From that line to the kill. */
  readonly livesMs: number;
}

/** Starts a core, kills it so long after a line, or lets it end by itself before; answers the lines that it got out whole. */
export async function killCore({ home, root, work, from, livesMs }: CoreLife): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, home, root, ...work], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let output = '';
  const seen = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes(from)) resolve();
    });
  });
  await Promise.race([seen, closed]);
  await Promise.race([delay(livesMs), closed]);
  child.kill('SIGKILL');
  await closed;
  return output.split('\n').slice(0, -1);
}
