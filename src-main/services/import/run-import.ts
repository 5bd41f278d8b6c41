import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { ImportJob } from '../../../src-shared/contract/import.contract.ts';
import { say, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { Now } from '../../core/ports.ts';
import type { DatasetService } from '../dataset/dataset-service.ts';
import type { ProjectContext } from '../project/open-projects.ts';
import type { ImportedLabel } from '../../storage/dataset/import-notes.ts';
import { gatherFiles, type Gathering } from './gather-files.ts';
import { importFiles, type KnownFile } from './import-files.ts';
import type { ImportProgress } from './import-progress.ts';
import type { ImportRequest } from './import-request.ts';
import { labelAs } from './label-as.ts';
import { gatherListed } from './lists/gather-listed.ts';
import type { FolderMemory } from './rescan/folder-memory.ts';
import { listFolder } from './rescan/rescan-service.ts';
import type { PauseGate } from './pause-gate.ts';
import { gatherProject } from './project/gather-project.ts';

export interface ImportRun {
  readonly context: ProjectContext;
  readonly request: ImportRequest;
  readonly progress: ImportProgress;
  readonly gate: PauseGate;
  readonly signal: AbortSignal;
  /** True when the signal came because Graft ends: the import can go on another time. */
  readonly isInterrupted: () => boolean;
  readonly datasets: DatasetService;
  /** Where the folders that were imported are noted. */
  readonly memory: FolderMemory;
  readonly now: Now;
}

/** Does what an import asks for. Never throws: however it goes is told by the job. */
export async function runImport(run: ImportRun): Promise<ImportJob> {
  const { context, progress, signal, isInterrupted, datasets } = run;
  const stopped = (): 'cancelled' | 'interrupted' => (isInterrupted() ? 'interrupted' : 'cancelled');
  try {
    const seen = await listRoots(run);
    await bringIn(run);
    if (!signal.aborted) for (const [root, ways] of seen) await run.memory.remember(context.id, root, ways);
    await datasets.placeWaiting(context);
    progress.end(signal.aborted ? stopped() : 'completed', null);
  } catch (error) {
    await placeWhatCame(run);
    endFailed(progress, signal.aborted ? stopped() : 'failed', error);
  }
  return progress.job;
}

async function bringIn(run: ImportRun): Promise<void> {
  const { context, request, progress, gate, signal, datasets, now } = run;
  signal.throwIfAborted();
  const { imports, dataset } = context.database;
  const jobId = progress.job.id;
  const found = await gather(run);
  try {
    imports.addSkipped(jobId, found.skipped);
    progress.begin(found.files.length, found.skipped.length);
    if (request.ratios) dataset.setRatios(request.ratios);
    const onAdded = (): void => datasets.tellChanged(context);
    progress.label(0, found.addClasses());
    const files = found.files.map((file) => labelAs(context.labelling, file));
    const there = await importFiles({ jobId, context, files, progress, gate, signal, now, onAdded });
    if (signal.aborted) return;
    const { changed, classesAdded } = dataset.relabel(found.labels(there), now().toISOString());
    progress.label(changed, classesAdded);
    if (changed + classesAdded > 0) datasets.tellChanged(context);
  } finally {
    found.close();
  }
}

/** What an import brings, until it is closed. */
interface Gathered extends Gathering {
  /** Makes classes that come without images, too; answers how many are new. */
  addClasses(): number;
  /** What images get that were there before, or have more than their files say. */
  labels(there: readonly KnownFile[]): readonly ImportedLabel[];
}

/** What is in the folders that are about to be imported; what comes to them meanwhile may be missed by the import and is new then. */
async function listRoots({ request, signal }: ImportRun): Promise<ReadonlyMap<string, readonly string[]>> {
  const seen = new Map<string, readonly string[]>();
  if (request.list !== null || request.project !== null || request.upload !== null) return seen;
  for (const root of request.roots) {
    const ways = await listFolder(root, signal);
    if (ways !== null) seen.set(root, ways);
  }
  return seen;
}

async function gather({ context, request, progress, signal, memory }: ImportRun): Promise<Gathered> {
  const { database, labelling } = context;
  if (request.project) {
    const { project } = request;
    const found = await gatherProject({ project, database, labelling, jobId: progress.job.id, signal });
    return { skipped: [], close: () => undefined, ...found };
  }
  const addClasses = (): number => 0;
  if (request.list === null) {
    const seen = new Map<string, ReadonlySet<string>>();
    for (const root of request.onlyNew ? request.roots : []) {
      seen.set(root, (await memory.find(context.id, root))?.seen ?? new Set());
    }
    const { files, ...gathering } = await gatherFiles(
      request.roots,
      signal,
      (root, way) => seen.get(root)?.has(way) !== true,
    );
    const classed = files.map((file) => ({ ...file, className: file.className ?? request.className }));
    return { ...gathering, files: classed, addClasses, labels: () => [] };
  }
  const found = await gatherListed({ list: request.list, roots: request.roots, database, labelling, signal });
  const byContent = ({ id, file }: KnownFile): ImportedLabel => ({
    id,
    className: file.className,
    classNames: file.classNames ?? null,
    split: file.givenSplit,
  });
  return { ...found, addClasses, labels: (there) => [...found.known, ...there.map(byContent)] };
}

/** After a failure; where even this fails (a full disk), the next opening of the project does it. */
async function placeWhatCame({ context, datasets }: ImportRun): Promise<void> {
  try {
    await datasets.placeWaiting(context);
  } catch (error) {
    if (!(error instanceof AppError)) console.error(error);
  }
}

/** Where the project cannot even keep that it failed, the page is told all the same. */
function endFailed(progress: ImportProgress, status: 'cancelled' | 'interrupted' | 'failed', error: unknown): void {
  try {
    progress.end(status, status === 'failed' ? describeFailure(error) : null);
  } catch (second) {
    if (!(second instanceof AppError)) console.error(second);
  }
}

function describeFailure(error: unknown): Sentence {
  if (error instanceof AppError) return error.sentence;
  // A bug: its stack goes to the log, and the person is told that it is not their doing.
  console.error(error);
  return say('importBroke');
}
