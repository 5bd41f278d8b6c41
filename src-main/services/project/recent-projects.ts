import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { sampleIdSchema } from '../../../src-shared/contract/project.contract.ts';
import { projectIdSchema, type ProjectId } from '../../../src-shared/domain/ids.ts';
import { writeJsonDurably } from '../../storage/durable-write.ts';

const recentProjectSchema = v.pipe(
  v.strictObject({
    id: projectIdSchema,
    name: v.string(),
    path: v.string(),
    openedAt: v.string(),
    sample: v.nullable(sampleIdSchema),
  }),
  v.readonly(),
);
/** A project that was open once; its folder may be gone. */
export type RecentProject = v.InferOutput<typeof recentProjectSchema>;

const recentFileSchema = v.strictObject({ schemaVersion: v.literal(1), projects: v.array(recentProjectSchema) });
const keptProjects = 50;

/** The list of recent projects of this person, latest first. */
export class RecentProjects {
  readonly #file: string;
  #lastChange: Promise<unknown> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** An unreadable list is an empty one: it holds nothing that opening the projects again would not bring back. */
  async list(): Promise<readonly RecentProject[]> {
    try {
      const parsed = v.safeParse(recentFileSchema, JSON.parse(await readFile(this.#file, 'utf8')));
      return parsed.success ? parsed.output.projects : [];
    } catch {
      return [];
    }
  }

  async find(projectId: ProjectId): Promise<RecentProject | undefined> {
    return (await this.list()).find((project) => project.id === projectId);
  }

  /** Puts the project first; it is listed once, by its folder. */
  async remember(project: RecentProject): Promise<void> {
    await this.#change((projects) =>
      [project, ...projects.filter(({ id, path }) => id !== project.id && path !== project.path)].slice(
        0,
        keptProjects,
      ),
    );
  }

  async forget(projectId: ProjectId): Promise<void> {
    await this.#change((projects) => projects.filter(({ id }) => id !== projectId));
  }

  /** One change after the other, so that none reads what another is about to replace. */
  async #change(change: (projects: readonly RecentProject[]) => readonly RecentProject[]): Promise<void> {
    const apply = async (): Promise<void> => {
      const projects = change(await this.list());
      await mkdir(dirname(this.#file), { recursive: true });
      await writeJsonDurably(this.#file, { schemaVersion: 1, projects });
    };
    const next = this.#lastChange.then(apply, apply);
    this.#lastChange = next;
    await next;
  }
}
