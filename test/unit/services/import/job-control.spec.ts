import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImportJob, UploadBatchId } from '../../../../src-shared/contract/import.contract.ts';
import type { JobId } from '../../../../src-shared/domain/ids.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A project, and a folder of so many pictures of two classes. */
async function workplace(count: number) {
  const folder = temporaryFolder();
  const source = path.join(folder, 'source');
  const names = Array.from({ length: count }, (_, index) => [`${index % 2 ? 'cat' : 'dog'}/${index}.png`, index]);
  await writeFiles(source, Object.fromEntries(names) as Record<string, number>);
  const first = studioServices(folder);
  const project = await first.projects.create('Test', null);
  return { folder, source, first, project };
}

type Services = ReturnType<typeof studioServices>;

function jobsOf({ events }: Services, id: JobId): ImportJob[] {
  return events.flatMap((event) =>
    event.name === 'import.changed' && event.payload.job.id === id ? [event.payload.job] : [],
  );
}

/** Does something when the first pictures of an import are in, before the next ones come. */
function onceImported<T>({ onEvent }: Services, act: () => T): Promise<T> {
  return new Promise((resolve) => {
    let isDone = false;
    onEvent((event) => {
      // Told of every group, while progress is told a few times a second: on a fast machine only at the end.
      if (isDone || event.name !== 'dataset.changed') return;
      isDone = true;
      resolve(act());
    });
  });
}

/** What is read once it has stayed the same for a second: longer than a group takes on a busy machine. */
async function settled(read: () => number): Promise<number> {
  for (let [last, sameFor] = [read(), 0]; ;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = read();
    sameFor = now === last ? sameFor + 1 : 0;
    last = now;
    if (sameFor === 10) return now;
  }
}

describe('an import', () => {
  it('holds while it is paused and then goes on to the end', async () => {
    const { source, first, project } = await workplace(150);
    const paused = onceImported(first, () => first.imports.pause(id));
    const { id } = first.imports.start(project.id, [source], null);
    await paused;
    expect(jobsOf(first, id).at(-1)).toMatchObject({ status: 'paused', secondsLeft: null, filesPerSecond: null });
    // The group at hand is still brought in; after it nothing moves.
    const held = await settled(() => first.datasets.read(project.id).images.length);
    expect(held).toBeLessThan(150);
    expect(first.imports.resume(project.id, id).status).toBe('running');
    await expect.poll(() => jobsOf(first, id).at(-1)?.status, { timeout: 10_000 }).toBe('completed');
    expect(first.datasets.read(project.id).images).toHaveLength(150);
  });

  it('that Graft’s end cut short is told as interrupted, goes on when asked, and doubles nothing', async () => {
    const { folder, source, first, project } = await workplace(150);
    writeFileSync(path.join(source, 'cat', 'notes.txt'), 'no picture');
    const closed = onceImported(first, () => first.close());
    const { id } = first.imports.start(project.id, [source], null);
    await closed;
    const before = jobsOf(first, id).at(-1)!;
    expect(before.status).toBe('interrupted');
    expect(before.imported).toBeLessThan(150);

    const second = studioServices(folder);
    await second.projects.open(project.id);
    expect(second.imports.list(project.id)).toMatchObject([{ id, status: 'interrupted', name: 'source' }]);
    second.imports.resume(project.id, id);
    await expect.poll(() => jobsOf(second, id).at(-1)?.status, { timeout: 10_000 }).toBe('completed');
    // What it had brought in before counts as brought in, not as doubled.
    expect(jobsOf(second, id).at(-1)).toMatchObject({
      imported: 150,
      duplicates: 0,
      skipped: 1,
      done: 151,
      total: 151,
    });
    expect(second.datasets.read(project.id).images).toHaveLength(150);
    expect(second.datasets.read(project.id).classes).toHaveLength(2);
    expect(() => second.imports.resume(project.id, id)).toThrow(expect.objectContaining({ code: 'conflict' }));
  });

  it('that a kill cut short is offered on the next opening', async () => {
    const { folder, source, first, project } = await workplace(4);
    const { id } = first.imports.start(project.id, [source], null);
    const [request] = first.openProjects.get(project.id).database.imports.list();
    await expect.poll(() => jobsOf(first, id).at(-1)?.status, { timeout: 10_000 }).toBe('completed');
    // As the database stood while the import ran.
    first.openProjects.get(project.id).database.imports.save(request!.job, request!.request);
    await first.close();
    const second = studioServices(folder);
    await second.projects.open(project.id);
    expect(second.imports.list(project.id)).toMatchObject([{ id, status: 'interrupted', endedAt: null }]);
    second.imports.cancel(project.id, id);
    expect(second.imports.list(project.id)).toMatchObject([{ id, status: 'cancelled' }]);
  });

  it('of uploaded files keeps them until it has ended, also over a restart', async () => {
    const { folder, first, project } = await workplace(0);
    const batch = 'batch-of-the-page-1' as UploadBatchId;
    for (let index = 0; index < 100; index += 1) {
      const bytes = await pngBytes(index);
      await first.uploads.addToBatch(
        batch,
        `cat/${index}.png`,
        (async function* () {
          yield bytes;
        })(),
      );
    }
    const { id } = first.imports.startUpload({ projectId: project.id, batch, name: 'cat', classId: null });
    await first.close();
    expect(jobsOf(first, id).at(-1)?.status).toBe('interrupted');
    const second = studioServices(folder);
    await second.projects.open(project.id);
    second.imports.resume(project.id, id);
    await expect.poll(() => jobsOf(second, id).at(-1)?.status, { timeout: 10_000 }).toBe('completed');
    expect(second.datasets.read(project.id).images).toHaveLength(100);
  });

  it('that failed can be tried again once the reason is gone', async () => {
    const { source, first, project } = await workplace(3);
    rmSync(project.paths.images, { recursive: true });
    writeFileSync(project.paths.images, 'a file');
    const { id } = first.imports.start(project.id, [source], null);
    await expect.poll(() => jobsOf(first, id).at(-1)?.status).toBe('failed');
    rmSync(project.paths.images);
    first.imports.resume(project.id, id);
    await expect.poll(() => jobsOf(first, id).at(-1)?.status, { timeout: 10_000 }).toBe('completed');
    expect(jobsOf(first, id).at(-1)).toMatchObject({ imported: 3, reason: null });
  });
});

