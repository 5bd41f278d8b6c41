import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { NamedSentence } from '../../src-shared/domain/sentence.ts';
import { readLayersModel, type WeightedNetwork } from '../network/layers-model.ts';

/** Reads the network in a folder with model.json and weights.bin: a backbone or a run. `missing` is said where one is not there. */
export async function loadModel(folder: string, missing: NamedSentence): Promise<WeightedNetwork> {
  try {
    const [modelJson, weightsBin] = await Promise.all([
      readFile(path.join(folder, 'model.json'), 'utf8'),
      readFile(path.join(folder, 'weights.bin')),
    ]);
    return readLayersModel({ modelJson, weightsBin });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new AppError('not-found', missing, { cause: error });
    }
    throw error;
  }
}
