import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { Dataset, DatasetImage } from '../../../../src-shared/domain/dataset.ts';
import type { RunRecord } from '../../../../src-shared/domain/run.ts';
import { judgeSplit } from '../../../../src-main/services/run/judge-split.ts';

const images = Array.from(
  { length: 1000 },
  (_, index) => ({ id: String(index), fileName: `${String(index)}.png`, classId: 'a', split: 'test' }) as DatasetImage,
);
const judged = {
  record: { classes: [{ id: 'a', name: 'A' }] } as unknown as RunRecord,
  dataset: { images } as unknown as Dataset,
  split: 'test',
} as const;

/** Answers every image but those of these names, and tells how many were asked for. */
function predictor(unreadable: readonly string[] = []) {
  const asked: string[] = [];
  const predict = (some: readonly DatasetImage[], onAnswer: () => void) =>
    Promise.allSettled(
      some.map(async ({ fileName }) => {
        asked.push(fileName);
        onAnswer();
        if (unreadable.includes(fileName)) throw new AppError('damaged-file', 'It is cut off.');
        return Promise.resolve({ probabilities: [1] });
      }),
    );
  return { asked, predict };
}

describe('judging a split', () => {
  it('asks for every image, keeps their order, and tells how far it is', async () => {
    const { predict } = predictor();
    const told: number[] = [];
    const predictions = await judgeSplit(judged, predict, (done) => told.push(done));
    expect(predictions.map(({ imageId }) => imageId)).toEqual(images.map(({ id }) => id));
    expect(told.at(-1)).toBe(1000);
  });

  it('stops soon after an image that cannot be read, and names it', async () => {
    const { asked, predict } = predictor(['3.png']);
    await expect(judgeSplit(judged, predict, () => undefined)).rejects.toMatchObject({
      code: 'damaged-file',
      message: expect.stringContaining('3.png') as string,
    });
    expect(asked.length).toBeLessThan(500);
  });
});
