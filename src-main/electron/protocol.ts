import { Readable } from 'node:stream';
import type { Privileges, Protocol, Session } from 'electron';
import { protocol } from 'electron';
import { securityHeaders } from '../../src-shared/contract/security-headers.ts';
import { tokenHeader } from '../loopback/access.ts';
import { readRequestPath } from '../loopback/request-path.ts';
import { openStaticFile } from '../loopback/static-files.ts';
import { appHost, appOrigin, appScheme } from './app-origin.ts';

/** Where core serves bytes at the moment; null while it is not running. */
export type FindByteServer = () => { readonly port: number; readonly token: string } | null;

/** What the scheme is: a secure origin of its own whose page can fetch and stream. Never beyond the content policy. */
export const schemePrivileges: Privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };

/** Must run before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: schemePrivileges }]);
}

/** Serves app://studio in this session, and nothing from file:. */
export function serveApp(session: Session, options: AppServing): void {
  const own: Protocol = session.protocol;
  own.handle(appScheme, createAppHandler(options));
  own.handle('file', () => refuse(403));
}

interface AppServing {
  /** The built page. */
  readonly root: string;
  readonly findByteServer: FindByteServer;
}

const passedOn = ['cache-control', 'content-disposition', 'content-length', 'content-type'];

/** Makes the function that answers app:// requests: the page's files, and /bytes/* by way of core's own listener. */
export function createAppHandler({ root, findByteServer }: AppServing): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = URL.parse(request.url);
    if (url?.host !== appHost) return refuse(404);
    const path = readRequestPath(url.pathname + url.search);
    if (path === undefined) return refuse(404);
    if (path.segments[0] === 'bytes') return await passToCore(request, url, findByteServer());
    if (request.method !== 'GET') return refuse(405);
    const file = await openStaticFile(root, path.segments);
    if (file === undefined) return refuse(404);
    const body = file.body instanceof Readable ? toWeb(file.body) : Buffer.from(file.body);
    return new Response(body, { headers: { ...securityHeaders, 'content-type': file.contentType } });
  };
}

async function passToCore(request: Request, url: URL, server: ReturnType<FindByteServer>): Promise<Response> {
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== appOrigin) return refuse(403);
  if (!['GET', 'HEAD', 'PUT', 'POST'].includes(request.method)) return refuse(405);
  if (server === null) return refuse(503);
  const headers = new Headers({ [tokenHeader]: server.token });
  const length = request.headers.get('content-length');
  if (length !== null) headers.set('content-length', length);
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}${url.pathname}${url.search}`, {
      method: request.method,
      headers,
      redirect: 'error',
      signal: request.signal,
      ...(request.body === null ? {} : { body: request.body, duplex: 'half' }),
    });
    return new Response(answer.body, { status: answer.status, headers: headersOf(answer) });
  } catch {
    // Core is being restarted, or the page gave up.
    return refuse(503);
  }
}

function headersOf(answer: Response): Headers {
  const headers = new Headers({ ...securityHeaders });
  for (const name of passedOn) {
    const value = answer.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  return headers;
}

function toWeb(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: { ...securityHeaders } });
}
