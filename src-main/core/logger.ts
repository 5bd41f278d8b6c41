import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Now } from './ports.ts';

/** Writes lines for whoever looks for a bug; never throws. */
export interface Logger {
  info(message: string): void;
  /** With the stack, of the error and of its causes. */
  error(message: string, error?: unknown): void;
}

const maxFileBytes = 4 * 1024 * 1024;

/** Writes to stderr and, when a file is named, appends to it; the file is set aside once when it reaches 4 MB. */
export function createLogger(options: {
  readonly now: Now;
  readonly file?: string;
  readonly isQuiet?: boolean;
}): Logger {
  const write = (level: string, text: string): void => {
    const line = `${options.now().toISOString()} ${level} ${hideSecrets(text)}\n`;
    if (options.isQuiet !== true || level === 'error') process.stderr.write(line);
    if (options.file !== undefined) appendQuietly(options.file, line);
  };
  return {
    info: (message) => write('info', message),
    error: (message, error) => write('error', error === undefined ? message : `${message}\n${describeError(error)}`),
  };
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}

/** A token opens the whole app to whoever reads it, and a log is what people attach to a report. */
function hideSecrets(text: string): string {
  return text.replaceAll(/(token=|graft-session-\d+=|bearer )[\w-]+/gi, '$1…');
}

function appendQuietly(file: string, line: string): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const sizeBytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    if (sizeBytes > maxFileBytes) renameSync(file, `${file}.1`);
    appendFileSync(file, line, { mode: 0o600 });
  } catch {
    // A log that cannot be written (full disk, read-only home) must not stop the work that it describes.
  }
}
