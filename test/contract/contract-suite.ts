import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { byteRoutes } from '../../src-shared/contract/byte-routes.ts';
import {
  commands,
  coreCommands,
  isCommandName,
  type Client,
  type EventPayload,
} from '../../src-shared/contract/contract.ts';
import { envelopeSchema } from '../../src-shared/contract/envelope.ts';
import type { FolderToken, ProjectId } from '../../src-shared/domain/ids.ts';
import { makeImageFolder, type ImageFolder } from './image-folder.ts';
import { sampleInput } from './sample-inputs.ts';

/** One way to core, as the suite sees it. */
export interface OpenTransport {
  readonly client: Client;
  /** What the client is built on: resolves with an envelope for any name and any input. */
  send(name: string, input: unknown): Promise<unknown>;
  /** As a person chooses a folder here: by a dialog, a chooser, or an argument. */
  chooseFolder(path: string): Promise<FolderToken>;
  /** What a page gets from one of the byte routes. */
  fetchBytes(
    route: string,
  ): Promise<{ readonly status: number; readonly contentType: string | null; readonly size: number }>;
  close(): Promise<void>;
}

/** Everything that a transport must carry the same way as every other. `open` keeps all that it writes in `folder`. */
export function describeContract(
  transportName: string,
  options: { readonly hasHost: boolean; readonly open: (folder: string) => Promise<OpenTransport> },
): void {
  const { hasHost, open } = options;
  const names = Object.keys(hasHost ? commands : coreCommands).filter(isCommandName);

  describe(`the contract over ${transportName}`, () => {
    let images: ImageFolder;
    let transport: OpenTransport;

    beforeAll(async () => {
      images = await makeImageFolder();
      transport = await open(images.root);
    });

    afterAll(async () => {
      await transport.close();
      await images.remove();
    });

    async function refusal(name: string, input: unknown): Promise<unknown> {
      const envelope = v.parse(envelopeSchema, await transport.send(name, input));
      return envelope.ok ? 'answered' : envelope.error.code;
    }

    test.each(names)('%s refuses what is no input, and keys that it does not know', async (name) => {
      const bad: readonly unknown[] = [null, [], 'text', 7, { ...sampleInput(name), unknownKey: 1 }];
      const codes = [];
      for (const input of bad) codes.push(await refusal(name, input));
      expect(codes).toEqual(bad.map(() => 'bad-input'));
    });

    test.each(names.filter((name) => Object.keys(sampleInput(name)).length > 0))(
      '%s refuses an input that lacks something',
      async (name) => {
        for (const key of Object.keys(sampleInput(name))) {
          const { [key]: _left, ...rest } = sampleInput(name) as Record<string, unknown>;
          expect(await refusal(name, rest), key).toBe('bad-input');
        }
      },
    );

    test.each(['run.startAll', 'constructor', '__proto__', 'project.list ', 'PROJECT.LIST'])(
      'refuses %j, which is no command',
      async (name) => {
        expect(await refusal(name, {})).toBe('unsupported');
      },
    );

    test('carries an expected failure with its code and its words', async () => {
      const failed = transport.client.call('dataset.get', sampleInput('dataset.get'));
      await expect(failed).rejects.toBeInstanceOf(AppError);
      await expect(failed).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining('not open') as string,
      });
    });

    if (hasHost) {
      test('says what kind of host it is', async () => {
        const { kind, version } = await transport.client.call('host.describe', {});
        expect(['browser', 'electron']).toContain(kind);
        expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      });
    }

    test('makes a project, imports a folder, labels, undoes and lists', async () => {
      const { client } = transport;
      const revisions: number[] = [];
      client.on('dataset.changed', (change) => revisions.push(change.revision));
      const project = await client.call('project.create', { name: 'Shapes', parent: null });

      const jobs = await importFolder(transport, project.id, images.folder);
      expect(jobs.at(-1)).toMatchObject({ status: 'completed', imported: 8, classesAdded: 2 });
      const report = { projectId: project.id, jobId: jobs.at(-1)!.id, offset: 0, limit: 9, search: '', reason: null };
      const { skipped } = await client.call('import.listSkipped', report);
      expect(skipped.map(({ file }) => file)).toEqual(['circles/broken.png']);
      const counts = jobs.map((job) => job.done);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));

      const before = await client.call('dataset.get', { projectId: project.id });
      const [image, other] = [before.images[0], before.classes.find(({ id }) => id !== before.images[0]?.classId)];
      if (image === undefined || other === undefined) throw new Error('Nothing was imported.');
      await client.call('dataset.setLabel', { projectId: project.id, imageIds: [image.id], classId: other.id });
      const labelled = await client.call('dataset.get', { projectId: project.id });
      expect(labelled.images.find(({ id }) => id === image.id)?.classId).toBe(other.id);
      await client.call('dataset.undo', { projectId: project.id });
      const undone = await client.call('dataset.get', { projectId: project.id });
      expect(undone.images).toEqual(before.images);

      await client.call('dataset.setMark', { projectId: project.id, imageIds: [image.id], mark: 'skip' });
      await client.call('dataset.changeTags', {
        projectId: project.id,
        imageIds: [image.id],
        add: [' oak '],
        remove: [],
      });
      expect(await client.call('dataset.listTags', { projectId: project.id })).toEqual({
        tags: [{ tag: 'oak', count: 1 }],
      });
      const { entries } = await client.call('dataset.history', { projectId: project.id, imageId: image.id });
      expect(entries.map(({ kind, by }) => `${kind} by ${by}`)).toEqual([
        'change-tags by person',
        'set-mark by person',
        'import by import',
      ]);
      const asCame = { projectId: project.id, imageId: image.id, edit: null };
      expect(await client.call('dataset.restoreState', asCame)).toMatchObject({ changed: 1 });
      const origins = await client.call('dataset.labelOrigins', { projectId: project.id });
      expect(origins).toEqual({ import: 8, person: 0, model: 0 });
      await client.call('dataset.trash', { projectId: project.id, imageIds: [image.id] });
      expect((await client.call('dataset.listTrash', { projectId: project.id })).images).toMatchObject([
        { id: image.id },
      ]);
      await client.call('dataset.restore', { projectId: project.id, imageIds: [image.id] });
      const merging = { projectId: project.id, classId: other.id, into: image.classId ?? other.id };
      await client.call('dataset.mergeClass', merging);
      await client.call('dataset.undo', { projectId: project.id });
      const classIds = before.classes.map(({ id }) => id).toReversed();
      await client.call('dataset.orderClasses', { projectId: project.id, classIds });
      const change = { color: 4, key: 'A', description: 'with corners' };
      await client.call('dataset.changeClass', { projectId: project.id, classId: other.id, change });
      const { classes } = await client.call('dataset.get', { projectId: project.id });
      expect(classes.map(({ id }) => id)).toEqual(classIds);
      expect(classes.find(({ id }) => id === other.id)).toMatchObject({ ...change, isColorChosen: true });
      expect(await client.call('dataset.emptyTrash', { projectId: project.id })).toMatchObject({ deleted: 0 });

      expect(revisions.length).toBeGreaterThanOrEqual(3);
      expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      const { projects } = await client.call('project.list', {});
      expect(projects).toMatchObject([
        { id: project.id, name: 'Shapes', imageCount: 8, classCount: 2, isPresent: true },
      ]);

      const dataset = await transport.fetchBytes(byteRoutes.dataset(project.id, null));
      expect(dataset).toMatchObject({ status: 200, contentType: 'application/octet-stream' });
      const changes = await transport.fetchBytes(byteRoutes.dataset(project.id, revisions.at(-1) ?? 0));
      expect(changes.size).toBeLessThan(dataset.size);

      const judgements = await transport.fetchBytes(byteRoutes.judgements(project.id, 'head'));
      expect(judgements).toMatchObject({ status: 200, contentType: 'application/octet-stream' });
      const thumbnail = await transport.fetchBytes(byteRoutes.thumbnail(project.id, image.id, 128));
      expect(thumbnail).toMatchObject({ status: 200, contentType: 'image/webp' });
      expect(thumbnail.size).toBeGreaterThan(50);
      expect((await transport.fetchBytes(byteRoutes.image(project.id, image.id))).contentType).toBe('image/png');
    });
  });
}

type ImportJob = EventPayload<'import.changed'>['job'];

/** All that is told of one import, from its answer to its end. */
async function importFolder(
  transport: OpenTransport,
  projectId: ProjectId,
  path: string,
): Promise<readonly ImportJob[]> {
  const folder = await transport.chooseFolder(path);
  const jobs: ImportJob[] = [];
  const ended = Promise.withResolvers<undefined>();
  const stop = transport.client.on('import.changed', ({ job }) => {
    jobs.push(job);
    if (job.status !== 'running') ended.resolve(undefined);
  });
  await transport.client.call('import.start', { projectId, sources: [folder], ratios: null });
  await ended.promise;
  stop();
  return jobs;
}