describe('the report of an import', () => {
  it('is kept over restarts, in parts, by name and by reason', async () => {
    const { folder, source, first, project } = await workplace(2);
    await writeFiles(source, {
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`cat/notes ${index}.txt`, 'no picture at all'])),
      'dog/empty.png': '',
      'dog/Drawing.SVG': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    });
    const job = await first.imports.importFolder(project, source);
    await first.close();
    const second = studioServices(folder);
    await second.projects.open(project.id);
    const ask = (part: object) =>
      second.imports.listSkipped({
        projectId: project.id,
        jobId: job.id,
        offset: 0,
        limit: 10,
        search: '',
        reason: null,
        ...part,
      });
    const { total, skipped, reasons } = ask({ offset: 25 });
    expect([total, skipped.length]).toEqual([32, 7]);
    expect(reasons.map(({ reason, count }) => [textOf(reason).slice(0, 19), count])).toEqual([
      ['This is not a pictu', 30],
      ['SVG files cannot be', 1],
      ['The file is empty: ', 1],
    ]);
    expect(ask({ search: 'drawing' }).skipped).toMatchObject([{ file: 'dog/Drawing.SVG' }]);
    expect(ask({ reason: 'fileEmpty' })).toMatchObject({ total: 1, skipped: [{ file: 'dog/empty.png' }] });
  });
});

describe('where an image came from', () => {
  it('is kept with the time and the camera that its file names', async () => {
    const { source, first, project } = await workplace(1);
    const photo = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c04010' } }).jpeg();
    await writeFiles(source, {
      'dog/photo.jpg': await photo
        .withExif({
          IFD0: { Make: 'Acme ', Model: 'One' },
          IFD2: { DateTimeOriginal: '2026:05:18 10:42:03', SubSecTimeOriginal: '12', OffsetTimeOriginal: '+02:00' },
        })
        .toBuffer(),
    });
    const job = await first.imports.importFolder(project, source);
    const { images } = first.datasets.read(project.id);
    const origins = Object.fromEntries(
      images.map(({ id, fileName }) => [fileName, project.database.imports.origin(id)]),
    );
    expect(origins).toEqual({
      '0.png': { importId: job.id, capturedAt: null, camera: null, burst: null },
      'photo.jpg': { importId: job.id, capturedAt: '2026-05-18T10:42:03.120+02:00', camera: 'Acme One', burst: null },
    });
  });
});
