import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { FeatureCacheService } from '../../../../src-main/services/project/feature-cache-service.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function projectWithFeatures(isTraining: boolean) {
  const { projects, openProjects } = studioServices(temporaryFolder());
  const project = await projects.create('Chairs', null);
  const set = path.join(project.paths.features, 'a-set');
  mkdirSync(set, { recursive: true });
  writeFileSync(path.join(set, '00000-a.features'), new Uint8Array(1000));
  writeFileSync(path.join(set, '00001-b.features'), new Uint8Array(500));
  const service = new FeatureCacheService({
    project: (projectId) => openProjects.get(projectId),
    isInUse: () => isTraining,
    onCleared: () => undefined,
  });
  return { service, projectId: project.id };
}

it('tells how much the cached features take, and lets them go', async () => {
  const { service, projectId } = await projectWithFeatures(false);
  expect(await service.describe(projectId)).toEqual({ bytes: 1500, limitBytes: 10e9 });
  expect(await service.clear(projectId)).toEqual({ bytes: 0, limitBytes: 10e9 });
  expect(await service.describe(projectId)).toEqual({ bytes: 0, limitBytes: 10e9 });
});

it('takes nothing away from a run at work', async () => {
  const { service, projectId } = await projectWithFeatures(true);
  await expect(service.clear(projectId)).rejects.toMatchObject({ code: 'conflict', retry: true });
  expect(await service.describe(projectId)).toMatchObject({ bytes: 1500 });
});
