import type { IncomingMessage, ServerResponse } from 'node:http';
import { say } from '../../src-shared/domain/sentence.ts';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { commands, hostCommands, isCommandName, isHostCommandName } from '../../src-shared/contract/contract.ts';
import type { Core } from '../core/core.ts';
import { createDispatcher, type Dispatch } from '../core/dispatcher.ts';
import { toAppError } from '../core/to-app-error.ts';
import { cookieName, hasSession, isOurHost, isOurOrigin, type Gate, type Visitor } from './access.ts';
import { answerBytes } from './byte-router.ts';
import { createBrowserHostHandlers } from './host-handlers.ts';
import { readJson } from './read-body.ts';
import { readRequestPath, type RequestPath } from './request-path.ts';
import { begin, sendBytes, sendError, sendJson, sendText } from './respond.ts';
import type { EntrySecrets } from './secrets.ts';
import { openStaticFile } from './static-files.ts';

interface Served {
  readonly core: Core;
  readonly staticRoot: string | null;
  readonly gate: Gate;
  readonly entry: EntrySecrets;
}

const noSessionText =
  'Graft is running here. Open it with the link that it printed when it started; each link works once.';
/** What a body may have when no command says more. */
const smallBodyBytes = 64 * 1024;
const refusedUploadMs = 5_000;

/** Makes the function that answers every plain request; it never rejects. */
export function createRequestHandler(
  served: Served,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const { core } = served;
  const handlers = createBrowserHostHandlers(core.version);
  const dispatchToHost = createDispatcher({ commands: hostCommands, handlers, logger: core.logger });
  const dispatch: Dispatch = async (name, input) =>
    await (isHostCommandName(name) ? dispatchToHost : core.dispatch)(name, input);

  return async (request, response) => {
    // A browser that goes away in the middle is no news.
    response.on('error', () => undefined);
    begin(response);
    try {
      await answer(request, response, served, dispatch);
    } catch (thrown) {
      fail(request, response, thrown, core);
    }
    response.once('close', () => endRefusedUpload(request));
  };
}

/** Whether a request may become the socket that events go out on. */
export function mayUpgrade(request: IncomingMessage, gate: Gate): boolean {
  const visitor = visitorOf(request, true);
  return (
    isOurHost(visitor, gate.port) &&
    isOurOrigin(visitor, gate) &&
    hasSession(visitor, gate) &&
    request.method === 'GET' &&
    request.url === '/events'
  );
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
  dispatch: Dispatch,
): Promise<void> {
  const visitor = visitorOf(request, false);
  if (!isOurHost(visitor, served.gate.port)) {
    sendText(response, 403, 'This is not an address of Graft.');
    return;
  }
  const path = readRequestPath(request.url ?? '');
  if (path === undefined) {
    sendText(response, 404, 'There is nothing at this address.');
    return;
  }
  if (enters(request, response, served, visitor, path)) return;
  if (!hasSession(visitor, served.gate)) {
    refuseStranger(response, path);
    return;
  }
  if (!isOurOrigin(visitor, served.gate)) {
    sendError(response, new AppError('not-allowed', 'Only Graft’s own page may ask this.'));
    return;
  }
  await route(request, response, served, dispatch, path);
}

/** A page whose server was started anew is told in the words of the contract, a person in plain ones. */
function refuseStranger(response: ServerResponse, { segments }: RequestPath): void {
  const isForPage = segments[0] === 'rpc' || segments[0] === 'bytes';
  if (isForPage) sendError(response, new AppError('not-allowed', noSessionText));
  else sendText(response, 403, noSessionText);
}

/** The link from the terminal: once, it leaves the cookie; with the cookie there already, it only leads on. */
function enters(
  request: IncomingMessage,
  response: ServerResponse,
  { gate, entry, staticRoot }: Served,
  visitor: Visitor,
  path: RequestPath,
): boolean {
  const given = path.query.get('token');
  if (staticRoot === null || request.method !== 'GET' || path.segments.length > 0 || given === null) return false;
  if (!hasSession(visitor, gate)) {
    if (!entry.redeem(given)) {
      sendText(response, 403, noSessionText);
      return true;
    }
    response.setHeader('set-cookie', `${cookieName(gate.port)}=${gate.token}; HttpOnly; SameSite=Strict; Path=/`);
  }
  response.writeHead(303, { location: '/' }).end();
  return true;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  served: Served,
  dispatch: Dispatch,
  path: RequestPath,
): Promise<void> {
  const method = request.method ?? '';
  const [area] = path.segments;
  if (area === 'bytes' && ['GET', 'HEAD', 'PUT', 'POST'].includes(method)) {
    await answerBytes(request, response, served.core.bytes, path);
    return;
  }
  if (served.staticRoot !== null && area === 'rpc' && method === 'POST') {
    await answerCommand(request, response, dispatch, path);
    return;
  }
  if (!['GET', 'HEAD'].includes(method)) {
    sendText(response, 405, 'Graft does not do this here.');
    return;
  }
  const file = served.staticRoot === null ? undefined : await openStaticFile(served.staticRoot, path.segments);
  if (file === undefined) {
    sendText(response, 404, 'There is nothing at this address.');
    return;
  }
  await sendBytes(request, response, file);
}

async function answerCommand(
  request: IncomingMessage,
  response: ServerResponse,
  dispatch: Dispatch,
  { segments }: RequestPath,
): Promise<void> {
  const [, name = ''] = segments;
  if (segments.length !== 2) throw new AppError('not-found', say('nothingAtAddress'));
  // A form of another site can post text, not JSON, without asking first.
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? '')) {
    const facts = { expected: 'application/json', field: 'content-type', received: say('somethingElse') };
    throw new AppError('bad-input', say('expectedFor', facts));
  }
  const maxBytes = isCommandName(name) ? commands[name].maxInputBytes : smallBodyBytes;
  sendJson(response, 200, await dispatch(name, await readJson(request, maxBytes)));
}

function fail(request: IncomingMessage, response: ServerResponse, thrown: unknown, core: Core): void {
  const { error, isBug } = toAppError(thrown);
  // A browser that went away hears nothing. (A request whose body was read to its end counts as destroyed, too.)
  if (response.destroyed || request.socket.destroyed) return;
  if (isBug) core.logger.error(`${request.method ?? ''} ${(request.url ?? '').slice(0, 200)} failed`, thrown);
  if (response.headersSent) response.destroy();
  else sendError(response, error);
}

/** Node reads a refused body to its end, so that the answer arrives; a body that does not end is cut off. */
function endRefusedUpload(request: IncomingMessage): void {
  if (!request.complete) setTimeout(() => request.destroy(), refusedUploadMs).unref();
}

function visitorOf(request: IncomingMessage, isUpgrade: boolean): Visitor {
  return { method: request.method ?? '', headers: request.headers, isUpgrade };
}
