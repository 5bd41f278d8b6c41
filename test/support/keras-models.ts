import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readForeignBackbone, type ForeignBackbone } from '../../src-main/network/keras/read-backbone.ts';

const expectedSchema = v.object({
  end: v.string(),
  shape: v.array(v.number()),
  scale: v.tuple([v.number(), v.number()]),
  pixels: v.array(v.number()),
  output: v.array(v.number()),
});

/** A model of tools/keras_models.py as a backbone, with one image for it and Keras's output for that. */
export interface KerasCase {
  readonly backbone: ForeignBackbone;
  readonly image: Float32Array;
  readonly end: string;
  readonly shape: readonly number[];
  readonly output: readonly number[];
}

/** The folders of the models that the tests have. */
export const kerasModels = path.join(import.meta.dirname, '../fixtures/keras');

export async function readKerasCase(folder: string): Promise<KerasCase> {
  const read = (name: string): Promise<Buffer> => readFile(path.join(folder, name));
  const files = { modelJson: (await read('model.json')).toString('utf8'), weightsBin: await read('weights.bin') };
  const { scale, pixels, ...expected } = v.parse(expectedSchema, JSON.parse((await read('expected.json')).toString()));
  const backbone = readForeignBackbone(files, {});
  const { inputMap } = backbone;
  const image = Float32Array.from(pixels, (pixel, index) => {
    const channel = index % 3;
    const input = (pixel / 255) * scale[0] + scale[1];
    return input * (inputMap.scale[channel] ?? 0) + (inputMap.offset[channel] ?? 0);
  });
  return { ...expected, backbone, image };
}
