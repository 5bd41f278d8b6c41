import { expect, test } from 'vitest';
import type { ConnectionStatus, PageClient } from '../../../src-renderer/client/page-client.ts';
import { Connection } from '../../../src-renderer/state/connection.svelte.ts';

/** A connection that the test breaks and mends; `finish` ends the coming back. */
function openConnection() {
  let tell: (status: ConnectionStatus) => void = () => undefined;
  const client: Pick<PageClient, 'onConnection'> = {
    onConnection: (listener) => {
      tell = listener;
      listener('open');
      return () => undefined;
    },
  };
  const { promise, resolve: finish } = Promise.withResolvers<undefined>();
  let returns = 0;
  const connection = new Connection(client as PageClient, async () => {
    returns += 1;
    await promise;
  });
  connection.start();
  return { connection, finish, tell: (status: ConnectionStatus) => tell(status), returns: () => returns };
}

test('counts as connected again only when core is where the page is', async () => {
  const { connection, finish, tell, returns } = openConnection();
  tell('lost');
  tell('open');
  expect({ status: connection.status, isBroken: connection.isBroken, returns: returns() }).toEqual({
    status: 'lost',
    isBroken: true,
    returns: 1,
  });
  finish(undefined);
  await expect.poll(() => connection.status).toBe('open');
});

test('stays broken when it is lost again meanwhile', async () => {
  const { connection, finish, tell } = openConnection();
  tell('lost');
  tell('open');
  tell('gone');
  finish(undefined);
  await Promise.resolve();
  expect(connection.status).toBe('gone');
});

test('has nothing to mend at the start', () => {
  const { connection, returns } = openConnection();
  expect({ status: connection.status, returns: returns() }).toEqual({ status: 'open', returns: 0 });
});
