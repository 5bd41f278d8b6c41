import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { cookieName, tokenHeader } from '../../../src-main/loopback/access.ts';
import { startLoopback, type Loopback } from '../../../src-main/loopback/loopback.ts';
import { securityHeaders } from '../../../src-shared/contract/security-headers.ts';
import { createSmallCore } from '../../support/small-core.ts';

const project = 'project-0001';
const image = 'ab'.repeat(32);
const settings = { language: 'en', theme: 'dark' } as const;

let folder: string;
let core: ReturnType<typeof createSmallCore>;
let loopback: Loopback;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-loopback-'));
  await mkdir(path.join(folder, 'page', 'assets'), { recursive: true });
  await mkdir(path.join(folder, 'page-2'));
  await writeFile(path.join(folder, 'page', 'index.html'), '<!doctype html>studio');
  await writeFile(path.join(folder, 'page', 'assets', 'main-1a2b.js'), 'export {};');
  await writeFile(path.join(folder, 'secret.json'), 'secret');
  await writeFile(path.join(folder, 'page-2', 'secret.json'), 'secret');
  await symlink(path.join(folder, 'secret.json'), path.join(folder, 'page', 'link.json'));
  core = createSmallCore({ 'settings.get': () => settings });
  loopback = await startLoopback({ core, port: 0, staticRoot: path.join(folder, 'page') });
});

