import type { IncomingHttpHeaders } from 'node:http';
import { isSameSecret } from './secrets.ts';

/** What a request shows of itself before anyone looks at what it wants. */
export interface Visitor {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly isUpgrade: boolean;
}

/** Where the server is and what opens it. */
export interface Gate {
  readonly port: number;
  readonly token: string;
}

/** The header with which Electron main's proxy and tests show the token; a page cannot set it on another origin. */
export const tokenHeader = 'x-graft-token';

/** Cookies ignore ports: the name keeps two Grafts on one machine apart. */
export function cookieName(port: number): string {
  return `graft-session-${port}`;
}

/**
 * A page of another site may have its name resolve to this machine (DNS rebinding); its requests still say that name.
 * So the Host must be one of ours, with the port, before anything else is looked at.
 */
export function isOurHost(visitor: Visitor, port: number): boolean {
  const { host } = visitor.headers;
  return host !== undefined && ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}:${port}`);
}

/** Whether it shows the token, as the cookie that the entry link set or as a header. */
export function hasSession(visitor: Visitor, gate: Gate): boolean {
  if (hasHeaderToken(visitor, gate)) return true;
  const cookie = readCookie(visitor.headers.cookie ?? '', cookieName(gate.port));
  return cookie !== undefined && isSameSecret(cookie, gate.token);
}

/**
 * Whoever changes something or opens a socket comes from our own page: its Origin is exactly the address that it talks
 * to. Without an Origin it is no page; then it must show the token as a header.
 */
export function isOurOrigin(visitor: Visitor, gate: Gate): boolean {
  const { origin, host } = visitor.headers;
  if (visitor.headers['sec-fetch-site'] === 'cross-site') return false;
  if (origin !== undefined) return origin === `http://${host ?? ''}`;
  const onlyReads = !visitor.isUpgrade && (visitor.method === 'GET' || visitor.method === 'HEAD');
  return onlyReads || hasHeaderToken(visitor, gate);
}

function hasHeaderToken(visitor: Visitor, gate: Gate): boolean {
  const given = visitor.headers[tokenHeader];
  return typeof given === 'string' && isSameSecret(given, gate.token);
}

function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, ...rest] = part.trim().split('=');
    if (key === name) return rest.join('=');
  }
  return undefined;
}
