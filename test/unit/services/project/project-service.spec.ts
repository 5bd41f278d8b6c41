import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeProject } from '../../../../src-main/services/project/project-service.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';

const version1 = fileURLToPath(new URL('../../../fixtures/project-v1', import.meta.url));

async function sampleAssets(folder: string): Promise<string> {
  const sample = path.join(folder, 'assets', 'samples', 'fluent-emoji');
  await writeFiles(sample, {
    'sample.json': JSON.stringify({ id: 'fluent-emoji', title: 'Emoji', credit: 'Somebody' }),
    'train/cat/1.png': 1,
    'train/cat/2.png': 2,
    'train/dog/3.png': 3,
    'test/dog/4.png': 4,
  });
  return path.join(folder, 'assets');
}

describe('projects', () => {
  it('are made with the classic pipeline, listed latest first and opened again', async () => {
    const folder = temporaryFolder();
    const first = studioServices(folder);
    const chairs = await first.projects.create('My chairs', null);
    await first.projects.create('My chairs', null);
    expect(readdirSync(path.join(folder, 'projects')).sort()).toEqual(['My chairs 2.graft', 'My chairs.graft']);
    expect(JSON.parse(readFileSync(path.join(chairs.paths.pipelines, 'classic.json'), 'utf8'))).toMatchObject({
      id: 'classic',
      schemaVersion: 1,
    });
    expect(JSON.parse(readFileSync(chairs.paths.projectFile, 'utf8'))).toMatchObject({
      schemaVersion: 2,
      labelling: 'single-label',
      id: chairs.id,
      name: 'My chairs',
    });
    await first.close();

    const second = studioServices(folder);
    await second.projects.open(chairs.id);
    const { projects } = await second.projects.list();
    expect(projects.map(({ path: root }) => path.basename(root))).toEqual(['My chairs.graft', 'My chairs 2.graft']);
    expect(projects[0]).toMatchObject({
      id: chairs.id,
      imageCount: 0,
      runCount: 2,
      bestAccuracy: 0.75,
      isPresent: true,
    });
  });

  it('are the same one however often they are opened', async () => {
    const { projects, openProjects } = studioServices(temporaryFolder());
    const made = await projects.create('One', null);
    const [again, byPath] = await Promise.all([
      projects.open(made.id),
      projects.openAt(`${made.paths.root}/../One.graft`),
    ]);
    expect([again === made, byPath === made, openProjects.list().length]).toEqual([true, true, 1]);
  });

  it('can be read but not changed while another process writes them, and can be changed once it has gone', async () => {
    const folder = temporaryFolder();
    const holder = studioServices(folder);
    const made = await holder.projects.create('Held', null);
    const other = studioServices(folder);
    const second = await other.projects.openAt(made.paths.root);
    expect(textOf(second.readOnlyBecause ?? '')).toContain(`process ${process.pid}`);
    expect(() => other.datasets.addClass(second.id, 'cat')).toThrow(expect.objectContaining({ code: 'read-only' }));
    await expect(other.projects.rename(second.id, 'Mine')).rejects.toMatchObject({ code: 'read-only' });
    await expect(other.imports.importFolder(second, folder)).rejects.toMatchObject({ code: 'read-only' });
    holder.datasets.addClass(made.id, 'dog');
    expect(other.datasets.read(second.id).classes.map(({ name }) => name)).toEqual(['dog']);
    await holder.close();
    expect(describeProject(await other.projects.openAt(made.paths.root))).toMatchObject({ readOnlyBecause: null });
    other.datasets.addClass(second.id, 'cat');
  });

  it('are neither locked nor changed by a Graft that only reads', async () => {
    const folder = temporaryFolder();
    const writer = studioServices(folder);
    const made = await writer.projects.create('Seen', null);
    await writer.close();
    const reader = studioServices(folder, { access: 'read' });
    expect((await reader.projects.openAt(made.paths.root)).readOnlyBecause).not.toBeNull();
    expect(readdirSync(made.paths.root)).not.toContain('.lock');
    await expect(reader.projects.create('New', null)).rejects.toMatchObject({ code: 'read-only' });
    const late = studioServices(folder);
    expect((await late.projects.openAt(made.paths.root)).readOnlyBecause).toBeNull();
  });

  it('keep their name and their place on the list when they are renamed and forgotten', async () => {
    const folder = temporaryFolder();
    const { projects, openProjects } = studioServices(folder);
    const made = await projects.create('Old', null);
    await projects.rename(made.id, 'New');
    expect(openProjects.get(made.id).name).toBe('New');
    expect((await projects.list()).projects).toMatchObject([{ name: 'New' }]);
    await projects.forget(made.id);
    expect((await projects.list()).projects).toEqual([]);
    expect(readdirSync(made.paths.root)).toContain('project.json');
  });

  it('are told as not present when their folder is gone, and found again under another path with the same id', async () => {
    const folder = temporaryFolder();
    const first = studioServices(folder);
    const made = await first.projects.create('Moved', null);
    await first.close();
    const moved = path.join(folder, 'elsewhere.graft');
    renameSync(made.paths.root, moved);
    const { projects } = studioServices(folder);
    expect((await projects.list()).projects).toMatchObject([{ isPresent: false, imageCount: 0 }]);
    await expect(projects.open(made.id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await projects.openAt(moved)).id).toBe(made.id);
    expect((await projects.list()).projects).toMatchObject([{ isPresent: true, path: moved }]);
  });

  it('get an id of their own when their folder was copied', async () => {
    const folder = temporaryFolder();
    const { projects, openProjects } = studioServices(folder);
    const made = await projects.create('Original', null);
    const copy = path.join(folder, 'copy.graft');
    cpSync(made.paths.root, copy, { recursive: true, filter: (source) => !source.endsWith('.lock') });
    const opened = await projects.openAt(copy);
    expect(opened.id).not.toBe(made.id);
    expect(opened.readOnlyBecause).toBeNull();
    expect(openProjects.list()).toHaveLength(2);
  });

  it('are refused where there is none, one of a newer Graft, or something else in the way', async () => {
    const folder = temporaryFolder();
    const { projects } = studioServices(folder);
    await expect(projects.openAt(path.join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(projects.openAt(folder)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('no Graft project') as unknown,
    });
    await expect(projects.createAt(folder)).rejects.toMatchObject({ code: 'conflict' });
    mkdirSync(path.join(folder, 'newer'));
    writeFileSync(path.join(folder, 'newer', 'project.json'), '{"schemaVersion": 3, "id": "abcdefgh"}');
    await expect(projects.openAt(path.join(folder, 'newer'))).rejects.toMatchObject({ code: 'unsupported' });
    writeFileSync(path.join(folder, 'newer', 'project.json'), '{"schemaV');
    await expect(projects.openAt(path.join(folder, 'newer'))).rejects.toMatchObject({ code: 'damaged-file' });
  });

  it('of version 1 open', async () => {
    const folder = temporaryFolder();
    cpSync(version1, path.join(folder, 'Pets.graft'), { recursive: true });
    const { projects, datasets } = studioServices(folder);
    const pets = await projects.openAt(path.join(folder, 'Pets.graft'));
    expect(pets.name).toBe('Pets');
    datasets.undo(pets.id);
    expect(datasets.read(pets.id).images[0]?.classId).toBeNull();
  });

  it('made from names that file systems refuse get a folder all the same', async () => {
    const folder = temporaryFolder();
    const { projects } = studioServices(folder);
    for (const name of ['a/b:c?', '..', 'CON', '😀'.repeat(40), ' . ']) {
      const made = await projects.create(name, null);
      expect(made.name).toBe(name);
      expect(path.dirname(made.paths.root)).toBe(path.join(folder, 'projects'));
    }
  });
});

describe('a bundled sample', () => {
  it('becomes a project once, with its splits, and is the same project afterwards', async () => {
    const folder = temporaryFolder();
    const assets = await sampleAssets(folder);
    const { projects, datasets } = studioServices(folder, { assets });
    const [one, two] = await Promise.all([projects.openSample('fluent-emoji'), projects.openSample('fluent-emoji')]);
    expect(two).toBe(one);
    expect(datasets.read(one.id).images.map(({ split }) => split)).toEqual([
      'training',
      'training',
      'test',
      'training',
    ]);
    const { projects: listed, samples } = await projects.list();
    expect(listed).toMatchObject([{ name: 'Emoji', imageCount: 4, classCount: 2 }]);
    expect(samples).toMatchObject([
      { id: 'fluent-emoji', title: 'Emoji', imageCount: 4, classCount: 2, coverCount: 4 },
    ]);
    await expect(projects.openSample('fashion-mnist')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is completed when its import was cut short', async () => {
    const folder = temporaryFolder();
    const assets = await sampleAssets(folder);
    const first = studioServices(folder, { assets });
    const short = await first.projects.createAt(path.join(folder, 'projects', 'Emoji.graft'), {
      ...{ name: 'Emoji', sample: 'fluent-emoji' },
    });
    await first.close();
    const { projects, datasets } = studioServices(folder, { assets });
    expect((await projects.openSample('fluent-emoji')).id).toBe(short.id);
    expect(datasets.read(short.id).images).toHaveLength(4);
  });
});
