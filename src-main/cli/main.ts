#!/usr/bin/env node
import { programVersion } from '../core/paths.ts';
import { runProgram } from './program.ts';

// The command line. Ctrl-C asks a command to stop and keep what it has; a second one, later, ends it at once.

/** A terminal, npx and an older Node in front may each pass on the same Ctrl-C. */
const sameKeyMs = 1_000;

const interruption = new AbortController();
let interruptedAt = 0;
const interrupt = (): void => {
  const now = performance.now();
  if (!interruption.signal.aborted) interruptedAt = now;
  else if (now - interruptedAt > sameKeyMs) process.exit(130);
  interruption.abort();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// A reader that has enough (graft runs … | head) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await runProgram(process.argv.slice(2), {
  streams: { stdout: process.stdout, stderr: process.stderr },
  interrupted: interruption.signal,
  version: programVersion(),
});
