import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { BackboneCatalog } from '../../../../src-main/services/backbone/backbone-catalog.ts';
import { createBackboneHandlers } from '../../../../src-main/services/backbone/backbone-handlers.ts';
import type { CommandInput } from '../../../../src-shared/contract/contract.ts';
import type { FolderToken } from '../../../../src-shared/domain/ids.ts';
import { repositoryRoot } from '../../../../tools/lib/repository.ts';
import { kerasModels } from '../../../support/keras-models.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const request: CommandInput<'backbone.import'> = {
  folder: 'a-token' as FolderToken,
  ...{ title: 'Gated', scaling: '0-255', inputSize: null, endLayer: null, licence: 'CC0-1.0' },
  origin: 'https://example.org/gated',
};

function setUp({ model = path.join(kerasModels, 'gated'), users = [] as readonly string[] } = {}) {
  const imported = path.join(temporaryFolder(), 'backbones');
  const told: string[] = [];
  const handlers = createBackboneHandlers({
    backbones: new BackboneCatalog({ bundled: path.join(repositoryRoot, 'assets/backbones'), imported }),
    folderPath: () => model,
    projectsWith: () => Promise.resolve(users),
    emit: (name) => told.push(name),
  });
  return { handlers, imported, told };
}

it('keeps licence and origin as the person gave them, and tells that the list changed', async () => {
  const { handlers, told } = setUp();
  const record = await handlers['backbone.import'](request);
  expect(record).toMatchObject({ licence: 'CC0-1.0', origin: 'https://example.org/gated' });
  expect((await handlers['backbone.list']({})).backbones.at(-1)).toEqual(record);
  expect(told).toEqual(['backbone.listChanged']);
});

it('removes an imported backbone, which the same import brings back under the same name', async () => {
  const { handlers, imported } = setUp();
  const { name } = await handlers['backbone.import'](request);
  expect(await handlers['backbone.remove']({ backbone: name })).toEqual({ done: true });
  expect(await readdir(imported)).toEqual([]);
  expect((await handlers['backbone.list']({})).backbones).toHaveLength(3);
  await expect(handlers['backbone.remove']({ backbone: name })).rejects.toMatchObject({ code: 'not-found' });
  expect((await handlers['backbone.import'](request)).name).toBe(name);
});

it('keeps a backbone that runs need, and names their projects', async () => {
  const { handlers, imported } = setUp({ users: ['Chairs', 'Cups'] });
  const { name } = await handlers['backbone.import'](request);
  await expect(handlers['backbone.remove']({ backbone: name })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Chairs, Cups') as string,
  });
  expect(await readdir(imported)).toEqual([name]);
});

it('keeps the bundled ones', async () => {
  const removal = setUp().handlers['backbone.remove']({ backbone: 'efficientnet-lite0' });
  await expect(removal).rejects.toMatchObject({ code: 'conflict' });
});

it('measures a model and names a file that it lacks', async () => {
  const model = path.join(temporaryFolder(), 'model');
  await mkdir(model);
  await cp(path.join(kerasModels, 'gated'), model, { recursive: true });
  const { handlers } = setUp({ model });
  const { folder } = request;
  expect(await handlers['backbone.inspect']({ folder })).toMatchObject({
    ...{ name: 'gated', inputSize: 32, scaling: '0-255', hasOwnPreprocessing: true, refusals: [] },
    ends: [{ shape: [16, 16, 8] }, { layer: 'add', shape: [8, 8, 8] }],
  });
  await rm(path.join(model, 'weights.bin'));
  await expect(handlers['backbone.inspect']({ folder })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('weights.bin') as string,
  });
});