afterEach(async () => {
  await loopback.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Asks with exactly these headers and this target, which fetch would tidy up. */
async function ask(
  target: string,
  options: { method?: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal } = {},
): Promise<Answer> {
  const { method = 'GET', headers = {}, body } = options;
  const outgoing = request({ host: '127.0.0.1', port: loopback.port, path: target, method, headers, agent: false });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString() };
}

const withToken = (): Record<string, string> => ({ [tokenHeader]: loopback.token });
const asPage = (): Record<string, string> => ({
  cookie: `${cookieName(loopback.port)}=${loopback.token}`,
  origin: loopback.url,
});

async function openSocket(headers: Record<string, string>): Promise<WebSocket | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${loopback.port}/events`, { headers });
  return await new Promise((resolve) => {
    socket.on('open', () => resolve(socket));
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (outgoing, incoming) => {
      outgoing.destroy();
      resolve(incoming.statusCode ?? 0);
    });
  });
}

describe('the address', () => {
  test('is the loopback one and no other of this machine', async () => {
    const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
    const reachable: string[] = [];
    for (const { address, family, internal } of others) {
      if (internal || family !== 'IPv4') continue;
      const socket = connect({ host: address, port: loopback.port, timeout: 500 });
      const isOpen = await new Promise((resolve) => {
        socket
          .on('connect', () => resolve(true))
          .on('error', () => resolve(false))
          .on('timeout', () => resolve(false));
      });
      if (isOpen === true) reachable.push(address);
      socket.destroy();
    }
    expect({ url: loopback.url, reachable }).toEqual({ url: `http://127.0.0.1:${loopback.port}`, reachable: [] });
  });

  test('that is taken says so', async () => {
    const second = startLoopback({ core, port: loopback.port, staticRoot: null });
    await expect(second).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('the entry link', () => {
  test('leaves a strict cookie once and leads on without its secret', async () => {
    const link = loopback.urlWithToken.slice(loopback.url.length);
    const first = await ask(link);
    const cookie = first.headers['set-cookie']?.[0] ?? '';
    expect({ status: first.status, location: first.headers.location, cookie }).toEqual({
      status: 303,
      location: '/',
      cookie: `${cookieName(loopback.port)}=${loopback.token}; HttpOnly; SameSite=Strict; Path=/`,
    });
    const page = await ask('/', { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(page.body).toContain('studio');
    expect((await ask(link)).status).toBe(403);
  });

  test('is refused when it was never given out, and the session token is none', async () => {
    expect((await ask(`/?token=${loopback.token}`)).status).toBe(403);
    expect((await ask('/?token=')).status).toBe(403);
    expect((await ask('/')).status).toBe(403);
  });
});

describe('a request', () => {
  test('under another name is refused before anything else, for pages, commands and sockets', async () => {
    for (const host of [
      'rebind.test',
      `rebind.test:${loopback.port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      'localhost.evil:80',
    ]) {
      expect((await ask('/', { headers: { ...asPage(), ...withToken(), host } })).status).toBe(403);
      expect(await openSocket({ ...withToken(), host })).toBe(403);
    }
    const local = await ask('/', { headers: { ...withToken(), host: `localhost:${loopback.port}` } });
    expect(local.status).toBe(200);
  });

  test('of another origin changes nothing, whatever cookie it carries', async () => {
    const outcome: Record<string, number> = {};
    for (const origin of [
      'http://evil.test',
      `http://127.0.0.1:${loopback.port + 1}`,
      'null',
      `${loopback.url}.evil.test`,
    ]) {
      const headers = { ...asPage(), origin, 'content-type': 'application/json' };
      const { status } = await ask('/rpc/settings.get', { method: 'POST', headers, body: '{}' });
      outcome[origin] = Math.max(status, (await openSocket({ ...asPage(), origin })) as number);
    }
    expect(Object.values(outcome)).toEqual([403, 403, 403, 403]);
  });

  test('without an origin needs the token as a header', async () => {
    const { cookie = '' } = asPage();
    const json = { 'content-type': 'application/json' };
    const post = { method: 'POST', body: '{}' };
    expect((await ask('/rpc/settings.get', { ...post, headers: { cookie, ...json } })).status).toBe(403);
    expect((await ask('/rpc/settings.get', { ...post, headers: { ...withToken(), ...json } })).status).toBe(200);
    expect(await openSocket({ cookie })).toBe(403);
  });

  test('of another site is refused by what the browser says of it', async () => {
    const headers = { ...asPage(), 'sec-fetch-site': 'cross-site' };
    expect((await ask(`/bytes/thumbnail/${project}/${image}/128`, { headers })).status).toBe(403);
  });
});

describe('commands', () => {
  test('are answered with an envelope, the host’s own too', async () => {
    const headers = { ...asPage(), 'content-type': 'application/json' };
    const get = await ask('/rpc/settings.get', { method: 'POST', headers, body: '{}' });
    const host = await ask('/rpc/host.describe', { method: 'POST', headers, body: '{}' });
    expect([JSON.parse(get.body), JSON.parse(host.body)]).toEqual([
      { ok: true, value: settings },
      { ok: true, value: { kind: 'browser', hasNativeDialogs: false, version: '0.0.0' } },
    ]);
  });

  test('with a body that is too large, no JSON, or sent as a form are refused with words', async () => {
    const page = { ...asPage(), 'content-type': 'application/json' };
    const post = { method: 'POST', headers: page };
    const large = await ask('/rpc/settings.set', { ...post, body: JSON.stringify({ x: 'x'.repeat(300 * 1024) }) });
    const broken = await ask('/rpc/settings.set', { ...post, body: '{' });
    const form = await ask('/rpc/settings.set', { method: 'POST', headers: asPage(), body: '{}' });
    for (const answer of [large, broken, form]) {
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'bad-input' } });
    }
  });

  test('tell a page whose server was started anew, in the words of the contract', async () => {
    const answer = await ask('/rpc/settings.get', { method: 'POST', body: '{}' });
    expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'not-allowed' } });
  });
});

