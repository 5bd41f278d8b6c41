#!/usr/bin/env node
import { programVersion } from '../core/paths.ts';
import { runProgram } from './program.ts';

// The command line. Ctrl-C asks a command to stop and keep what it has; a second one ends it at once.

const interruption = new AbortController();
const interrupt = (): void => {
  if (interruption.signal.aborted) process.exit(130);
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
