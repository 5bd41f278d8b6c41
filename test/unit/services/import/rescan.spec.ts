import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportJob } from '../../../../src-shared/contract/import.contract.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { writeZip } from '../../../support/zip-files.ts';

async function imported(files: Parameters<typeof writeFiles>[1]) {
  const folder = temporaryFolder();
  const source = path.join(folder, 'chairs');
  mkdirSync(source);
  await writeFiles(source, files);
  const services = studioServices(folder);
  const { projects, imports, rescans, datasets } = services;
  const project = await projects.create('Test', null);
  await imports.importFolder(project, source);
  const find = async () => (await rescans.find(project.id)).map(({ name, count, names }) => ({ name, count, names }));
  const sources = (): readonly string[] => datasets.read(project.id).images.map((image) => image.source);
  async function importNew(): Promise<ImportJob | undefined> {
    const { id } = imports.startNew(project.id, source);
    const job = () => imports.list(project.id).find((one) => one.id === id);
    await expect.poll(() => job()?.status).not.toBe('running');
    return job();
  }
  return { ...services, folder, source, project, find, sources, importNew };
}

describe('a folder that was imported', () => {
  it('has nothing new, whatever in it was left out or was there already', async () => {
    const { find } = await imported({
      'oak/1.png': 1,
      'oak/same.png': 1,
      'oak/broken.png': 'no picture',
      'notes.txt': 'x',
    });
    expect(await find()).toEqual([]);
  });

  it('tells pictures and archives that came later, also such that are older and were moved there', async () => {
    const { find, source, folder } = await imported({ 'oak/1.png': 1 });
    await writeFiles(folder, { 'elsewhere/elm/2.png': 2 });
    renameSync(path.join(folder, 'elsewhere', 'elm'), path.join(source, 'elm'));
    await writeFiles(source, { 'oak/3.png': 3, 'oak/.hidden.png': 4, 'words.txt': 'x' });
    await writeZip(path.join(source, 'more.zip'), [{ name: 'ash/5.png', bytes: await pngBytes(5) }]);
    symlinkSync(path.join(source, 'oak', '1.png'), path.join(source, 'oak', 'link.png'));
    expect(await find()).toEqual([{ name: 'chairs', count: 3, names: ['elm/2.png', 'more.zip', 'oak/3.png'] }]);
  });

  it('brings in what is new alone, with its class, and then has nothing new', async () => {
    const { find, source, importNew, sources, project, datasets } = await imported({ 'oak/1.png': 1 });
    await writeFiles(source, { 'elm/2.png': 2, 'oak/3.png': 3 });
    expect(await importNew()).toMatchObject({
      status: 'completed',
      total: 2,
      imported: 2,
      duplicates: 0,
      classesAdded: 1,
    });
    expect(sources()).toEqual(['oak/1.png', 'elm/2.png', 'oak/3.png']);
    expect(datasets.read(project.id).images.every(({ classId }) => classId !== null)).toBe(true);
    expect(await find()).toEqual([]);
  });

  it('is asked about no more where a person does not want what came', async () => {
    const { find, source, rescans, project, folders } = await imported({ 'oak/1.png': 1 });
    await writeFiles(source, { 'oak/2.png': 2 });
    await rescans.ignore(project.id, folders.register(source));
    expect(await find()).toEqual([]);
    await writeFiles(source, { 'oak/3.png': 3 });
    expect(await find()).toMatchObject([{ count: 1 }]);
  });

  it('is passed over while it is not there', async () => {
    const { find, source, folder } = await imported({ 'oak/1.png': 1 });
    renameSync(source, path.join(folder, 'unplugged'));
    expect(await find()).toEqual([]);
    renameSync(path.join(folder, 'unplugged'), source);
    await writeFiles(source, { 'oak/2.png': 2 });
    expect(await find()).toMatchObject([{ count: 1 }]);
  });

  it('is known to the person and not to the project, so that no project can have Graft look elsewhere', async () => {
    const { find, source, folder } = await imported({ 'oak/1.png': 1 });
    await writeFiles(source, { 'oak/2.png': 2 });
    rmSync(path.join(folder, 'cache', 'imported-folders'), { recursive: true });
    expect(await find()).toEqual([]);
  });
});
