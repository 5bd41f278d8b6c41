import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ImportJob, SkippedFile } from '../../src-shared/contract/import.contract.ts';
import type { FolderToken, ProjectId } from '../../src-shared/domain/ids.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Session } from './session.ts';
import { count } from './words.ts';

/** An import that has ended, with what it left out. */
export interface EndedImport {
  readonly job: ImportJob;
  readonly skipped: readonly SkippedFile[];
}

const skippedAtOnce = 5000;

/** Imports folders, archives and files and resolves when it has ended; an interruption stops it, and what is in stays in. */
export async function importSources(
  session: Session,
  projectId: ProjectId,
  sources: readonly string[],
): Promise<EndedImport> {
  const tokens: FolderToken[] = [];
  for (const source of sources) tokens.push((await session.core.host.grantSource(path.resolve(source))).token);
  return await followImport(session, projectId, () =>
    session.client.call('import.start', { projectId, sources: tokens, ratios: null }),
  );
}

/** Goes on with the latest import of the project that was interrupted or failed. Throws AppError 'not-found'. */
export async function resumeImport(session: Session, projectId: ProjectId): Promise<EndedImport> {
  const { imports } = await session.client.call('import.list', { projectId });
  const open = imports.find(({ status }) => status === 'interrupted' || status === 'failed');
  if (!open) throw new AppError('not-found', 'No import of this project was interrupted.');
  return await followImport(session, projectId, () =>
    session.client.call('import.resume', { projectId, jobId: open.id }),
  );
}

/** Starts an import and resolves when it has ended; an interruption stops it. */
export async function followImport(
  { client, output, interrupted }: Session,
  projectId: ProjectId,
  start: () => Promise<ImportJob>,
): Promise<EndedImport> {
  const jobs = new Map<string, ImportJob>();
  const ended = Promise.withResolvers<ImportJob>();
  let jobId: string | undefined;
  const stopListening = client.on('import.changed', ({ job }) => {
    // The job may end before its start was answered.
    jobs.set(job.id, job);
    if (job.id !== jobId) return;
    if (job.status !== 'running') ended.resolve(job);
    else if (job.total > 0) {
      const left = job.secondsLeft === null ? '' : `, ${job.secondsLeft} s left`;
      output.progress(`${job.done} of ${job.total} files, ${count(job.imported, 'image')} imported${left}`);
      output.tell('progress', { done: job.done, total: job.total, imported: job.imported });
    }
  });
  try {
    const started = await start();
    jobId = started.id;
    const latest = jobs.get(started.id) ?? started;
    if (latest.status === 'running') {
      onInterrupt(interrupted, () => client.call('import.cancel', { projectId, jobId: started.id }));
    }
    const job = checked(latest.status === 'running' ? await ended.promise : latest);
    return { job, skipped: await listSkipped(client, job) };
  } finally {
    stopListening();
  }
}

async function listSkipped(client: Session['client'], { id: jobId, projectId }: ImportJob): Promise<SkippedFile[]> {
  const all: SkippedFile[] = [];
  for (;;) {
    const page = { projectId, jobId, offset: all.length, limit: skippedAtOnce, search: '', reason: null };
    const { skipped, total } = await client.call('import.listSkipped', page);
    all.push(...skipped);
    if (skipped.length === 0 || all.length >= total) return all;
  }
}

function checked(job: ImportJob): ImportJob {
  if (job.status === 'failed')
    throw new AppError('no-access', job.reason ?? 'The import failed. Try again.', { retry: true });
  return job;
}

/** An ended import for the last line. */
export function describeImport({ job, skipped }: EndedImport): {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
} {
  const { imported, duplicates, classesAdded, labelled, status } = job;
  const stopped = status === 'completed' ? [] : ['The import was stopped; what is in stays in.'];
  const known = duplicates === 0 ? '' : `, ${duplicates} already there`;
  return {
    fields: { imported, duplicates, classesAdded, labelled, skipped },
    words: [
      ...stopped,
      `Imported ${count(imported, 'image')}${known}; ${classesAdded === 1 ? '1 new class' : `${classesAdded} new classes`}`,
      ...(labelled === 0 ? [] : [`${count(labelled, 'image')} that were there got another label or split`]),
      ...skipped.map(({ file, reason }) => `Skipped ${file}: ${textOf(reason)}`),
    ],
  };
}
