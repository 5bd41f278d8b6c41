import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Takeover } from '../../../../src-shared/contract/import-project.contract.ts';
import type { ImageId, ProjectId } from '../../../../src-shared/domain/ids.ts';
import { contentsOf, endOf } from '../../../support/imported.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const asIs: Takeover = { splits: 'new', shared: 'fill', classes: [] };

/** Two projects with images, and a way to bring those of the first into the second. */
async function twoProjects(theirs: Parameters<typeof writeFiles>[1], ours: Parameters<typeof writeFiles>[1] = {}) {
  const folder = temporaryFolder();
  const services = studioServices(folder);
  const { imports, projects, datasets, folders } = services;
  const make = async (name: string, files: Parameters<typeof writeFiles>[1]) => {
    const source = path.join(folder, `${name} source`);
    mkdirSync(source);
    await writeFiles(source, files);
    const project = await projects.create(name, null);
    await imports.importFolder(project, source, { ratios: { validation: 0, test: 0, seed: 1 } });
    return project;
  };
  const other = await make('Other', theirs);
  const project = await make('Mine', ours);
  const imageOf = (id: ProjectId, source: string): ImageId =>
    datasets.read(id).images.find((image) => image.source === source)!.id;
  const classOf = (id: ProjectId, name: string) => datasets.read(id).classes.find((one) => one.name === name)!.id;
  const source = { kind: 'chosen' as const, folder: folders.register(other.paths.root) };
  const inspect = () => imports.inspectProject({ projectId: project.id, source });
  async function takeOver(takeover: Partial<Takeover> = {}) {
    const started = await imports.startProject({
      projectId: project.id,
      source,
      takeover: { ...asIs, ...takeover },
    });
    return await endOf(services, started);
  }
  const contents = (): string[] => contentsOf(services, project.id);
  return { ...services, folder, other, project, source, inspect, takeOver, contents, imageOf, classOf };
}