describe('bytes', () => {
  test('go out by id, kept for good when named by content', async () => {
    const { status, headers, body } = await ask(`/bytes/thumbnail/${project}/${image}/256`, { headers: asPage() });
    expect({ status, body, type: headers['content-type'], cache: headers['cache-control'] }).toEqual({
      status: 200,
      body: 'abab at 256',
      type: 'image/webp',
      cache: 'private, max-age=31536000, immutable',
    });
    const head = await ask(`/bytes/thumbnail/${project}/${image}/256`, { method: 'HEAD', headers: asPage() });
    expect({ length: head.headers['content-length'], body: head.body }).toEqual({ length: '11', body: '' });
  });

  test('come in as files and as parts of a batch', async () => {
    const put = { method: 'PUT', headers: asPage(), body: 'pixels' };
    const upload = await ask('/bytes/upload/cat%20%F0%9F%90%88.png', put);
    const batch = await ask('/bytes/batch/batch-0123456789ab?path=cats%2Fa.png', put);
    expect([JSON.parse(upload.body), JSON.parse(batch.body)]).toEqual([
      { uploadId: 'upload-0123456789' },
      { done: true },
    ]);
    expect([...core.uploads]).toEqual([
      ['cat 🐈.png', Buffer.from('pixels')],
      ['batch-0123456789ab/cats/a.png', Buffer.from('pixels')],
    ]);
  });

  test('that are too many are refused before they are read', async () => {
    const headers = { ...asPage(), 'content-length': String(201 * 1024 * 1024) };
    const outgoing = request({
      host: '127.0.0.1',
      port: loopback.port,
      path: '/bytes/upload/a.png',
      method: 'PUT',
      headers,
      agent: false,
    });
    outgoing.on('error', () => undefined);
    outgoing.write('x');
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(incoming.statusCode).toBe(400);
    outgoing.destroy();
  });

  test('of a batch stay below the dropped folder', async () => {
    for (const bad of ['../a.png', 'a/../../b.png', '/etc/passwd', 'a//b', '.', 'a\\b.png', 'a\0.png', '']) {
      const target = `/bytes/batch/batch-0123456789ab?path=${encodeURIComponent(bad)}`;
      expect((await ask(target, { method: 'PUT', headers: asPage(), body: 'x' })).status, bad).toBe(400);
    }
    expect(core.uploads.size).toBe(0);
  });
});

/** Ways out of a folder, as request targets. */
const traversals = [
  '/../secret.json',
  '/../../secret.json',
  '/assets/../../secret.json',
  '/./../secret.json',
  '/%2e%2e/secret.json',
  '/%2e%2e%2fsecret.json',
  '/..%2fsecret.json',
  '/.%2e/secret.json',
  '/%2E%2E/secret.json',
  '/assets/%2e%2e/%2e%2e/secret.json',
  '/assets/..%2f..%2fsecret.json',
  '/..%5csecret.json',
  '/..\\secret.json',
  '/%5c..%5csecret.json',
  '/assets\\..\\..\\secret.json',
  '/%252e%252e/secret.json',
  '/..%252fsecret.json',
  '/%c0%ae%c0%ae/secret.json',
  '/%c0%ae%c0%ae%c0%afsecret.json',
  '/%e0%80%ae%e0%80%ae/secret.json',
  '/%uff0e%uff0e/secret.json',
  '/....//secret.json',
  '/..../secret.json',
  '/..;/secret.json',
  '/.../secret.json',
  '//secret.json',
  '///secret.json',
  '/%2fsecret.json',
  '/%00/../secret.json',
  '/index.html%00/../../secret.json',
  '/secret.json%00.html',
  '/../page-2/secret.json',
  '/%2e%2e/page-2/secret.json',
  '/..%2fpage-2%2fsecret.json',
  '-2/secret.json',
  '/link.json',
  '/assets',
  '/assets/',
  '/file:///etc/passwd',
  'http://127.0.0.1/../secret.json',
  '/C:/Windows/win.ini',
  '/%',
  '/%zz/secret.json',
];

test.each(traversals)('nothing outside the page’s folder is served for %j', async (target) => {
  const { status, body } = await ask(target, { headers: withToken() });
  expect({ isRefused: status >= 400 && status < 500, body: body.includes('secret') }).toEqual({
    isRefused: true,
    body: false,
  });
});

