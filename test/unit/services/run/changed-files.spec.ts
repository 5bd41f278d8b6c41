import { afterEach, expect, it, vi } from 'vitest';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { imageId, makeBench, makeDataset, projectId, recipe, type Bench } from './run-support.ts';

let bench: Bench | undefined;
afterEach(() => bench?.remove());

it('a run fails before any trainer starts when the file of an image is not what it was, naming it', async () => {
  const dataset = makeDataset([
    ['cat', 'training'],
    ['dog', 'training'],
    ['cat', 'test'],
    ['bird', 'test'],
    [null, 'training'],
  ]);
  bench = await makeBench(dataset, () => undefined);
  const asked: string[] = [];
  const runs = bench.makeService({
    findChangedFiles: (_projectId, files) => {
      asked.push(...files.map(({ imageId: id }) => id));
      return Promise.resolve([imageId(1)]);
    },
  });
  const { record: started } = await runs.start(projectId, recipe);
  await vi.waitFor(async () => {
    const { record } = await runs.get(projectId, started.id);
    expect([record.status, record.reason]).toEqual(['failed', say('filesChanged', { count: 1, files: '1.png' })]);
  }, 5000);
  // All that take part: neither the one without a label nor the one of a class without training images.
  expect(asked).toEqual([0, 1, 2].map(imageId));
  expect(bench.trainers).toEqual([]);
  await runs.close();
});
