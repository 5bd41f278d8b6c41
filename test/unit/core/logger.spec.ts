import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createLogger } from '../../../src-main/core/logger.ts';

test('writes stacks and causes, and no token', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'graft-log-'));
  const file = path.join(folder, 'logs', 'core.log');
  const logger = createLogger({ now: () => new Date(0), file, isQuiet: true });
  logger.info('GET /?token=aGVsbG8-d29ybGQ_ from a browser with graft-session-8471=c2VjcmV0');
  const cause = new Error('the reason');
  const write = process.stderr.write;
  process.stderr.write = () => true;
  logger.error('It failed', new Error('the failure', { cause }));
  process.stderr.write = write;
  const text = await readFile(file, 'utf8');
  await rm(folder, { recursive: true });
  expect(text.split('\n')[0]).toBe(
    '1970-01-01T00:00:00.000Z info GET /?token=… from a browser with graft-session-8471=…',
  );
  expect(text).toMatch(/error It failed\nError: the failure\n {4}at .*\n[\s\S]*caused by Error: the reason\n {4}at /);
});
