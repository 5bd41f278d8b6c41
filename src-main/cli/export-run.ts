import { createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { CommandInput } from '../../src-shared/contract/contract.ts';
import type { ExportJob } from '../../src-shared/contract/export.contract.ts';
import type { ExportRecord } from '../../src-shared/domain/export.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { systemCode } from '../storage/file-error.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Session } from './session.ts';
import { percent } from './words.ts';

/** Throws AppError conflict unless the folder is new or empty: nothing of a person's is overwritten. */
export async function assertFreeFolder(folder: string): Promise<void> {
  const entries = await readdir(folder).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'ENOENT') return [];
    throw new AppError(
      'conflict',
      `“${folder}” cannot be used as a folder (${code ?? 'unknown'}). Choose another one.`,
    );
  });
  if (entries.length > 0) throw new AppError('conflict', `“${folder}” is not empty. Choose a new or empty folder.`);
}

/** Exports a run and resolves when the export is proven; an interruption stops it and leaves nothing. */
export async function exportToTheEnd(session: Session, input: CommandInput<'export.start'>): Promise<ExportRecord> {
  const { client, output, interrupted } = session;
  const ended = Promise.withResolvers<ExportJob>();
  const jobs = new Map<string, ExportJob>();
  let jobId: string | undefined;
  const stopListening = client.on('export.changed', ({ job }) => {
    jobs.set(job.id, job);
    if (job.id !== jobId) return;
    output.progress(`${job.status} ${percent(job.value)}`);
    output.tell('progress', { status: job.status, value: job.value });
    if (!isAtWork(job)) ended.resolve(job);
  });
  try {
    const started = await client.call('export.start', input);
    jobId = started.id;
    const latest = jobs.get(started.id) ?? started;
    onInterrupt(interrupted, () => client.call('export.cancel', { jobId: started.id }));
    const job = isAtWork(latest) ? await ended.promise : latest;
    if (job.record) return job.record;
    if (job.status === 'cancelled') throw new AppError('cancelled', 'The export was stopped; nothing is left of it.');
    throw new AppError('export-differs', job.reason ?? 'The export failed.');
  } finally {
    stopListening();
  }
}

/** Puts the export's files into the folder and its zip beside it; the folder appears whole or not at all. */
export async function placeExport(
  { core }: Session,
  projectId: ProjectId,
  record: ExportRecord,
  out: string,
): Promise<{ readonly folder: string; readonly zip: string }> {
  const folder = path.resolve(out);
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  const work = await mkdtemp(path.join(parent, '.tmp-graft-'));
  try {
    await cp(await core.host.exportFolder(projectId, record.id), path.join(work, 'folder'), { recursive: true });
    const { body } = await core.bytes.exportZip(projectId, record.id);
    await pipeline(body instanceof Readable ? body : Readable.from([body]), createWriteStream(path.join(work, 'zip')));
    await rm(folder, { recursive: true, force: true });
    await rename(path.join(work, 'folder'), folder);
    await rename(path.join(work, 'zip'), `${folder}.zip`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { folder, zip: `${folder}.zip` };
}

function isAtWork({ status }: ExportJob): boolean {
  return status === 'writing' || status === 'checking';
}
