import { averageViews } from '../../src-shared/lib/average-views.ts';
import { inputLayer, outputLayer } from '../network/network.ts';
import type { InferenceExecutor } from './executors/executor.ts';

/** What the whole network makes of each input, in one batch: one row of class probabilities each, in their order. */
export async function inferRows(
  executor: InferenceExecutor,
  inputs: readonly Float32Array[],
): Promise<readonly Float32Array[]> {
  const count = inputs.length;
  if (count === 0) return [];
  const length = inputs[0]?.length ?? 0;
  const values = new Float32Array(count * length);
  inputs.forEach((input, index) => values.set(input, index * length));
  const { network } = executor;
  const output = await executor.infer({ from: inputLayer(network).name, to: outputLayer(network).name, count, values });
  const rowLength = output.length / count;
  return inputs.map((_, row) => output.subarray(row * rowLength, (row + 1) * rowLength));
}

/** What the network says of each picture, in their order: the mean over its views, which go through in one batch. */
export async function inferPictures(
  executor: InferenceExecutor,
  pictures: readonly (readonly Float32Array[])[],
): Promise<readonly Float32Array[]> {
  const rows = (await inferRows(executor, pictures.flat())).values();
  return pictures.map((views) => {
    const own = views.map(() => rows.next().value ?? new Float32Array());
    const classCount = own[0]?.length ?? 0;
    const joined = new Float32Array(own.length * classCount);
    own.forEach((row, view) => joined.set(row, view * classCount));
    return averageViews(joined, own.length, classCount);
  });
}
