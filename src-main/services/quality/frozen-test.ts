import { createHash } from 'node:crypto';
import type { FrozenTest } from '../../../src-shared/domain/quality.ts';
import type { TestImage } from '../../storage/frozen-test-store.ts';
import type { ProjectContext } from '../project/open-projects.ts';

/** SHA-256, in hex, over ids and classes of the images of a test set, sorted: equal for equal sets. */
export function hashTestSet(images: readonly TestImage[]): string {
  const lines = images.map(({ id, classId }) => `${id} ${classId ?? ''}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** The frozen test set of a project and what happened to it since; null while none is frozen. */
export function readFrozenTest({ database }: ProjectContext): FrozenTest | null {
  const frozen = database.frozenTest.read();
  if (!frozen) return null;
  const then = database.frozenTest.images();
  const now = database.frozenTest.current();
  return { ...frozen, imageCount: then.length, ...compareTestSets(then, now) };
}

/** What differs between a test set as it was frozen and as it is. */
export function compareTestSets(
  then: readonly TestImage[],
  now: readonly TestImage[],
): Pick<FrozenTest, 'relabelled' | 'joined' | 'left'> {
  const before = new Map(then.map(({ id, classId }) => [id, classId]));
  const stayed = now.filter(({ id }) => before.has(id));
  return {
    relabelled: stayed.filter(({ id, classId }) => before.get(id) !== classId).length,
    joined: now.length - stayed.length,
    left: then.length - stayed.length,
  };
}
