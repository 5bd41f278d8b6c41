import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { BurstId } from '../../../../src-shared/contract/capture.contract.ts';
import type { ClassId, JobId } from '../../../../src-shared/domain/ids.ts';
import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
import { CaptureService } from '../../../../src-main/services/import/capture/capture-service.ts';
import { pngBytes } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function camera({
  labelling = 'single-label',
  ...options
}: Parameters<typeof studioServices>[1] & { readonly labelling?: Labelling } = {}) {
  const services = studioServices(temporaryFolder(), options);
  const { openProjects, datasets, uploads, emit, projects, imports, quality } = services;
  const errors: unknown[] = [];
  const onError = (_message: string, error: unknown): void => void errors.push(error);
  const captures = new CaptureService({ openProjects, datasets, uploads, onError, emit, now: () => new Date() });
  const project = await projects.create('Test', null, labelling);
  const { classId } = datasets.addClass(project.id, 'oak');
  async function* bytesOf(content: number | string): AsyncGenerator<Uint8Array> {
    yield typeof content === 'number' ? await pngBytes(content) : Buffer.from(content);
  }
  const upload = async (content: number | string) => (await uploads.add(bytesOf(content))).uploadId;
  async function take(
    contents: readonly (number | string)[],
    more: { session?: JobId | null; burst?: string; classId?: ClassId | null } = {},
  ) {
    const sent = [];
    for (const content of contents) sent.push(await upload(content));
    const { session = null, burst = '00000000-0001', classId: of = classId } = more;
    const input = { projectId: project.id, name: 'Camera', session, classId: of, burst: burst as BurstId };
    return { ...(await captures.add({ ...input, uploads: sent })), sent };
  }
  return { ...services, captures, project, classId, take, upload, errors, imports, quality };
}

describe('pictures of the camera page', () => {
  it('come in with their class in the order in which they were taken, and their uploads go', async () => {
    const { take, datasets, project, classId, uploads } = await camera();
    const { added, sent, job } = await take([1, 2, 3]);
    const { images } = datasets.read(project.id);
    expect(images.map(({ id }) => id)).toEqual(added);
    expect(images.every((image) => image.classId === classId)).toBe(true);
    expect(new Set(images.map(({ fileName }) => fileName)).size).toBe(3);
    expect(images.every(({ id, format }) => existsSync(project.paths.image(id, format)))).toBe(true);
    expect(job).toMatchObject({ name: 'Camera', status: 'completed', imported: 3, done: 3, total: 3 });
    expect(() => uploads.file(sent[0]!)).toThrow(/no longer there/);
  });

  it('of a multi-label project have the chosen class as one of theirs', async () => {
    const { take, datasets, project, classId } = await camera({ labelling: 'multi-label' });
    await take([1]);
    await take([2], { classId: null });
    const { images } = datasets.read(project.id);
    expect(images.map((image) => [image.classId, image.classIds ?? null])).toEqual([
      [null, [classId]],
      [null, null],
    ]);
  });

  it('of one visit are one import, which can be taken back as a whole', async () => {
    const { take, imports, datasets, project } = await camera();
    const first = await take([1, 2]);
    const second = await take([2, 3, 'no picture at all'], { session: first.job.id });
    expect(second.added).toHaveLength(1);
    expect(imports.list(project.id)).toMatchObject([
      { id: first.job.id, imported: 3, duplicates: 1, skipped: 1, done: 5, total: 5, status: 'completed' },
    ]);
    expect(imports.takeBack(project.id, first.job.id)).toMatchObject({ changed: 3 });
    expect(datasets.read(project.id).images).toEqual([]);
  });

  it('of one burst stay together in the splits, however different they look', async () => {
    const { take, datasets, project, quality } = await camera({ looksAtPictures: true });
    datasets.store(project.id).setRatios({ validation: 0.4, test: 0.4, seed: 3 });
    await take([1, 2, 3, 4], { burst: 'aaaaaaaa-1' });
    await take([5, 6, 7, 8], { burst: 'bbbbbbbb-2' });
    await datasets.placeWaiting(project);
    const splitOf = new Map(datasets.read(project.id).images.map(({ id, split }) => [id, split]));
    const groups = await quality.tiedImages(project, 'known');
    expect(groups.map((group) => group.length).toSorted()).toEqual([4, 4]);
    for (const group of groups) expect(new Set(group.map((id) => splitOf.get(id))).size).toBe(1);
  });

  it('are refused for a class, a visit or an upload that is not there, and where the project may not be written', async () => {
    const { take, captures, project, upload, datasets, classId } = await camera();
    await expect(take([1], { session: 'job-none' as JobId })).rejects.toMatchObject({ code: 'not-found' });
    await expect(take([1], { classId: 'class-99' as ClassId })).rejects.toMatchObject({ code: 'not-found' });
    const gone = { projectId: project.id, name: 'Camera', session: null, classId, burst: '00000000' as BurstId };
    const uploads = [await upload(4), 'AAAAAAAAAAAAAAAAAAAAAAAA' as Awaited<ReturnType<typeof upload>>];
    await expect(captures.add({ ...gone, uploads })).rejects.toMatchObject({ code: 'not-found' });
    expect(datasets.read(project.id).images).toEqual([]);
    // One that failed holds up nobody.
    expect((await take([5])).added).toHaveLength(1);
  });

  it('are shared out a moment after the last one, without being asked to', async () => {
    const { take, datasets, project, captures, errors } = await camera();
    await take([1, 2, 3]);
    const { dataset } = project.database;
    expect(dataset.hasWaitingImages()).toBe(true);
    await expect.poll(() => dataset.hasWaitingImages()).toBe(false);
    await take([4]);
    await captures.close();
    expect([errors, datasets.read(project.id).images.length]).toEqual([[], 4]);
  });
});
