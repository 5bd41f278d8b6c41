import type { ProjectId } from '../../src-shared/domain/ids.ts';
import type { Scan } from '../../src-shared/domain/quality.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Session } from './session.ts';

/** Looks at the pictures that were not looked at yet, and resolves when all are; an interruption stops it and keeps what is done. */
export async function lookAtPictures(session: Session, projectId: ProjectId): Promise<void> {
  const { client, output, interrupted } = session;
  const ended = Promise.withResolvers<undefined>();
  const follow = (scan: Scan): void => {
    if (scan.status !== 'running') ended.resolve(undefined);
    else {
      output.progress(`${scan.done} of ${scan.total} pictures looked at`);
      output.tell('progress', { done: scan.done, total: scan.total });
    }
  };
  const stopListening = client.on('quality.scanned', ({ projectId: id, scan }) => {
    if (id === projectId) follow(scan);
  });
  try {
    follow(await client.call('quality.scan', { projectId, what: 'start' }));
    onInterrupt(interrupted, () => client.call('quality.scan', { projectId, what: 'stop' }));
    await ended.promise;
  } finally {
    stopListening();
  }
}
