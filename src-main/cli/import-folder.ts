import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ImportJob } from '../../src-shared/contract/import.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Session } from './session.ts';
import { count } from './words.ts';

/** Imports a folder and resolves when it has ended; an interruption stops it, and what is in stays in. */
export async function importFolder(session: Session, projectId: ProjectId, folder: string): Promise<ImportJob> {
  const { core, client, output, interrupted } = session;
  const { token } = await core.host.grantFolder(path.resolve(folder));
  const jobs = new Map<string, ImportJob>();
  const ended = Promise.withResolvers<ImportJob>();
  let jobId: string | undefined;
  const stopListening = client.on('import.changed', ({ job }) => {
    // The job may end before its start was answered.
    jobs.set(job.id, job);
    if (job.id !== jobId) return;
    if (job.status !== 'running') ended.resolve(job);
    else if (job.total > 0) {
      output.progress(`${job.done} of ${job.total} files, ${count(job.imported, 'image')} imported`);
      output.tell('progress', { done: job.done, total: job.total, imported: job.imported });
    }
  });
  try {
    const started = await client.call('import.start', { projectId, folder: token, ratios: null });
    jobId = started.id;
    const latest = jobs.get(started.id) ?? started;
    if (latest.status !== 'running') return checked(latest);
    onInterrupt(interrupted, () => client.call('import.cancel', { jobId: started.id }));
    return checked(await ended.promise);
  } finally {
    stopListening();
  }
}

function checked(job: ImportJob): ImportJob {
  if (job.status === 'failed')
    throw new AppError('no-access', job.reason ?? 'The import failed. Try again.', { retry: true });
  return job;
}

/** An ended import for the last line. */
export function describeImport(job: ImportJob): {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
} {
  const { imported, duplicates, classesAdded, skipped, status } = job;
  const stopped = status === 'cancelled' ? ['The import was stopped; what is in stays in.'] : [];
  const known = duplicates === 0 ? '' : `, ${duplicates} already there`;
  return {
    fields: { imported, duplicates, classesAdded, skipped },
    words: [
      ...stopped,
      `Imported ${count(imported, 'image')}${known}; ${classesAdded === 1 ? '1 new class' : `${classesAdded} new classes`}`,
      ...skipped.map(({ file, reason }) => `Skipped ${file}: ${textOf(reason)}`),
    ],
  };
}
