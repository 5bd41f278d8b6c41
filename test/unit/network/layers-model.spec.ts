import { describe, expect, it } from 'vitest';
import { readLayersModel, writeLayersModel, type LayersModel } from '../../../src-main/network/layers-model.ts';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { tinyGatedNetwork, tinyNetwork, withRandomWeights } from '../../support/tiny-networks.ts';

const tiny = withRandomWeights(tinyNetwork({ hasDropout: true }));

function changed(model: LayersModel, change: (text: string) => string): LayersModel {
  const modelJson = change(model.modelJson);
  if (modelJson === model.modelJson) throw new Error('The change did not hit');
  return { ...model, modelJson };
}

function refusal(model: LayersModel): AppError {
  try {
    readLayersModel(model);
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error('Expected an AppError');
}

describe('TF.js Layers models', () => {
  it.each([tiny, withRandomWeights(tinyGatedNetwork())])(
    'give back every layer kind, the stages and every number of $network.name',
    (model) => {
      expect(readLayersModel(writeLayersModel(model.network, model.weights))).toEqual(model);
    },
  );

  it('reads the bytes of a file, wherever they begin in its buffer', () => {
    const { modelJson, weightsBin } = writeLayersModel(tiny.network, tiny.weights);
    const shifted = Buffer.concat([Buffer.of(0, 0, 0), weightsBin]).subarray(3);
    expect(readLayersModel({ modelJson, weightsBin: shifted })).toEqual(tiny);
  });

  it('stores the chosen weights in half precision', () => {
    const isKernel = (name: string): boolean => name.endsWith('kernel');
    const model = writeLayersModel(tiny.network, tiny.weights, (name) => (isKernel(name) ? 'float16' : 'float32'));
    const { weights } = readLayersModel(model);
    for (const [name, { values }] of tiny.weights) {
      const tolerance = isKernel(name) ? 2 ** -12 : 0;
      const differences = values.map((value, index) => Math.abs(value - (weights.get(name)?.values[index] ?? NaN)));
      expect(Math.max(...differences), name).toBeLessThanOrEqual(tolerance);
    }
    expect(model.weightsBin.length).toBeLessThan(writeLayersModel(tiny.network, tiny.weights).weightsBin.length);
  });

  it('makes one stage where a model brings none', () => {
    const model = changed(writeLayersModel(tiny.network, tiny.weights), (text) =>
      text.replace(/,"userDefinedMetadata":.*$/, '}'),
    );
    expect(readLayersModel(model).network.stages).toMatchObject([{ name: 'network' }]);
  });

  it.each([
    ['a layer kind', '"class_name":"Add"', '"class_name":"Conv3D"', 'unsupported', 'Conv3D'],
    ['a dilated convolution', '"dilation_rate":[1,1]', '"dilation_rate":[2,2]', 'unsupported', 'stem_conv'],
    ['another activation', '"activation":"softmax"', '"activation":"gelu"', 'unsupported', 'classifier'],
    ['a layer that is not there', '[["sum",0,0,{}]]', '[["gone",0,0,{}]]', 'damaged-file', 'gone'],
    ['a wrong shape', '"shape":[3,3,3,4]', '"shape":[3,3,4,3]', 'damaged-file', 'stem_conv/kernel'],
    ['no JSON', '{"format"', '{{"format"', 'damaged-file', 'model.json'],
  ])('refuses %s by name', (_what, from, to, code, named) => {
    const error = refusal(changed(writeLayersModel(tiny.network, tiny.weights), (text) => text.replace(from, to)));
    expect(error.code).toBe(code);
    expect(error.message).toContain(named);
  });

  it('refuses weights that are cut off', () => {
    const { modelJson, weightsBin } = writeLayersModel(tiny.network, tiny.weights);
    expect(refusal({ modelJson, weightsBin: weightsBin.subarray(4) }).code).toBe('damaged-file');
  });
});
