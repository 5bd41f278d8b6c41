import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ImageId, PictureId, PipelineId } from '../../../../src-shared/domain/ids.ts';
import { chooseViews } from '../../../../src-shared/domain/pipeline/views.ts';
import { createStep, type Pipeline } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { backboneCatalog } from '../../../../src-main/services/backbone/backbone-catalog.ts';
import { PictureStore } from '../../../../src-main/services/pipeline/picture-store.ts';
import { PipelineService } from '../../../../src-main/services/pipeline/pipeline-service.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';

const assets = fileURLToPath(new URL('../../../../assets', import.meta.url));
const classic = 'classic' as PipelineId;

async function withPipelines() {
  const folder = temporaryFolder();
  const services = studioServices(folder);
  const { openProjects, emit } = services;
  const project = await services.projects.create('Test', null);
  const pictures = new PictureStore();
  const pipelines = new PipelineService({
    openProjects,
    emit,
    pictures,
    backbones: backboneCatalog({ assets, config: assets }),
  });
  onTestFinished(() => pipelines.close());
  return { ...services, folder, project, pictures, pipelines };
}

describe('saved pipelines', () => {
  it('are made from the classic list or another one, saved under their own names and deleted', async () => {
    const { pipelines, project, events } = await withPipelines();
    const own = await pipelines.create(project.id, 'Flips & crops', { type: 'preset', preset: 'classic' });
    expect(own.id).toBe('flips-crops');
    const rotated: Pipeline = { ...own, training: [createStep('RandomRotation', 'turn'), ...own.training] };
    await pipelines.save(project.id, rotated);
    expect(await pipelines.create(project.id, '翻转', { type: 'copy', pipelineId: own.id })).toEqual({
      ...rotated,
      id: 'pipeline',
      name: '翻转',
    });
    expect((await pipelines.list(project.id)).map(({ id }) => id)).toEqual([classic, own.id, 'pipeline']);
    await pipelines.delete(project.id, own.id);
    await expect(pipelines.read(project.id, own.id)).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(project.paths.pipelines).sort()).toEqual(['classic.json', 'pipeline.json']);
    expect(events.filter(({ name }) => name === 'pipeline.changed')).toHaveLength(4);
  });

  it('keep the last one, because a training needs one', async () => {
    const { pipelines, project } = await withPipelines();
    await expect(pipelines.delete(project.id, classic)).rejects.toMatchObject({ code: 'conflict' });
    expect(await pipelines.list(project.id)).toHaveLength(1);
  });

  it('are listed without a file that is broken, which is named with the place of the mistake when it is read', async () => {
    const { pipelines, project } = await withPipelines();
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { paths } = project;
    writeFileSync(
      paths.pipeline('broken' as PipelineId),
      '{"schemaVersion": 1, "id": "broken", "name": "B", "training": [{"id": "a", "kind": "Blur"}], "evaluation": []}',
    );
    expect((await pipelines.list(project.id)).map(({ id }) => id)).toEqual([classic]);
    expect(warn.mock.calls).toEqual([[expect.stringContaining('broken.json')]]);
    await expect(pipelines.read(project.id, 'broken' as PipelineId)).rejects.toMatchObject({
      code: 'damaged-file',
      message: expect.stringContaining('training.0') as unknown,
    });
    warn.mockRestore();
  });
});

/** With these pictures imported, the classic pipeline, and a request for a preview of the first image. */
async function withImages(files: Readonly<Record<string, number>>) {
  const test = await withPipelines();
  const source = path.join(test.folder, 'source');
  await writeFiles(source, files);
  await test.imports.importFolder(test.project, source);
  const imageIds = test.datasets.read(test.project.id).images.map(({ id }) => id);
  const base = await test.pipelines.read(test.project.id, classic);
  const shared = { projectId: test.project.id, backbone: 'efficientnet-lite0' } as const;
  const request = { ...shared, pipeline: base, part: 'training', imageId: imageIds[0]!, seed: 4 } as const;
  return { ...test, base, imageIds, request };
}

