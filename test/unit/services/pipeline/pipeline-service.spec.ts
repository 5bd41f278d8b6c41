import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { PictureId, PipelineId } from '../../../../src-shared/domain/ids.ts';
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

describe('a preview', () => {
  it('shows the original, each step and seeded samples, and leaves out what is switched off or comes after a mistake', async () => {
    const { pipelines, project, imports, datasets, pictures, folder } = await withPipelines();
    await writeFiles(path.join(folder, 'source'), { '1.png': 1 });
    await imports.importFolder(project, path.join(folder, 'source'));
    const imageId = datasets.read(project.id).images[0]!.id;
    const base = await pipelines.read(project.id, classic);
    const request = {
      projectId: project.id,
      pipeline: base,
      part: 'training',
      backbone: 'efficientnet-lite0',
      imageId,
      seed: 4,
      sampleCount: 3,
    } as const;
    const preview = await pipelines.preview(request);
    expect(preview.original).toMatchObject({ width: 6, height: 4 });
    expect(preview.steps.map(({ stepId, after, error }) => [stepId, after?.width, after?.height, error])).toEqual([
      ['randomhorizontalflip', 6, 4, null],
      ['resize', 336, 224, null],
      ['centercrop', 224, 224, null],
      ['totensor', 224, 224, null],
      ['normalize', 224, 224, null],
    ]);
    expect(preview.samples.map(({ width, height }) => [width, height])).toEqual([
      [224, 224],
      [224, 224],
      [224, 224],
    ]);
    expect(await sharp(pictures.get(preview.samples[0]!.picture)).metadata()).toMatchObject({
      format: 'png',
      width: 224,
      height: 224,
    });
    const again = await pipelines.preview(request);
    expect(pictures.get(again.samples[2]!.picture)).toEqual(pictures.get(preview.samples[2]!.picture));

    const wrong: Pipeline = {
      ...base,
      training: [
        { ...createStep('RandomVerticalFlip', 'off'), isEnabled: false },
        createStep('Normalize', 'early'),
        createStep('Resize', 'late'),
      ],
    };
    const { steps, samples } = await pipelines.preview({ ...request, pipeline: wrong });
    expect(steps.map(({ stepId, after }) => [stepId, after])).toEqual([
      ['off', null],
      ['early', null],
      ['late', null],
    ]);
    expect(textOf(steps[1]!.error ?? '')).toContain('Normalize');
    expect(samples.map(({ width }) => width)).toEqual([6, 6, 6]);
  });
});

describe('kept pictures', () => {
  it('go when the room is used up, those not asked for longest first', () => {
    const store = new PictureStore(100);
    const [a, b] = [store.add(new Uint8Array(40)), store.add(new Uint8Array(40))];
    store.get(a);
    const c = store.add(new Uint8Array(40));
    expect(() => store.get(b)).toThrow(expect.objectContaining({ code: 'not-found', retry: true }));
    expect([store.get(a).byteLength, store.get(c).byteLength]).toEqual([40, 40]);
    const large = store.add(new Uint8Array(400));
    expect(store.get(large).byteLength).toBe(400);
    expect(() => store.get(c)).toThrow();
    expect(() => store.get('unknown-picture' as PictureId)).toThrow();
  });
});
