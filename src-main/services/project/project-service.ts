import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { OpenProject, ProjectSummary, Sample, SampleId } from '../../../src-shared/contract/project.contract.ts';
import { projectIdSchema, type ProjectId } from '../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { AppPaths, Emit, Now } from '../../core/ports.ts';
import { databaseError } from '../../storage/database-error.ts';
import { fileError } from '../../storage/file-error.ts';
import { projectPaths, type ProjectPaths } from '../../storage/project-paths.ts';
import { openContext, type OpenRequest } from './open-context.ts';
import type { OpenProjects, OwnedContext, ProjectContext } from './open-projects.ts';
import { readProjectFile, writeProjectFile, type ProjectFile } from './project-file.ts';
import { createProjectFolder, freeProjectRoot, nameFromRoot } from './project-folder.ts';
import { summarize, type ReadRunSummary } from './project-summary.ts';
import { RecentProjects } from './recent-projects.ts';
import type { SampleCatalog } from './sample-catalog.ts';

export interface ProjectServiceDeps {
  readonly paths: Pick<AppPaths, 'config' | 'projects'>;
  readonly openProjects: OpenProjects;
  readonly samples: SampleCatalog;
  readonly readRunSummary: ReadRunSummary;
  /** Brings a sample's images in; resolves when all are in. */
  readonly importFolder: (context: ProjectContext, folder: string) => Promise<unknown>;
  /** Called for each project opened for writing, to finish what a crash left undone. */
  readonly recover: (context: ProjectContext) => void;
  readonly access: 'write' | 'read';
  readonly emit: Emit;
  readonly now: Now;
}

/** Makes, opens, lists and names projects. */
export class ProjectService {
  readonly #deps: ProjectServiceDeps;
  readonly #recent: RecentProjects;
  /** Folders of projects whose database could not be opened. */
  readonly #refused = new Map<ProjectId, string>();
  readonly #underWay = new Map<string, Promise<ProjectContext>>();

  constructor(deps: ProjectServiceDeps) {
    this.#deps = deps;
    this.#recent = new RecentProjects(join(deps.paths.config, 'recent-projects.json'));
  }

  async list(): Promise<{ projects: ProjectSummary[]; samples: Sample[] }> {
    const { openProjects, readRunSummary, samples } = this.#deps;
    const projects: ProjectSummary[] = [];
    for (const recent of await this.#recent.list()) {
      projects.push(await summarize(recent, openProjects.find(recent.id), readRunSummary));
    }
    return { projects, samples: [...(await samples.list())] };
  }

