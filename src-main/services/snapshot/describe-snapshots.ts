import { join } from 'node:path';
import type { Snapshot } from '../../../src-shared/domain/snapshot.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { SnapshotRecord } from '../../storage/snapshots/snapshot-record.ts';
import { inSnapshotThread } from '../../storage/snapshots/snapshot-thread.ts';

/** Snapshots as the page shows them, with what happened since each. */
export async function describeSnapshots(
  paths: ProjectPaths,
  records: readonly SnapshotRecord[],
): Promise<readonly Snapshot[]> {
  if (records.length === 0) return [];
  const then = records.map(({ id }) => join(paths.snapshots, id, 'project.sqlite'));
  const differences = await inSnapshotThread('compare', { now: paths.database, then });
  return records.map(({ id, at, reason, images, labelled, classes, pipelines, sizeBytes }, index) => ({
    ...{ id, at, reason, images, labelled, classes, pipelines, sizeBytes },
    since: differences[index] ?? null,
  }));
}
