import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportJob, UploadBatchId } from '../../../../src-shared/contract/import.contract.ts';
import type { JobId } from '../../../../src-shared/domain/ids.ts';
import { hashDataset } from '../../../../src-main/services/dataset/dataset-hash.ts';
import { contentsOf } from '../../../support/imported.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';

async function projectWith(files: Parameters<typeof writeFiles>[1]) {
  const folder = temporaryFolder();
  const source = path.join(folder, 'source');
  await writeFiles(source, files);
  const services = studioServices(folder);
  const project = await services.projects.create('Test', null);
  const read = () => services.datasets.read(project.id);
  const skippedOf = ({ id: jobId }: ImportJob) =>
    services.imports.listSkipped({ projectId: project.id, jobId, offset: 0, limit: 1000, search: '', reason: null })
      .skipped;
  const contents = (): string[] => contentsOf(services, project.id);
  return { ...services, folder, source, project, read, contents, skippedOf };
}

describe('importing a folder', () => {
  it('makes class folders classes and keeps split folders as splits', async () => {
    const { imports, project, source, contents } = await projectWith({
      'Train/cat/1.png': 1,
      'Train/cat/deep/er/2.png': 2,
      'valid/cat/3.png': 3,
      'test/dog/4.png': 4,
      'bird/train/5.png': 5,
      'loose.png': 6,
      'test/loose.png': 7,
    });
    const job = await imports.importFolder(project, source);
    expect(job).toMatchObject({
      status: 'completed',
      imported: 7,
      duplicates: 0,
      skipped: 0,
      classesAdded: 3,
      done: 7,
      total: 7,
    });
    expect(contents()).toEqual([
      'loose.png: –, training',
      'test/loose.png: –, test',
      'bird/train/5.png: bird, training',
      'Train/cat/1.png: cat, training',
      'Train/cat/deep/er/2.png: cat, training',
      'valid/cat/3.png: cat, validation',
      'test/dog/4.png: dog, test',
    ]);
  });

  it('copies the bytes under the hash of their content', async () => {
    const { imports, project, source, read } = await projectWith({ 'cat/1.png': 1 });
    await imports.importFolder(project, source);
    const bytes = await pngBytes(1);
    const [image] = read().images;
    expect(image).toMatchObject({
      id: createHash('sha256').update(bytes).digest('hex'),
      width: 6,
      height: 4,
      format: 'png',
      sizeBytes: bytes.byteLength,
    });
    expect(new Uint8Array(readFileSync(project.paths.image(image!.id, 'png')))).toEqual(new Uint8Array(bytes));
  });

  it('adds nothing twice: neither on a second import nor for equal files', async () => {
    const { imports, project, source, contents } = await projectWith({
      'cat/1.png': 1,
      'cat/copy of 1.png': 1,
      'dog/1 again.png': 1,
      'dog/2.png': 2,
    });
    expect(await imports.importFolder(project, source)).toMatchObject({ imported: 2, duplicates: 2, classesAdded: 2 });
    const before = contents();
    expect(before).toEqual(['cat/1.png: cat, training', 'dog/2.png: dog, training']);
    expect(await imports.importFolder(project, source)).toMatchObject({
      imported: 0,
      duplicates: 4,
      classesAdded: 0,
      skipped: 0,
    });
    expect(contents()).toEqual(before);
  });

  it('lists every file that is no usable image with its reason and goes on, and ignores what systems leave', async () => {
    const png = await pngBytes(3);
    const { imports, project, source, contents, skippedOf } = await projectWith({
      'cat/1.png': 1,
      'cat/cut off.png': png.subarray(0, png.byteLength - 30),
      'cat/empty.jpg': '',
      'cat/drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
      'cat/notes.txt': 'Not an image, and a little longer than a header would be.',
      'cat/.hidden.png': 5,
      'cat/Thumbs.db': 'x',
      '__MACOSX/cat/1.png': 6,
      '.DS_Store': 'x',
    });
    const job = await imports.importFolder(project, source);
    const skipped = skippedOf(job);
    expect(job).toMatchObject({ imported: 1, skipped: 4 });
    expect(skipped.map(({ file }) => file)).toEqual([
      'cat/cut off.png',
      'cat/drawing.svg',
      'cat/empty.jpg',
      'cat/notes.txt',
    ]);
    expect(skipped.map(({ reason }) => textOf(reason))).toEqual([
      expect.stringContaining('cut off'),
      expect.stringContaining('SVG'),
      expect.stringContaining('empty'),
      expect.stringContaining('not a picture'),
    ]);
    expect(contents()).toEqual(['cat/1.png: cat, training']);
  });

  it.skipIf(process.platform === 'win32')('follows no link', async () => {
    const { imports, project, source, folder, skippedOf } = await projectWith({ 'cat/1.png': 1 });
    await writeFiles(folder, { 'secret/2.png': 2 });
    symlinkSync(path.join(folder, 'secret'), path.join(source, 'dog'));
    symlinkSync(path.join(folder, 'secret', '2.png'), path.join(source, 'cat', '2.png'));
    symlinkSync('..', path.join(source, 'cat', 'circle'));
    const job = await imports.importFolder(project, source);
    expect(job).toMatchObject({ status: 'completed', imported: 1 });
    expect(skippedOf(job).map(({ file }) => file)).toEqual(['cat/2.png', 'cat/circle', 'dog']);
  });

  it('shares out what is missing, the same way for the same files, and leaves earlier images where they are', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`${index % 2 ? 'cat' : 'dog'}/${index}.png`, index]),
    );
    const [one, two] = [await projectWith(files), await projectWith(files)];
    const ratios = { validation: 0.2, test: 0.1, seed: 3 };
    await one.imports.importFolder(one.project, one.source, { ratios });
    await two.imports.importFolder(two.project, two.source, { ratios });
    const counts = Object.groupBy(one.read().images, ({ split }) => split);
    expect([counts.training?.length, counts.validation?.length, counts.test?.length]).toEqual([28, 8, 4]);
    expect(hashDataset(two.read())).toBe(hashDataset(one.read()));

    const before = one.contents();
    await writeFiles(
      path.join(one.folder, 'more'),
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`cat/${index}.png`, 100 + index])),
    );
    await one.imports.importFolder(one.project, path.join(one.folder, 'more'));
    expect(one.contents().slice(0, 40)).toEqual(before);
    expect(one.read().images.filter(({ split }) => split === 'test')).toHaveLength(6);
  });

  it('reports progress and stops when cancelled; what is in stays in', async () => {
    const { imports, project, source, read, events } = await projectWith(
      Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`cat/${index}.png`, index])),
    );
    const started = imports.start(project.id, [source], null);
    expect(started).toMatchObject({ status: 'running', total: 0, name: 'source' });
    const jobs = (): ImportJob[] =>
      events.flatMap((event) => (event.name === 'import.changed' ? [event.payload.job] : []));
    await expect.poll(() => read().images.length, { interval: 2 }).toBeGreaterThan(0);
    imports.cancel(project.id, started.id);
    await expect.poll(() => jobs().at(-1)?.status).toBe('cancelled');
    const ended = jobs().at(-1)!;
    expect(ended.imported).toBe(read().images.length);
    expect(ended.imported).toBeLessThan(200);
    expect(imports.list(project.id)).toEqual([{ ...ended, latest: [] }]);
    expect(project.database.dataset.hasWaitingImages()).toBe(false);
  });

  it('fails with the reason when the images folder is in the way, and works again afterwards', async () => {
    const { imports, project, source, read } = await projectWith({ 'cat/1.png': 1 });
    rmSync(project.paths.images, { recursive: true });
    writeFileSync(project.paths.images, 'a file');
    const job = await imports.importFolder(project, source);
    expect(job.status).toBe('failed');
    expect(textOf(job.reason ?? '')).toContain(project.paths.images);
    expect(read().images).toEqual([]);
    rmSync(project.paths.images);
    expect(await imports.importFolder(project, source)).toMatchObject({ status: 'completed', imported: 1 });
  });

  it('says that a folder is not there', async () => {
    const { imports, project, folder } = await projectWith({});
    const job = await imports.importFolder(project, path.join(folder, 'nowhere'));
    expect([job.status, textOf(job.reason ?? '')]).toEqual(['failed', expect.stringContaining('nowhere')]);
  });
});

