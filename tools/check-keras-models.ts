/**
 * Prints how far each engine is from Keras on the models that tools/keras_models.py wrote; fails above 1e-4 of the largest output.
 *
 *   node tools/check-keras-models.ts <folder>
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { inputLayer, outputLayer } from '../src-main/network/network.ts';
import { inferenceEngines } from '../test/support/engine.ts';
import { readKerasCase } from '../test/support/keras-models.ts';

const [folder = 'test/fixtures/keras'] = process.argv.slice(2);
for (const name of await readdir(folder)) {
  const { backbone, image, output } = await readKerasCase(path.join(folder, name));
  const { network } = backbone.model;
  const largest = Math.max(1, ...output.map(Math.abs));
  for (const [engine, open] of Object.entries(inferenceEngines)) {
    const executor = await open(backbone.model);
    const [from, to] = [inputLayer(network).name, outputLayer(network).name];
    const actual = await executor.infer({ from, to, count: 1, values: image });
    const difference = output.reduce((most, value, at) => Math.max(most, Math.abs(value - (actual[at] ?? NaN))), 0);
    const share = difference / largest;
    process.stdout.write(
      `${name}, ${engine}: ${difference.toExponential(1)}, ${share.toExponential(1)} of the largest\n`,
    );
    if (!(share < 1e-4)) process.exitCode = 1;
    executor.dispose();
  }
  const stages = network.stages.map(({ layers }) => layers.length).join(', ');
  process.stdout.write(`  ${network.layers.length} layers, in stages of ${stages}\n`);
}
