import { expect, it } from 'vitest';
import { dueInMs } from '../../../src-main/services/snapshot/snapshot-clock.ts';
import { chooseExcess, keptSnapshots } from '../../../src-main/storage/snapshots/choose-excess.ts';
import type { SnapshotId } from '../../../src-shared/domain/ids.ts';
import type { SnapshotReason } from '../../../src-shared/domain/snapshot.ts';

const hourMs = 3600_000;

interface Kept {
  readonly id: SnapshotId;
  readonly at: string;
  readonly reason: SnapshotReason;
}

/** The ages in hours of what is kept when a snapshot is taken every hour for so long. */
function agesAfter(hours: number, reasonAt: (hour: number) => SnapshotReason = () => 'changed'): readonly number[] {
  let kept: readonly Kept[] = [];
  for (let hour = 0; hour <= hours; hour += 1) {
    const now = new Date(hour * hourMs);
    kept = [{ id: `${hour}` as SnapshotId, at: now.toISOString(), reason: reasonAt(hour) }, ...kept];
    const excess = new Set(chooseExcess(kept, now));
    kept = kept.filter(({ id }) => !excess.has(id));
  }
  return kept.map(({ at }) => hours - Date.parse(at) / hourMs);
}

it('keeps ten snapshots, close together when they are young, further apart when they are old, and the oldest', () => {
  expect(agesAfter(5)).toEqual([0, 1, 2, 3, 4, 5]);
  const ages = agesAfter(1000);
  expect(ages).toHaveLength(keptSnapshots);
  expect(ages.slice(0, 3)).toEqual([0, 1, 2]);
  expect(ages.at(-1)).toBe(1000);
  // From three hours on no two neighbours are more than a factor of six apart: no age is without a state.
  const old = ages.filter((age) => age >= 3);
  const steps = old.slice(1).map((age, index) => age / old[index]!);
  expect(Math.max(...steps)).toBeLessThan(6);
});

it('keeps the state that the last restoring replaced', () => {
  expect(agesAfter(500, (hour) => (hour === 400 ? 'restoring' : 'changed'))).toContain(100);
});

it('is due after many changes in two minutes, after few in ten, never without, and costs at most a hundredth of the time', () => {
  const minute = 60_000;
  expect(dueInMs({ changes: 0, elapsedMs: 60 * minute, costMs: 10 })).toBeNull();
  expect(dueInMs({ changes: 1, elapsedMs: 0, costMs: 10 })).toBe(10 * minute);
  expect(dueInMs({ changes: 200, elapsedMs: minute, costMs: 10 })).toBe(minute);
  expect(dueInMs({ changes: 200, elapsedMs: 3 * minute, costMs: 10 })).toBe(0);
  expect(dueInMs({ changes: 5000, elapsedMs: 0, costMs: 9000 })).toBe(15 * minute);
});
