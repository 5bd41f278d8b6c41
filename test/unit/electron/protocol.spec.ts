import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Session } from 'electron';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLoopback, type Loopback } from '../../../src-main/loopback/loopback.ts';
import { createAppHandler, registerScheme, serveApp } from '../../../src-main/electron/protocol.ts';
import { securityHeaders } from '../../../src-shared/contract/security-headers.ts';
import { electronDouble } from '../../support/electron-double.ts';
import { createSmallCore } from '../../support/small-core.ts';

const thumbnail = `app://studio/bytes/thumbnail/project-0001/${'ab'.repeat(32)}/128`;

let folder: string;
let core: ReturnType<typeof createSmallCore>;
let loopback: Loopback;
let handler: (request: Request) => Promise<Response>;

beforeEach(async () => {
  electronDouble.reset();
  folder = await mkdtemp(path.join(tmpdir(), 'graft-protocol-'));
  const root = path.join(folder, 'page');
  await mkdir(path.join(root, 'assets'), { recursive: true });
  await writeFile(path.join(root, 'index.html'), '<!doctype html>studio');
  await writeFile(path.join(folder, 'secret.json'), 'secret');
  await symlink(path.join(folder, 'secret.json'), path.join(root, 'link.json'));
  core = createSmallCore();
  loopback = await startLoopback({ core, port: 0, staticRoot: null });
  handler = createAppHandler({ root, findByteServer: () => loopback });
});

afterEach(async () => {
  await loopback.close();
  await rm(folder, { recursive: true });
});

test('the scheme is a secure origin of its own and does not step over the content policy', () => {
  registerScheme();
  expect(electronDouble.memory.schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
});

test('app: is served, and file: is refused', async () => {
  const handlers = new Map<string, (request: Request) => Response | Promise<Response>>();
  const handle = (scheme: string, answer: (request: Request) => Response | Promise<Response>): void =>
    void handlers.set(scheme, answer);
  serveApp({ protocol: { handle } } as unknown as Session, { root: folder, findByteServer: () => null });
  const file = await handlers.get('file')?.(new Request('file:///etc/passwd'));
  expect({ schemes: [...handlers.keys()], status: file?.status }).toEqual({ schemes: ['app', 'file'], status: 403 });
});

describe('app://studio', () => {
  test('serves the page with the same headers as loopback', async () => {
    const response = await handler(new Request('app://studio/'));
    expect(Object.fromEntries(response.headers)).toEqual({
      ...securityHeaders,
      'content-type': 'text/html; charset=utf-8',
    });
    expect(await response.text()).toContain('studio');
  });

  test.each([
    'app://studio/../secret.json',
    'app://studio/%2e%2e/secret.json',
    'app://studio/..%2fsecret.json',
    'app://studio/%2e%2e%2fsecret.json',
    'app://studio/..%5csecret.json',
    'app://studio/assets/..%2f..%2fsecret.json',
    'app://studio//secret.json',
    'app://studio/link.json',
    'app://studio/assets',
    'app://studio/%00',
    'app://studio/nothing.html',
    'app://other/index.html',
    'app://studio:81/index.html',
    'app://studio/rpc/settings.get',
  ])('has nothing at %s', async (url) => {
    const response = await handler(new Request(url));
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 404, body: '' });
    expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders);
  });

  test('changes nothing of itself', async () => {
    expect((await handler(new Request('app://studio/', { method: 'POST', body: 'x' }))).status).toBe(405);
  });
});

describe('bytes', () => {
  test('come from core’s own listener', async () => {
    const response = await handler(new Request(thumbnail));
    expect({ body: await response.text(), headers: Object.fromEntries(response.headers) }).toEqual({
      body: 'abab at 128',
      headers: {
        ...securityHeaders,
        'cache-control': 'private, max-age=31536000, immutable',
        'content-length': '11',
        'content-type': 'image/webp',
      },
    });
  });

  test('stream to it', async () => {
    const body = new Blob(['pix', 'els']).stream();
    // Node's own fetch wants `duplex` for a stream; the DOM's types do not know it.
    const init = { method: 'PUT', body, duplex: 'half', headers: { origin: 'app://studio' } };
    const response = await handler(new Request('app://studio/bytes/upload/cat%20%F0%9F%90%88.png', init));
    expect(await response.json()).toEqual({ uploadId: 'upload-0123456789' });
    expect(core.uploads.get('cat 🐈.png')?.toString()).toBe('pixels');
  });

  test('that are refused keep their words', async () => {
    const response = await handler(new Request('app://studio/bytes/picture/picture-1'));
    expect({ status: response.status, body: (await response.json()) as unknown }).toMatchObject({
      status: 404,
      body: { ok: false, error: { code: 'not-found' } },
    });
  });

  test('are not for other origins', async () => {
    expect((await handler(originRequest('app://evil'))).status).toBe(403);
    expect((await handler(originRequest('null'))).status).toBe(403);
  });

  test('wait for core while it is being restarted', async () => {
    const orphan = createAppHandler({ root: folder, findByteServer: () => null });
    expect((await orphan(new Request(thumbnail))).status).toBe(503);
    await loopback.close();
    expect((await handler(new Request(thumbnail))).status).toBe(503);
    loopback = await startLoopback({ core, port: 0, staticRoot: null });
  });
});

function originRequest(origin: string): Request {
  return new Request(thumbnail, { headers: { origin } });
}
