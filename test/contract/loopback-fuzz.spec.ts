import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commands } from '../../src-shared/contract/contract.ts';
import { envelopeSchema } from '../../src-shared/contract/envelope.ts';
import { tokenHeader } from '../../src-main/loopback/access.ts';
import { startLoopback, type Loopback } from '../../src-main/loopback/loopback.ts';
import * as v from 'valibot';
import { composeIn } from './compose-for-test.ts';

// Whatever arrives, the server answers the next request. A failing run prints its seed.

let folder: string;
let loopback: Loopback;
let closeCore: () => Promise<void>;
let errors: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-fuzz-'));
  await writeFile(path.join(folder, 'index.html'), 'studio');
  await writeFile(path.join(folder, 'secret.txt'), 'secret');
  const composed = await composeIn(folder);
  errors = composed.errors;
  closeCore = () => composed.core.close();
  loopback = await startLoopback({ core: composed.core, port: 0, staticRoot: folder });
});

afterAll(async () => {
  await loopback.close();
  await closeCore();
  await rm(folder, { recursive: true });
});

/** Commands that change nothing outside the test's folder, and start nothing. */
const harmless = Object.keys(commands).filter((name) => !name.startsWith('runtime.') && name !== 'project.openSample');

async function isAlive(): Promise<boolean> {
  const response = await fetch(loopback.url, { headers: { [tokenHeader]: loopback.token } });
  return response.status === 200 && (await response.text()) === 'studio';
}

async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: loopback.port });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** A client's frame with any opcode, any flags and any claim about its length. */
const frame = fc
  .record({
    head: fc.integer({ min: 0, max: 255 }),
    length: fc.integer({ min: 0, max: 255 }),
    rest: fc.uint8Array({ maxLength: 40 }),
  })
  .map(({ head, length, rest }) => Buffer.from([head, length, ...rest]));

test('10,000 broken frames end their socket at most', async () => {
  const upgrade = [
    'GET /events HTTP/1.1',
    `host: 127.0.0.1:${loopback.port}`,
    `${tokenHeader}: ${loopback.token}`,
    'connection: Upgrade',
    'upgrade: websocket',
    'sec-websocket-version: 13',
    'sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==',
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 100, maxLength: 100 }), async (frames) => {
      const socket = await open();
      socket.write(`${upgrade.join('\r\n')}\r\n\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toContain('101 Switching Protocols');
      for (const bytes of frames) socket.write(bytes);
      socket.destroy();
    }),
    { numRuns: 100 },
  );
  expect(await isAlive()).toBe(true);
});

test('broken requests are answered or cut off, never believed', async () => {
  const line = fc.oneof(
    fc.string({ maxLength: 200 }),
    fc.constantFrom(
      'GET / HTTP/1.1',
      'POST /rpc/project.list HTTP/1.1',
      'content-length: -1',
      'transfer-encoding: chunked',
    ),
    fc.constantFrom('host: 127.0.0.1', `${tokenHeader}: x`, 'upgrade: websocket', 'expect: 100-continue', ''),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
      const socket = await open();
      let answer = '';
      socket.on('data', (data: Buffer) => {
        answer += data.toString('latin1');
      });
      socket.end(`${lines.join('\r\n')}\r\n\r\n`);
      await once(socket, 'close');
      expect(answer).not.toMatch(/^HTTP\/1\.1 (2|3|5)/m);
    }),
    { numRuns: 300 },
  );
  expect(await isAlive()).toBe(true);
});

test('any input of any command gets an answer in words', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...harmless), fc.jsonValue(), async (name, input) => {
      const response = await fetch(`${loopback.url}/rpc/${name}`, {
        method: 'POST',
        headers: { [tokenHeader]: loopback.token, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      const envelope = v.parse(envelopeSchema, await response.json());
      if (!envelope.ok) expect(envelope.error.code).not.toBe('bug');
    }),
    { numRuns: 500 },
  );
  expect(errors).toEqual([]);
});

test('no path leads to a file that the page does not have', async () => {
  const part = fc.oneof(
    fc.constantFrom('..', '.', '%2e%2e', '..%2f', '%5c', '//', 'secret.txt', 'index.html', 'rpc', 'bytes', '%00'),
    fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const response = await fetch(`${loopback.url}/${parts.join('/')}`, {
        headers: { [tokenHeader]: loopback.token },
      });
      const body = await response.text();
      expect(body).not.toContain('secret');
      expect(response.status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});
