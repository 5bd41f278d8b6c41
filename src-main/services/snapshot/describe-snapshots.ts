import { join } from 'node:path';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { Snapshot, SnapshotDifference } from '../../../src-shared/domain/snapshot.ts';
import type { ProjectPaths } from '../../storage/project-paths.ts';
import type { SnapshotRecord } from '../../storage/snapshots/snapshot-record.ts';
import { inSnapshotThread } from '../../storage/snapshots/snapshot-thread.ts';

/** Snapshots as the page shows them, with what happened since each. */
export async function describeSnapshots(
  paths: ProjectPaths,
  records: readonly SnapshotRecord[],
): Promise<readonly Snapshot[]> {
  const described: Snapshot[] = [];
  // One after the other: each compares two whole databases.
  for (const record of records) {
    const { id, at, reason, images, labelled, classes, pipelines, sizeBytes } = record;
    const since = await compareWithNow(paths, join(paths.snapshots, id, 'project.sqlite'));
    described.push({ id, at, reason, images, labelled, classes, pipelines, sizeBytes, since });
  }
  return described;
}

async function compareWithNow(paths: ProjectPaths, then: string): Promise<SnapshotDifference | null> {
  try {
    return await inSnapshotThread('compare', { now: paths.database, then });
  } catch (error) {
    // The present database is damaged or gone: that is when a list is needed most.
    if (error instanceof AppError && error.code !== 'bug') return null;
    throw error;
  }
}
