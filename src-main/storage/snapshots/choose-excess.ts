import type { SnapshotId } from '../../../src-shared/domain/ids.ts';
import type { SnapshotReason } from '../../../src-shared/domain/snapshot.ts';

/** So many snapshots of a project are kept. */
export const keptSnapshots = 10;
/** The latest are never thinned. */
const untouched = 3;

interface Aged {
  readonly id: SnapshotId;
  readonly at: string;
  readonly reason: SnapshotReason;
}

/**
 * The snapshots to remove so that `keptSnapshots` stay: those that leave the smallest gap for their age, so that the gaps grow with the age
 * (minutes, hours, days, weeks) and the oldest one stays. `snapshots` come latest first.
 *
 * The latest three stay, and so does the state that the last restoring replaced, which is that restoring's undo.
 */
export function chooseExcess(snapshots: readonly Aged[], now: Date): readonly SnapshotId[] {
  const kept = [...snapshots];
  const removed: SnapshotId[] = [];
  const undo = snapshots.find(({ reason }) => reason === 'restoring')?.id;
  while (kept.length > keptSnapshots) {
    const inner = kept.slice(untouched, -1).filter(({ id }) => id !== undo);
    const [first, ...others] = inner;
    if (!first) break;
    const least = others.reduce((best, one) => (gap(kept, one, now) < gap(kept, best, now) ? one : best), first);
    kept.splice(kept.indexOf(least), 1);
    removed.push(least.id);
  }
  return removed;
}

/** The gap that its removal would leave, as a fraction of its age. */
function gap(kept: readonly Aged[], one: Aged, now: Date): number {
  const place = kept.indexOf(one);
  const time = (other: Aged | undefined): number => Date.parse(other?.at ?? one.at);
  return (time(kept[place - 1]) - time(kept[place + 1])) / Math.max(1, now.getTime() - time(one));
}