  /** The recent projects by name and place, open or not; a folder may be gone. */
  async known(): Promise<readonly { readonly name: string; readonly paths: ProjectPaths }[]> {
    return (await this.#recent.list()).map(({ id, name, path }) => {
      const open = this.#deps.openProjects.find(id);
      return { name: open?.name ?? name, paths: open?.paths ?? projectPaths(path) };
    });
  }

  /** Where a project lies, open or not, also one that could not be opened in this session. Throws AppError 'not-found'. */
  async locate(projectId: ProjectId): Promise<ProjectPaths> {
    const known = this.#refused.get(projectId) ?? (await this.#recent.find(projectId))?.path;
    if (known === undefined) throw new AppError('not-found', say('projectNotRecent'));
    return projectPaths(known);
  }

  /** Makes a project below `parent`, or where new projects go by default, and opens it. */
  async create(name: string, parent: string | null, labelling: Labelling = 'single-label'): Promise<ProjectContext> {
    return this.createAt(freeProjectRoot(parent ?? this.#deps.paths.projects, name), { name, labelling });
  }

  /** Makes a project in exactly this folder, which must be new or empty, and opens it. */
  async createAt(
    root: string,
    {
      name = nameFromRoot(root),
      sample = null,
      labelling = 'single-label',
    }: Partial<Pick<ProjectFile, 'name' | 'sample' | 'labelling'>> = {},
  ): Promise<ProjectContext> {
    this.#assertMayWrite();
    const createdAt = this.#deps.now().toISOString();
    const file: ProjectFile = { schemaVersion: 2, id: newProjectId(), name, createdAt, sample, labelling };
    const paths = await createProjectFolder(root, file);
    return this.openAt(paths.root);
  }

  /** Opens a recent project. Throws AppError 'not-found' when it is unknown or its folder is gone. */
  async open(projectId: ProjectId): Promise<ProjectContext> {
    return this.openAt((this.#deps.openProjects.find(projectId)?.paths ?? (await this.locate(projectId))).root);
  }

  /** Opens the project in this folder; one that is open already comes back as it is. */
  async openAt(root: string): Promise<ProjectContext> {
    const real = await this.#realRoot(root);
    return this.#once(real, () => this.#openRoot(real));
  }

  /** Opens the sample's project, made the first time; a copy that was cut short is completed. */
  async openSample(id: SampleId): Promise<ProjectContext> {
    return this.#once(`sample ${id}`, async () => {
      const sample = await this.#deps.samples.get(id);
      const root = await this.#findSampleRoot(id, sample.title);
      const context = root === null ? await this.#createSample(sample) : await this.openAt(root);
      const isShort = context.database.dataset.counts().images < sample.imageCount;
      if (isShort && context.readOnlyBecause === null)
        await this.#deps.importFolder(context, this.#deps.samples.folder(id));
      return context;
    });
  }

  async rename(projectId: ProjectId, name: string): Promise<ProjectContext> {
    const context = this.#deps.openProjects.owned(projectId);
    context.assertWritable();
    const file = await readProjectFile(context.paths);
    await writeProjectFile(context.paths, { ...file, name });
    context.setName(name);
    await this.#remember(context.paths, { ...file, name });
    return context;
  }

  /** Takes a project off the list; its folder stays. */
  async forget(projectId: ProjectId): Promise<void> {
    this.#assertMayWrite();
    await this.#recent.forget(projectId);
    this.#deps.emit('project.listChanged', {});
  }

  async #openRoot(root: string): Promise<ProjectContext> {
    const { openProjects, access, now } = this.#deps;
    const existing = openProjects.findByRoot(root);
    // One that could only be read is tried again: its holder may be gone.
    if (existing && (existing.readOnlyBecause === null || access === 'read')) return existing;
    if (existing) openProjects.close(existing.id);
    const paths = projectPaths(root);
    const file = await this.#ownFile(paths, await readProjectFile(paths));
    const context = this.#openContext({ ...file, paths, access, now: now() });
    await this.#remember(paths, file);
    return context;
  }

  /** What is damaged says of which project, so that an earlier state of it can be put back. */
  #openContext(request: OpenRequest): OwnedContext {
    const { id, paths } = request;
    let context: OwnedContext | undefined;
    try {
      context = openContext(request);
      this.#deps.openProjects.add(context);
      if (context.readOnlyBecause === null) this.#deps.recover(context);
      return context;
    } catch (thrown) {
      if (context) this.#deps.openProjects.close(id);
      const error = databaseError(thrown, paths.database);
      if (!(error instanceof AppError) || error.code !== 'damaged-file') throw error;
      this.#refused.set(id, paths.root);
      throw new AppError('damaged-file', error.sentence, { cause: error, detail: { ...error.detail, projectId: id } });
    }
  }

  /** A copy of a project's folder still has the original's id: where both are at hand, the copy gets its own. */
  async #ownFile(paths: ProjectPaths, file: ProjectFile): Promise<ProjectFile> {
    const elsewhere = this.#deps.openProjects.find(file.id)?.paths.root ?? (await this.#recent.find(file.id))?.path;
    if (elsewhere === undefined || elsewhere === paths.root || !existsSync(projectPaths(elsewhere).projectFile))
      return file;
    const other = await readProjectFile(projectPaths(elsewhere)).catch(() => null);
    if (other?.id !== file.id) return file;
    if (this.#deps.access === 'read') {
      if (this.#deps.openProjects.find(file.id) === undefined) return file;
      throw new AppError('conflict', say('projectCopyOpen', { path: paths.root, original: elsewhere }));
    }
    const own = { ...file, id: newProjectId() };
    await writeProjectFile(paths, own);
    return own;
  }

  async #findSampleRoot(id: SampleId, title: string): Promise<string | null> {
    const known = (await this.#recent.list()).filter((recent) => recent.sample === id).map((recent) => recent.path);
    for (const root of [...known, join(this.#deps.paths.projects, `${title}.graft`)]) {
      const file = await readProjectFile(projectPaths(root)).catch(() => null);
      if (file?.sample === id) return root;
    }
    return null;
  }

  async #createSample({ id, title }: Sample): Promise<ProjectContext> {
    return this.createAt(freeProjectRoot(this.#deps.paths.projects, title), { name: title, sample: id });
  }

  async #remember(paths: ProjectPaths, { id, name, sample }: ProjectFile): Promise<void> {
    if (this.#deps.access === 'read') return;
    await this.#recent.remember({ id, name, sample, path: paths.root, openedAt: this.#deps.now().toISOString() });
    this.#deps.emit('project.listChanged', {});
  }

  async #realRoot(root: string): Promise<string> {
    try {
      return await realpath(root);
    } catch (error) {
      throw fileError(error, say('doingOpenProject'), root);
    }
  }

  /** Two requests for the same thing at the same time get the same answer. */
  async #once(key: string, work: () => Promise<ProjectContext>): Promise<ProjectContext> {
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const started = work().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }

  #assertMayWrite(): void {
    if (this.#deps.access === 'read') throw new AppError('read-only', say('startedForReading'));
  }
}

/** A context as the page sees it. */
export function describeProject({ id, name, labelling, paths, readOnlyBecause }: ProjectContext): OpenProject {
  return { id, name, labelling, path: paths.root, readOnlyBecause };
}

function newProjectId(): ProjectId {
  return v.parse(projectIdSchema, randomUUID());
}
