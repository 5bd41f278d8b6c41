import { describe, expect, it, vi } from 'vitest';
import { attachHead } from '../../src-main/network/attach-head.ts';
import { cutStretch } from '../../src-main/network/split.ts';
import { ensureTensorFlowRuntime } from '../../src-main/runtime/provision.ts';
import { chooseFrozenEngine } from '../../src-main/trainer/executors/frozen-engine.ts';
import { createOnnxExecutor } from '../../src-main/trainer/executors/onnx-executor.ts';
import { loadOnnxRuntime } from '../../src-main/trainer/onnx-runtime.ts';
import { createRandom } from '../../src-shared/lib/seeded-random.ts';
import { readBackbone, readPhoto } from '../support/bundled-backbone.ts';
import { inferenceEngines } from '../support/engine.ts';
import { referenceForward } from '../support/reference-forward.ts';
import { tinyGatedNetwork, tinyNetwork, withRandomWeights } from '../support/tiny-networks.ts';

const tiny = withRandomWeights(tinyNetwork({ hasDropout: true }));
const gated = withRandomWeights(tinyGatedNetwork());
const imageLength = 5 * 6 * 3;
const photos = ['efficientnet-lite0-chelsea.png', 'efficientnet-lite0-coffee.png'];

function randomImages(count: number): Float32Array {
  const random = createRandom(11);
  return Float32Array.from({ length: count * imageLength }, () => random.uniform(-2, 2));
}

describe.each(Object.entries(inferenceEngines))('inference on %s', (_name, open) => {
  it.each([tiny, gated])('is the definition of $network.name at every layer', async (model) => {
    const images = randomImages(2);
    const executor = await open(model);
    for (const { name } of model.network.layers.slice(1)) {
      const actual = await executor.infer({ from: 'image', to: name, count: 2, values: images });
      const expected = [0, 1].flatMap((index) => {
        const image = images.subarray(index * imageLength, (index + 1) * imageLength);
        return referenceForward(model, image).get(name) ?? [];
      });
      expect(largestDifference(actual, expected), name).toBeLessThan(2e-6);
    }
    executor.dispose();
  });

  it('goes on from any point as if it had not stopped there', async () => {
    const executor = await open(tiny);
    const values = randomImages(3);
    const whole = await executor.infer({ from: 'image', to: 'classifier', count: 3, values });
    for (const point of ['stem_relu6', 'sum', 'features']) {
      const half = await executor.infer({ from: 'image', to: point, count: 3, values });
      const rest = await executor.infer({ from: point, to: 'classifier', count: 3, values: half });
      expect(largestDifference(rest, whole), point).toBeLessThan(1e-6);
    }
    executor.dispose();
  });

  it('takes layers that are called like a model’s ends', async () => {
    const renamed = JSON.parse(
      JSON.stringify(cutStretch(tiny.network, 'image', 'stem_relu6'))
        .replaceAll('"image"', '"input"')
        .replaceAll('"stem_relu6"', '"output"'),
    ) as typeof tiny.network;
    const weights = new Map([...tiny.weights].filter(([name]) => name.startsWith('stem')));
    const [original, other] = [await open(tiny), await open({ network: renamed, weights })];
    const values = randomImages(1);
    expect(await other.infer({ from: 'input', to: 'output', count: 1, values })).toEqual(
      await original.infer({ from: 'image', to: 'stem_relu6', count: 1, values }),
    );
    original.dispose();
    other.dispose();
  });

  it('refuses batches of the wrong size, by name', async () => {
    const executor = await open(tiny);
    const request = { from: 'image', to: 'features', count: 2, values: new Float32Array(7) };
    await expect(executor.infer(request)).rejects.toThrow(/Expected 180 values at image for 2 images, received 7/);
    await expect(executor.infer({ ...request, from: 'nowhere' })).rejects.toThrow(/No layer nowhere/);
    executor.dispose();
  });

  it('gives the same bits again, and in any company, for a photo through EfficientNet-Lite0', async () => {
    const { record, model } = await readBackbone('efficientnet-lite0');
    const executor = await open(attachHead(model, { classCount: 2, seed: 0 }));
    const [one, other] = await Promise.all(photos.map((photo) => readPhoto(record, photo)));
    if (!one || !other) throw new Error('The photos are missing');
    const features = async (...images: Float32Array[]): Promise<Float32Array> => {
      const values = Float32Array.from(images.flatMap((image) => Array.from(image)));
      const all = await executor.infer({ from: 'image', to: 'features', count: images.length, values });
      return all.slice(0, record.featureCount);
    };
    const alone = await features(one);
    expect(await features(one)).toEqual(alone);
    expect(largestDifference(await features(one, other, one), alone)).toBeLessThan(1e-5);
    executor.dispose();
  });
});

describe('the engine for what does not learn', () => {
  it('is ONNX Runtime, and TensorFlow where that has no program', async () => {
    const runtime = await ensureTensorFlowRuntime();
    expect((await chooseFrozenEngine(runtime)).name).toBe('ONNX Runtime 1.30.0 (cpu)');
    const other = await chooseFrozenEngine(runtime, () => Promise.resolve(null));
    expect(other.name).toBe(`TensorFlow ${runtime.version} (cpu)`);
    const executor = other.open(tiny);
    const request = { from: 'image', to: 'classifier', count: 1, values: randomImages(1) };
    expect(await executor.infer(request)).toHaveLength(3);
    executor.dispose();
  });

  it('names the provider, and what to do, where that cannot compute a network', async () => {
    const runtime = await loadOnnxRuntime({});
    if (!runtime) throw new Error('onnxruntime-node has no program for this machine');
    const create = vi.spyOn(runtime.ort.InferenceSession, 'create').mockRejectedValue(new Error('no adapter'));
    const executor = createOnnxExecutor({ ...runtime, provider: 'dml' }, tiny, { threadCount: 1 });
    const request = { from: 'image', to: 'classifier', count: 1, values: randomImages(1) };
    await expect(executor.infer(request).finally(() => create.mockRestore())).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^dml cannot compute this network: no adapter/u) as string,
    });
  });

  it('refuses a provider that this machine does not have, by name', async () => {
    await expect(loadOnnxRuntime({ GRAFT_ONNX_PROVIDER: 'abacus' })).rejects.toThrow(/Expected ‹.*cpu.*›.*‹abacus›/);
  });
});

describe('all engines', () => {
  it('agree to 1e-4 (of the largest value, where that is above 1) on photos through EfficientNet-Lite0, at a stage inside and at its features', async () => {
    const { record, model } = await readBackbone('efficientnet-lite0');
    const headed = attachHead(model, { classCount: 2, seed: 0 });
    const stage = headed.network.stages[3]?.layers.at(-1) ?? '';
    const values = Float32Array.from(
      (await Promise.all(photos.map((photo) => readPhoto(record, photo)))).flatMap((photo) => Array.from(photo)),
    );
    for (const to of [stage, 'features', 'classifier']) {
      const answers: Float32Array[] = [];
      for (const open of Object.values(inferenceEngines)) {
        const executor = await open(headed);
        answers.push(await executor.infer({ from: 'image', to, count: 2, values }));
        executor.dispose();
      }
      const [first = new Float32Array(), ...others] = answers;
      expect(others.length).toBeGreaterThan(0);
      const scale = first.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
      for (const answer of others) expect(largestDifference(answer, first) / scale, to).toBeLessThan(1e-4);
    }
  });
});

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return Array.from(a, (value, index) => Math.abs(value - (b[index] ?? NaN))).reduce((x, y) => Math.max(x, y), 0);
}