describe('importing an upload', () => {
  async function* bytesOf(number: number): AsyncGenerator<Uint8Array> {
    yield await pngBytes(number);
  }
  const batch = 'batch-of-the-page-1' as UploadBatchId;

  it('takes the dropped folders as classes and clears up', async () => {
    const { imports, uploads, project, contents, folder } = await projectWith({});
    await uploads.addToBatch(batch, 'cat/1.png', bytesOf(1));
    await uploads.addToBatch(batch, '2.png', bytesOf(2));
    const job = imports.startUpload({ projectId: project.id, batch, name: 'dropped', classId: null });
    await expect.poll(() => imports.list(project.id).find(({ id }) => id === job.id)?.status).toBe('completed');
    expect(contents()).toEqual(['2.png: –, training', 'cat/1.png: cat, training']);
    const leftovers = () =>
      readdirSync(path.join(folder, 'cache', 'uploads'), { recursive: true }).filter((name) =>
        String(name).endsWith('.png'),
      );
    await expect.poll(leftovers).toEqual([]);
  });

  it('gives what lies in no class folder the class that it is sent for, and refuses one that is gone', async () => {
    const { imports, uploads, project, datasets, contents } = await projectWith({});
    const { classId } = datasets.addClass(project.id, 'a/b: c');
    await uploads.addToBatch(batch, 'cat/1.png', bytesOf(1));
    await uploads.addToBatch(batch, '2.png', bytesOf(2));
    const job = imports.startUpload({ projectId: project.id, batch, name: 'Clipboard', classId });
    await expect.poll(() => imports.list(project.id).find(({ id }) => id === job.id)?.status).toBe('completed');
    expect(contents()).toEqual(['2.png: a/b: c, training', 'cat/1.png: cat, training']);
    datasets.deleteClass(project.id, classId, null);
    await uploads.addToBatch(batch, '3.png', bytesOf(3));
    expect(() => imports.startUpload({ projectId: project.id, batch, name: 'Clipboard', classId })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('takes an import back as one change that can be undone, and leaves what was there before', async () => {
    const { imports, project, source, datasets, contents, folder } = await projectWith({
      'cat/1.png': 1,
      'cat/2.png': 2,
    });
    await imports.importFolder(project, source);
    const more = path.join(folder, 'more');
    await writeFiles(more, { 'cat/2.png': 2, 'dog/3.png': 3, 'dog/4.png': 4 });
    const job = await imports.importFolder(project, more);
    const all = contents();
    expect(imports.takeBack(project.id, job.id)).toMatchObject({ changed: 2 });
    expect(contents()).toEqual(all.slice(0, 2));
    expect(datasets.read(project.id).undo).toMatchObject({ kind: 'trash', imageCount: 2 });
    expect(imports.takeBack(project.id, job.id)).toMatchObject({ changed: 0 });
    datasets.undo(project.id);
    expect(contents()).toEqual(all);
    expect(() => imports.takeBack(project.id, 'job-none' as JobId)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });

  it('refuses a path that leads out of the batch, and an unknown batch', async () => {
    const { imports, uploads, project } = await projectWith({});
    for (const bad of ['../1.png', 'a/../../1.png', 'a\\..\\1.png', '', '/', 'a\u0000b']) {
      await expect(uploads.addToBatch(batch, bad, bytesOf(1))).rejects.toMatchObject({ code: 'bad-input' });
    }
    expect(() => imports.startUpload({ projectId: project.id, batch, name: 'dropped', classId: null })).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