describe('a preview', () => {
  it('shows the original and each step, and leaves out what is switched off or comes after a mistake', async () => {
    const { pipelines, pictures, base, request } = await withImages({ '1.png': 1 });
    const preview = await pipelines.preview(request);
    expect(preview.original).toMatchObject({ width: 6, height: 4 });
    expect(preview.steps.map(({ stepId, after, error }) => [stepId, after?.width, after?.height, error])).toEqual([
      ['randomhorizontalflip', 6, 4, null],
      ['resize', 336, 224, null],
      ['centercrop', 224, 224, null],
      ['totensor', 224, 224, null],
      ['normalize', 224, 224, null],
    ]);
    expect(await sharp(pictures.get(preview.steps[4]!.after!.picture)).metadata()).toMatchObject({
      format: 'png',
      width: 224,
      height: 224,
    });

    const wrong: Pipeline = {
      ...base,
      training: [
        { ...createStep('RandomVerticalFlip', 'off'), isEnabled: false },
        createStep('Normalize', 'early'),
        createStep('Resize', 'late'),
      ],
    };
    const { steps } = await pipelines.preview({ ...request, pipeline: wrong });
    expect(steps.map(({ stepId, after }) => [stepId, after])).toEqual([
      ['off', null],
      ['early', null],
      ['late', null],
    ]);
    expect(textOf(steps[1]!.error ?? '')).toContain('Normalize');
  });

  it('shows the views of test-time augmentation in a grid, and the size of one', async () => {
    const { pipelines, pictures, base, request } = await withImages({ '1.png': 1 });
    const pipeline = { ...base, evaluation: chooseViews(base.evaluation, 'FiveCrop', 224) };
    const { steps } = await pipelines.preview({ ...request, pipeline, part: 'evaluation' });
    const five = { width: 224, height: 224, viewCount: 5 };
    expect(steps.map(({ before, after }) => [before, after])).toMatchObject([
      [{ viewCount: 1 }, { width: 384, height: 256, viewCount: 1 }],
      [{ viewCount: 1 }, five],
      [five, five],
      [five, five],
    ]);
    // Two rows of three places.
    expect(await sharp(pictures.get(steps[1]!.after!.picture)).metadata()).toMatchObject({
      ...{ width: 3 * 224 + 4, height: 2 * 224 + 2, hasAlpha: true },
    });
    const { samples } = await pipelines.samples({
      ...{ projectId: request.projectId, backbone: request.backbone, seed: 1 },
      ...{ pipeline, part: 'evaluation', imageIds: [request.imageId] },
    });
    expect(samples).toMatchObject([{ picture: five }]);
  });

  it('shows steps under the addresses that they had, up to the one that changed', async () => {
    const { pipelines, base, request } = await withImages({ '1.png': 1 });
    const before = await pipelines.preview(request);
    const [flip, resized, ...rest] = base.training;
    const smaller = { ...createStep('CenterCrop', 'centercrop'), parameters: { size: 200 } };
    const pipeline = { ...base, training: [flip!, resized!, smaller, ...rest.slice(1)] };
    const after = await pipelines.preview({ ...request, pipeline });
    const isSame = after.steps.map((step, index) => step.after?.picture === before.steps[index]?.after?.picture);
    expect(isSame).toEqual([true, true, false, false, false]);
    expect(after.original).toEqual(before.original);
    expect(after.steps[2]?.after).toMatchObject({ width: 200, height: 200 });
    const redrawn = await pipelines.preview({ ...request, seed: 5 });
    expect(redrawn.original).toEqual(before.original);
    expect(redrawn.steps[1]?.after?.picture).not.toBe(before.steps[1]?.after?.picture);
  });
});

describe('samples', () => {
  it('are one draw of each image: the first with the seed, each further one with the next', async () => {
    const { pipelines, pictures, request, imageIds } = await withImages({ '1.png': 1, '2.png': 2 });
    const [one, two] = imageIds;
    const { imageId: _, ...shared } = request;
    const bytes = async (ids: readonly ImageId[], seed: number): Promise<readonly Uint8Array[]> => {
      const { samples } = await pipelines.samples({ ...shared, imageIds: ids, seed });
      return samples.map(({ picture }) => pictures.get(picture!.picture));
    };
    const drawn = await bytes([one!, one!, two!, one!], 4);
    expect(drawn[3]).toEqual((await bytes([one!], 7))[0]);
    expect(drawn[2]).toEqual((await bytes([two!], 6))[0]);
    expect(drawn[2]).not.toEqual((await bytes([one!], 6))[0]);
    const { steps } = await pipelines.preview(request);
    expect(drawn[0]).toEqual(pictures.get(steps.at(-1)!.after!.picture));
  });

  it('go as far as the list runs, and an image that cannot be read leaves the others theirs', async () => {
    const { pipelines, project, base, request, imageIds } = await withImages({ '1.png': 1, '2.png': 2 });
    const { imageId: _, ...shared } = request;
    const pipeline: Pipeline = { ...base, training: [createStep('Normalize', 'early')] };
    rmSync(project.paths.image(imageIds[0]!, 'png'));
    const { samples } = await pipelines.samples({ ...shared, pipeline, imageIds: imageIds.slice(0, 2) });
    expect(samples).toEqual([
      { picture: null, error: expect.anything() as unknown },
      { picture: expect.objectContaining({ width: 6, height: 4 }) as unknown, error: null },
    ]);
  });
});

describe('kept pictures', () => {
  it('go when the room is used up, those not asked for longest first', () => {
    const store = new PictureStore(100);
    const a = 'picture-a' as PictureId;
    const b = 'picture-b' as PictureId;
    const c = 'picture-c' as PictureId;
    const large = 'picture-large' as PictureId;
    store.add(a, new Uint8Array(40));
    store.add(b, new Uint8Array(40));
    store.get(a);
    store.add(c, new Uint8Array(40));
    expect(() => store.get(b)).toThrow(expect.objectContaining({ code: 'not-found', retry: true }));
    expect([store.get(a).byteLength, store.get(c).byteLength]).toEqual([40, 40]);
    store.add(large, new Uint8Array(400));
    expect(store.get(large).byteLength).toBe(400);
    expect(() => store.get(c)).toThrow();
    expect(() => store.get('unknown-picture' as PictureId)).toThrow();
  });
});