describe('another project', () => {
  it('brings images with classes, labels, marks and tags, and what its classes say of themselves', async () => {
    const { other, project, datasets, takeOver, contents, inspect, imageOf, classOf } = await twoProjects(
      { 'oak/1.png': 1, 'ash/2.png': 2, '3.png': 3 },
      { 'oak/9.png': 9 },
    );
    datasets.changeClass(other.id, classOf(other.id, 'ash'), { description: 'Grey bark', color: 7 });
    datasets.addClass(other.id, 'yew');
    datasets.setMark(other.id, [imageOf(other.id, '3.png')], 'unsure');
    datasets.changeTags(other.id, [imageOf(other.id, 'oak/1.png')], { add: ['spring', 'park'], remove: [] });
    expect(await inspect()).toMatchObject({
      name: 'Other',
      path: other.paths.root,
      imageCount: 3,
      sharedCount: 0,
      missingCount: 0,
      unlabelledCount: 1,
      markedCount: 1,
      taggedCount: 1,
      splits: { training: 3, validation: 0, test: 0 },
      classes: [
        { name: 'ash', count: 1, isHere: false, similar: null },
        { name: 'oak', count: 1, isHere: true, similar: null },
        { name: 'yew', count: 0, isHere: false, similar: null },
      ],
      pairs: [],
    });
    const { job } = await takeOver();
    expect(job).toMatchObject({ status: 'completed', name: 'Other', imported: 3, duplicates: 0, classesAdded: 2 });
    expect(contents()).toEqual([
      'oak/9.png: oak, training',
      '3.png: –, training',
      'ash/2.png: ash, training',
      'oak/1.png: oak, training',
    ]);
    expect(datasets.read(project.id).classes).toMatchObject([
      { name: 'oak' },
      { name: 'ash', description: 'Grey bark', color: 7, isColorChosen: true },
      { name: 'yew', isColorChosen: false },
    ]);
    const store = datasets.store(project.id);
    expect(store.marks()).toEqual(new Map([[imageOf(project.id, '3.png'), 'unsure']]));
    expect(store.tags.counts()).toEqual([
      { tag: 'park', count: 1 },
      { tag: 'spring', count: 1 },
    ]);
  });

  it('adds no image twice and fills in what those that are here lack; or replaces it, as one change to undo', async () => {
    const { other, project, datasets, takeOver, contents, inspect, imageOf } = await twoProjects(
      { 'oak/1.png': 1, 'ash/2.png': 2, 'elm/3.png': 3, 'elm/4.png': 4 },
      { 'Oak/a.png': 1, 'b.png': 2, 'elm/c.png': 3 },
    );
    datasets.setMark(other.id, [imageOf(other.id, 'oak/1.png')], 'skip');
    expect(await inspect()).toMatchObject({
      imageCount: 4,
      sharedCount: 3,
      classes: [{ name: 'ash' }, { name: 'elm', isHere: true }, { name: 'oak', isHere: false, similar: 'Oak' }],
      pairs: [
        { theirs: 'ash', ours: null, count: 1 },
        { theirs: 'elm', ours: 'elm', count: 1 },
        { theirs: 'oak', ours: 'Oak', count: 1 },
      ],
    });
    const mapped = { classes: [{ from: 'oak', to: 'yew' }] };
    expect((await takeOver(mapped)).job).toMatchObject({ imported: 1, duplicates: 3, labelled: 2, classesAdded: 2 });
    expect(contents()).toEqual([
      'b.png: ash, training',
      'Oak/a.png: Oak, training',
      'elm/c.png: elm, training',
      'elm/4.png: elm, training',
    ]);
    expect((await takeOver({ ...mapped, shared: 'replace' })).job).toMatchObject({ imported: 0, labelled: 1 });
    expect(contents()[1]).toBe('Oak/a.png: yew, training');
    expect(datasets.read(project.id).undo).toMatchObject({ kind: 'import-labels', by: 'import', imageCount: 1 });
    datasets.undo(project.id);
    expect(contents()[1]).toBe('Oak/a.png: Oak, training');
  });

  it('keeps the splits of new images where it is asked to, and never moves an image that is here', async () => {
    const files = { 'train/oak/1.png': 1, 'val/oak/2.png': 2, 'test/oak/3.png': 3, 'test/oak/4.png': 4 };
    const { takeOver, contents } = await twoProjects(files, { 'train/oak/d.png': 4 });
    await takeOver({ splits: 'keep', classes: [{ from: 'oak', to: null }] });
    expect(contents().map((line) => line.replace(/^.*\//, ''))).toEqual([
      'd.png: oak, training',
      '3.png: –, test',
      '1.png: –, training',
      '2.png: –, validation',
    ]);
  });

  it('gives a multi-label project one class of each image, and leaves what is labelled there', async () => {
    const { projects, imports, datasets, source, folder } = await twoProjects({
      'oak/1.png': 1,
      'ash/2.png': 2,
      '3.png': 3,
    });
    const several = await projects.create('Several', null, 'multi-label');
    await writeFiles(path.join(folder, 'more'), { 'elm/b.png': 2, 'c.png': 3 });
    await imports.importFolder(several, path.join(folder, 'more'));
    // Two images are in both; one of them has no label there.
    expect((await imports.inspectProject({ projectId: several.id, source })).pairs).toEqual(
      expect.arrayContaining([
        { theirs: 'ash', ours: 'elm', count: 1 },
        { theirs: null, ours: null, count: 1 },
      ]),
    );
    const takeOver = async (shared: Takeover['shared']): Promise<readonly string[]> => {
      const started = await imports.startProject({ projectId: several.id, source, takeover: { ...asIs, shared } });
      await expect.poll(() => imports.list(several.id).find(({ id }) => id === started.id)?.status).toBe('completed');
      const { classes, images } = datasets.read(several.id);
      const names = new Map(classes.map(({ id, name }) => [id, name]));
      return images.map(
        (image) =>
          `${image.source}: ${String(image.classId)} ${image.classIds?.map((id) => names.get(id)).join() ?? '–'}`,
      );
    };
    expect(await takeOver('fill')).toEqual(['c.png: null –', 'elm/b.png: null elm', 'oak/1.png: null oak']);
    expect(await takeOver('replace')).toEqual(['c.png: null –', 'elm/b.png: null ash', 'oak/1.png: null oak']);
  });

  it('leaves the other project as it is, also while another process writes it', async () => {
    const { other, openProjects, takeOver, contents } = await twoProjects({ 'oak/1.png': 1 });
    openProjects.close(other.id);
    const writer = new SqliteDatabase(other.paths.database);
    writer.pragma('journal_mode = WAL');
    writer.prepare("UPDATE images SET file_name = 'renamed.png', source = 'x/renamed.png'").run();
    writeFileSync(other.paths.lock, '{"pid":1,"host":"elsewhere"}');
    const before = listing(other.paths.root);
    expect((await takeOver()).job).toMatchObject({ status: 'completed', imported: 1 });
    expect(contents()).toEqual(['x/renamed.png: oak, training']);
    expect(listing(other.paths.root)).toEqual(before);
    writer.close();
  });

  it.each([1, 2, 3, 4, 5])(
    'takes over from a project of schema version %i, which stays of that version',
    async (version) => {
      const { folder, folders, imports, project } = await twoProjects({});
      const root = path.join(folder, 'old.graft');
      cpSync(path.join('test/fixtures', `project-v${String(version)}`), root, { recursive: true });
      cpSync(project.paths.projectFile, path.join(root, 'project.json'));
      const database = path.join(root, 'project.sqlite');
      const bytes = readFileSync(database);
      const preview = await imports.inspectProject({
        projectId: project.id,
        source: { kind: 'chosen', folder: folders.register(root) },
      });
      expect(preview.imageCount).toBeGreaterThan(0);
      expect(preview.classes.length).toBeGreaterThan(0);
      expect(readFileSync(database).equals(bytes)).toBe(true);
    },
  );

  it('leaves out, with the reason, files that are gone, links, and what is another image than the project says', async () => {
    const { other, takeOver, inspect, contents, folder, imageOf } = await twoProjects({
      'oak/1.png': 1,
      'oak/2.png': 2,
      'oak/3.png': 3,
      'oak/4.png': 4,
    });
    const fileOf = (name: string): string => other.paths.image(imageOf(other.id, `oak/${name}.png`), 'png');
    const outside = path.join(folder, 'outside.png');
    rmSync(fileOf('1'));
    cpSync(fileOf('4'), fileOf('2'));
    renameSync(fileOf('3'), outside);
    symlinkSync(outside, fileOf('3'));
    expect((await inspect()).missingCount).toBe(1);
    const { job, skipped } = await takeOver();
    expect(job).toMatchObject({ status: 'completed', imported: 1, skipped: 3 });
    expect(skipped).toEqual([
      expect.stringMatching(/^oak\/1\.png: .*is not there/),
      expect.stringMatching(/^oak\/2\.png: The file is not the image/),
      expect.stringMatching(/^oak\/3\.png: This is a link/),
    ]);
    expect(contents()).toEqual(['oak/4.png: oak, training']);
  });

  it('passes over rows that nobody could have written, so that no file outside is read', async () => {
    const { other, openProjects, takeOver, contents } = await twoProjects({ 'oak/1.png': 1, 'oak/2.png': 2 });
    openProjects.close(other.id);
    const writer = new SqliteDatabase(other.paths.database);
    writer.prepare("UPDATE images SET id = '../../../../etc/passwd' WHERE source = 'oak/2.png'").run();
    writer.prepare(`UPDATE classes SET name = '${'x'.repeat(500)}'`).run();
    writer.close();
    expect((await takeOver()).job).toMatchObject({ status: 'completed', imported: 1, total: 1 });
    expect(contents()).toEqual(['oak/1.png: –, training']);
  });

  it('refuses the project itself, a folder that is none, and a database that is damaged or without its tables', async () => {
    const { other, project, folders, imports, openProjects, inspect } = await twoProjects({ 'oak/1.png': 1 });
    const look = (root: string) =>
      imports.inspectProject({ projectId: project.id, source: { kind: 'chosen', folder: folders.register(root) } });
    await expect(look(project.paths.root)).rejects.toThrow(/This is the project itself/);
    await expect(look(path.dirname(other.paths.root))).rejects.toThrow(/is no Graft project/);
    await expect(
      imports.inspectProject({ projectId: project.id, source: { kind: 'recent', id: 'project-0000' as ProjectId } }),
    ).rejects.toThrow(/not among the recent ones/);
    openProjects.close(other.id);
    const writer = new SqliteDatabase(other.paths.database);
    writer.exec('DROP VIEW present_images; DROP TABLE image_marks');
    writer.close();
    await expect(inspect()).rejects.toMatchObject({ code: 'damaged-file' });
    writeFileSync(other.paths.database, 'no database at all, but long enough to be read as its head'.repeat(100));
    await expect(inspect()).rejects.toMatchObject({ code: 'damaged-file' });
  });
});

/** Every file below a folder with its size and time of change, but for SQLite's shared memory. */
function listing(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('-shm'))
    .map((name) => {
      const { size, mtimeMs } = statSync(path.join(root, name));
      return `${name} ${String(size)} ${String(mtimeMs)}`;
    })
    .sort();
}
