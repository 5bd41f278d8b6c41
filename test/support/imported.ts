import { expect } from 'vitest';
import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import type { studioServices } from './studio-services.ts';

type Services = ReturnType<typeof studioServices>;

/** An import when it no longer runs, and what it left out with each reason. */
export async function endOf(
  { imports }: Pick<Services, 'imports'>,
  started: ImportJob,
): Promise<{ readonly job: ImportJob; readonly skipped: readonly string[] }> {
  const { projectId, id: jobId } = started;
  const job = (): ImportJob => imports.list(projectId).find(({ id }) => id === jobId)!;
  await expect.poll(() => job().status).not.toBe('running');
  const { skipped } = imports.listSkipped({ projectId, jobId, offset: 0, limit: 99, search: '', reason: null });
  return { job: job(), skipped: skipped.map(({ file, reason }) => `${file}: ${textOf(reason)}`) };
}

/** Each image in order, such as "cat/1.png: cat, training"; – without a label. */
export function contentsOf({ datasets }: Pick<Services, 'datasets'>, projectId: ImportJob['projectId']): string[] {
  const { classes, images } = datasets.read(projectId);
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  return images.map(({ source, classId, split }) => `${source}: ${classId ? names.get(classId)! : '–'}, ${split}`);
}
