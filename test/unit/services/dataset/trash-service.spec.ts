import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import { TrashService } from '../../../../src-main/services/dataset/trash-service.ts';
import { ImageService } from '../../../../src-main/services/image/image-service.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function withTrash() {
  const folder = temporaryFolder();
  const services = studioServices(folder);
  const project = await services.projects.create('Test', null);
  const source = path.join(folder, 'source');
  await writeFiles(source, { 'oak/1.png': 1, 'oak/2.png': 2, 'elm/3.png': 3 });
  await services.imports.importFolder(project, source);
  const use = { isInUse: false };
  const trash = new TrashService({
    datasets: services.datasets,
    project: services.openProjects.get.bind(services.openProjects),
    isInUse: () => use.isInUse,
    now: () => new Date('2026-01-01T00:00:00Z'),
  });
  const ids = services.datasets.read(project.id).images.map(({ id }) => id);
  const fileOf = (id: ImageId): string => project.paths.image(id, 'png');
  return { ...services, project, source, trash, use, ids, fileOf };
}

describe('the trash of a project', () => {
  it('keeps the files until it is emptied, and brings images back as they were', async () => {
    const { project, trash, ids, fileOf, datasets } = await withTrash();
    const before = datasets.read(project.id);
    expect(trash.put(project.id, ids.slice(0, 2))).toMatchObject({ changed: 2 });
    expect(trash.list(project.id).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(ids.every((id) => existsSync(fileOf(id)))).toBe(true);
    trash.restore(project.id, ids.slice(0, 2));
    expect(datasets.read(project.id)).toMatchObject({ classes: before.classes, images: before.images });
  });

  it('deletes files and thumbnails when it is emptied, and says how much space that gave', async () => {
    const { project, trash, ids, fileOf, datasets, openProjects } = await withTrash();
    const images = new ImageService({ openProjects });
    await images.thumbnail(project.id, ids[0]!, 128);
    const size = statSync(fileOf(ids[0]!)).size + statSync(fileOf(ids[1]!)).size;
    trash.put(project.id, ids.slice(0, 2));
    const { revision, ...emptied } = await trash.empty(project.id);
    expect(emptied).toEqual({ deleted: 2, freedBytes: size });
    expect(revision).toBe(datasets.read(project.id).revision);
    expect(ids.map((id) => existsSync(fileOf(id)))).toEqual([false, false, true]);
    expect(await failureOf(images.thumbnail(project.id, ids[0]!, 128))).toMatchObject({ code: 'not-found' });
    expect(trash.list(project.id)).toEqual([]);
    expect(await trash.empty(project.id)).toMatchObject({ deleted: 0, freedBytes: 0 });
  });

  it('is not emptied while images are in use', async () => {
    const { project, trash, ids, fileOf, use } = await withTrash();
    trash.put(project.id, ids);
    use.isInUse = true;
    expect(await failureOf(trash.empty(project.id))).toMatchObject({ code: 'conflict', retry: true });
    expect(existsSync(fileOf(ids[0]!))).toBe(true);
    use.isInUse = false;
    expect(await trash.empty(project.id)).toMatchObject({ deleted: 3 });
  });

  it('removes later what could not be removed, and never a file that was imported anew', async () => {
    const { project, source, trash, ids, fileOf, imports } = await withTrash();
    const [stuck, again] = [ids[0]!, ids[1]!];
    const bytes = readFileSync(fileOf(stuck));
    // A folder in the place of the file cannot be removed as a file.
    rmSync(fileOf(stuck));
    mkdirSync(fileOf(stuck));
    trash.put(project.id, [stuck, again]);
    expect(await failureOf(trash.empty(project.id))).toMatchObject({ code: expect.any(String) as string });
    rmSync(fileOf(stuck), { recursive: true });
    await writeFiles(source, { 'oak/2.png': 2, 'oak/1.png': 1 });
    await imports.importFolder(project, source);
    trash.finish(project);
    expect(ids.every((id) => existsSync(fileOf(id)))).toBe(true);
    expect(readFileSync(fileOf(stuck))).toEqual(bytes);
  });

  it('leaves skipped images out of what runs read', async () => {
    const { project, ids, datasets } = await withTrash();
    datasets.setMark(project.id, [ids[0]!], 'skip');
    datasets.setMark(project.id, [ids[1]!], 'unsure');
    expect(datasets.read(project.id).images).toHaveLength(3);
    expect(datasets.readForRuns(project.id).images.map(({ id }) => id)).toEqual(ids.slice(1));
  });
});
