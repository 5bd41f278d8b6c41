import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { SnapshotService } from './snapshot-service.ts';

type SnapshotCommand = 'snapshot.list' | 'snapshot.take' | 'snapshot.restore';

/** Answers the snapshot commands. */
export function createSnapshotHandlers(snapshots: SnapshotService): Pick<Handlers, SnapshotCommand> {
  return {
    'snapshot.list': async ({ projectId }) => ({ snapshots: await snapshots.list(projectId) }),
    'snapshot.take': ({ projectId }) => snapshots.take(projectId),
    'snapshot.restore': ({ projectId, snapshotId }) => snapshots.restore(projectId, snapshotId),
  };
}