describe('headers', () => {
  test.each([
    ['/', 'GET'],
    ['/assets/main-1a2b.js', 'GET'],
    ['/nothing.js', 'GET'],
    ['/rpc/settings.get', 'POST'],
    ['/rpc/nothing', 'POST'],
    [`/bytes/thumbnail/${project}/${image}/128`, 'GET'],
    [`/bytes/image/${project}/${image}`, 'GET'],
    [`/bytes/judgements/${project}/head`, 'GET'],
    [`/bytes/map/${project}`, 'GET'],
    [`/bytes/similar/${project}/${image}`, 'GET'],
    ['/bytes/picture/picture-1', 'GET'],
    ['/bytes/sample/fluent-emoji/0', 'GET'],
    ['/bytes/upload/a.png', 'PUT'],
    ['/bytes/uploaded/upload-0123456789', 'GET'],
    ['/bytes/batch/batch-0123456789ab?path=a.png', 'PUT'],
    [`/bytes/export/${project}/export-1.zip`, 'GET'],
    ['/', 'DELETE'],
  ])('are on the answer of %s %s, to friends and to strangers', async (target, method) => {
    for (const headers of [{ ...asPage(), 'content-type': 'application/json' }, {}, { host: 'rebind.test' }]) {
      const answer = await ask(target, { method, headers, ...(method === 'GET' ? {} : { body: '{}' }) });
      expect(answer.headers).toMatchObject(securityHeaders);
      const foreign = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
      expect(foreign).toEqual([]);
    }
  });
});

describe('events', () => {
  test('arrive in order at every socket', async () => {
    const sockets = [await openSocket(asPage()), await openSocket(withToken())] as WebSocket[];
    const received: unknown[][] = sockets.map((socket, index) => {
      socket.on('message', (data: Buffer) => received[index]?.push(JSON.parse(data.toString())));
      return [];
    });
    const themes = ['light', 'dark', 'system'] as const;
    for (const theme of themes) core.hub.emit('settings.changed', { settings: { language: 'en', theme } });
    await expect.poll(() => received.map((list) => list.length)).toEqual([3, 3]);
    const expected = themes.map((theme) => ({
      name: 'settings.changed',
      payload: { settings: { language: 'en', theme } },
    }));
    expect(received).toEqual([expected, expected]);
    for (const socket of sockets) socket.terminate();
  });

  test('end for a page that is told too much about the world by its own messages', async () => {
    const socket = (await openSocket(asPage())) as WebSocket;
    socket.send(Buffer.alloc(128 * 1024));
    const [code] = (await once(socket, 'close')) as [number];
    expect(code).toBe(1009);
  });
});

test('closing ends sockets and answers', async () => {
  const socket = (await openSocket(asPage())) as WebSocket;
  const closing = loopback.close();
  const [code] = (await once(socket, 'close')) as [number];
  await closing;
  expect(code).toBe(1001);
  await expect(fetch(loopback.url)).rejects.toThrow();
  loopback = await startLoopback({ core, port: 0, staticRoot: null });
});

test('without a page only bytes are served, and nobody can enter', async () => {
  const bare = await startLoopback({ core, port: 0, staticRoot: null });
  const headers = { [tokenHeader]: bare.token, 'content-type': 'application/json' };
  const status = async (target: string, init: RequestInit = {}): Promise<number> =>
    (await fetch(bare.url + target, { headers, redirect: 'manual', ...init })).status;
  expect({
    entry: (await fetch(bare.urlWithToken, { redirect: 'manual' })).status,
    page: await status('/'),
    command: await status('/rpc/settings.get', { method: 'POST', body: '{}' }),
    bytes: await status(`/bytes/thumbnail/${project}/${image}/128`),
  }).toEqual({ entry: 403, page: 404, command: 405, bytes: 200 });
  await bare.close();
});
