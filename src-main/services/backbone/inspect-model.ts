import type { ModelInspection } from '../../../src-shared/contract/backbone.contract.ts';
import { suggestScaling } from '../../../src-shared/domain/input-scaling.ts';
import { inspectForeignBackbone } from '../../network/keras/inspect-backbone.ts';
import { measureModelFiles } from './model-files.ts';

/** What the TF.js Layers model in a folder says about itself; its weights are counted, not read. */
export async function inspectModel(folder: string): Promise<ModelInspection> {
  const { modelJson, weightBytes } = await measureModelFiles(folder);
  const { name, hasOwnPreprocessing, ...found } = inspectForeignBackbone(modelJson);
  return {
    ...{ name, hasOwnPreprocessing, weightBytes },
    ...found,
    scaling: suggestScaling(name, hasOwnPreprocessing),
  };
}
