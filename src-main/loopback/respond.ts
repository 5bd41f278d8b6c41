import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { AppError, AppErrorCode } from '../../src-shared/contract/app-error.ts';
import type { Envelope } from '../../src-shared/contract/envelope.ts';
import { securityHeaders } from '../../src-shared/contract/security-headers.ts';
import type { ServedBytes } from '../core/byte-source.ts';

/** Every answer begins here, so that none lacks the headers. */
export function begin(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  response.setHeader('cache-control', 'no-store');
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
  response.end(body);
}

/** Refuses with an AppError that the page's client understands, as the answer to a command would. */
export function sendError(response: ServerResponse, error: AppError, status = statusOf(error.code)): void {
  const envelope: Envelope = { ok: false, error: error.toShape() };
  sendJson(response, status, envelope);
}

/** Streams bytes out; ends early, and frees their source, when the browser goes away. */
export async function sendBytes(request: IncomingMessage, response: ServerResponse, bytes: ServedBytes): Promise<void> {
  const { contentType, contentLength, body, isImmutable, downloadName } = bytes;
  response.setHeader('content-type', contentType);
  response.setHeader('cache-control', isImmutable ? 'private, max-age=31536000, immutable' : 'no-store');
  if (contentLength !== null) response.setHeader('content-length', contentLength);
  if (downloadName !== undefined) response.setHeader('content-disposition', attachment(downloadName));
  if (body instanceof Uint8Array) {
    response.end(request.method === 'HEAD' ? undefined : body);
  } else if (request.method === 'HEAD') {
    body.destroy();
    response.end();
  } else {
    await pipeline(body, response);
  }
}

function attachment(name: string): string {
  const plain = name.replaceAll(/[^\w.-]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}

function statusOf(code: AppErrorCode): number {
  switch (code) {
    case 'not-found':
      return 404;
    case 'bad-input':
    case 'cancelled':
      return 400;
    case 'not-allowed':
    case 'no-access':
      return 403;
    case 'conflict':
    case 'read-only':
      return 409;
    case 'damaged-file':
    case 'unsupported':
      return 415;
    case 'disk-full':
      return 507;
    case 'runtime-missing':
    case 'training-failed':
    case 'training-diverged':
    case 'export-differs':
    case 'connection-lost':
    case 'bug':
      return 500;
  }
}
