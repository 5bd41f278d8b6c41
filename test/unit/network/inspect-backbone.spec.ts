import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { inspectForeignBackbone } from '../../../src-main/network/keras/inspect-backbone.ts';
import { readForeignBackbone } from '../../../src-main/network/keras/read-backbone.ts';
import { outputLayer } from '../../../src-main/network/network.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { kerasModels } from '../../support/keras-models.ts';

const read = (name: string): Promise<string> => readFile(path.join(kerasModels, name, 'model.json'), 'utf8');

/** The model with other settings in the layers of these names. */
async function changed(name: string, settings: Readonly<Record<string, object>>): Promise<string> {
  const model = JSON.parse(await read(name)) as {
    modelTopology: { model_config: { config: { layers: { name: string; class_name: string; config: object }[] } } };
  };
  for (const layer of model.modelTopology.model_config.config.layers) {
    Object.assign(layer.config, settings[layer.name]);
  }
  return JSON.stringify(model);
}

it.each(['residual', 'dense', 'gated', 'mobilenet-v3-small-0.25'])(
  'tells of %s, from its topology alone, what an import will take',
  async (name) => {
    const modelJson = await read(name);
    const weightsBin = await readFile(path.join(kerasModels, name, 'weights.bin'));
    const { network } = readForeignBackbone({ modelJson, weightsBin }, {}).model;
    const inspection = inspectForeignBackbone(modelJson);
    expect(inspection).toMatchObject({ name: network.name, refusals: [] });
    expect(inspection.ends.at(-1)?.layer).toBe(outputLayer(network).name);
    expect(inspection.ends).toHaveLength(network.stages.length);
  },
);

it('names every layer that stands in the way, and offers the ends before the first', async () => {
  const dilated = { dilation_rate: [2, 2] };
  const inspection = inspectForeignBackbone(await changed('residual', { block1_conv: dilated, block1_out: dilated }));
  expect(inspection.refusals.map((refusal) => /“(\w+)”/u.exec(textOf(refusal))?.[1])).toEqual([
    'block1_conv',
    'block1_out',
  ]);
  expect(inspection.ends.at(-1)?.layer).toBe('block0_relu');
});

it('offers no end where nothing before the refused layer is left', async () => {
  const inspection = inspectForeignBackbone(await changed('residual', { stem_pad: { data_format: 'channels_first' } }));
  expect(inspection).toMatchObject({ ends: [], refusals: [expect.anything()] });
});

it('tells a size that the model leaves open, and preprocessing that it brings', async () => {
  const open = await changed('gated', {
    input_layer_2: { batch_shape: [null, null, null, 3], batch_input_shape: [null, null, null, 3] },
  });
  expect(inspectForeignBackbone(open)).toMatchObject({ inputSize: null, hasOwnPreprocessing: true });
  expect(inspectForeignBackbone(await read('residual'))).toMatchObject({ inputSize: 32, hasOwnPreprocessing: false });
});
