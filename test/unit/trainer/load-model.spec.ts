import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { writeLayersModel } from '../../../src-main/network/layers-model.ts';
import { loadModel } from '../../../src-main/trainer/load-model.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { tinyNetwork, withRandomWeights } from '../../support/tiny-networks.ts';

it('says by name what a folder lacks, and that its weights are damaged', async () => {
  const folder = path.join(temporaryFolder(), 'run');
  await mkdir(folder);
  const missing = say('runHasNoModel');
  expect(await failureOf(loadModel(folder, missing))).toMatchObject({ code: 'not-found', sentence: missing });
  const { network, weights } = withRandomWeights(tinyNetwork());
  const { modelJson, weightsBin } = writeLayersModel(network, weights);
  await writeFile(path.join(folder, 'model.json'), modelJson);
  await writeFile(path.join(folder, 'weights.bin'), weightsBin.subarray(4));
  const sentence = say('weightsDamaged', { expected: weightsBin.length, received: weightsBin.length - 4 });
  expect(await failureOf(loadModel(folder, missing))).toMatchObject({ code: 'damaged-file', sentence });
});
