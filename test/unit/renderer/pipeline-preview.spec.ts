import { expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { PreviewState, type PreviewWish } from '../../../src-renderer/state/pipeline-preview.svelte.ts';
import { imageIdSchema, pipelineIdSchema, projectIdSchema } from '../../../src-shared/domain/ids.ts';
import { classicPipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { openQuestions, type OpenQuestion } from '../../support/open-questions.ts';

const [one, two] = ['a', 'b'].map((letter) => v.parse(imageIdSchema, letter.repeat(64)));
const wish: PreviewWish = {
  projectId: v.parse(projectIdSchema, 'birds-project'),
  pipeline: classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic'),
  part: 'training',
  backbone: 'efficientnet-lite0',
  imageId: one!,
  sampleIds: [one!, two!],
  round: 0,
};
const changed = (): PreviewWish => ({ ...wish, pipeline: { ...wish.pipeline } });

const seedOf = (question: OpenQuestion | undefined): number => (question?.input as { seed: number }).seed;

it('asks for the steps of one image first, and for the samples of all with the same seed once it rests', async () => {
  const { client, questions } = openQuestions();
  const preview = new PreviewState(client);
  preview.request(wish);
  expect(questions).toHaveLength(1);
  const { sampleIds: _sampleIds, round: _round, ...shared } = wish;
  expect(questions[0]).toMatchObject({ name: 'pipeline.preview', input: { ...shared, seed: 1 } });
  questions[0]!.resolve({});
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  const { imageId: _imageId, ...sampled } = shared;
  expect(questions[1]).toMatchObject({
    name: 'pipeline.samples',
    input: { ...sampled, imageIds: [one, two], seed: 1 },
  });
});

it('keeps the draw while a pipeline changes, as long as it is frozen', async () => {
  expect(await seedsOf({ isFrozen: true })).toEqual([1, 1, 1]);
});

it('draws anew with every change when it is not frozen, but not for another image', async () => {
  expect(await seedsOf({ isFrozen: false })).toEqual([1, 33, 33]);
});

/** The seeds of a first wish, one for a changed pipeline, and one for another image. */
async function seedsOf({ isFrozen }: { readonly isFrozen: boolean }): Promise<readonly number[]> {
  const { client, questions } = openQuestions();
  const preview = new PreviewState(client);
  expect(preview.isFrozen).toBe(true);
  preview.isFrozen = isFrozen;
  const next = changed();
  const seeds: number[] = [];
  for (const asked of [wish, next, { ...next, imageId: two! }]) {
    preview.request(asked);
    const question = questions.findLast(({ name }) => name === 'pipeline.preview')!;
    seeds.push(seedOf(question));
    question.resolve({});
    await vi.waitFor(() => expect(preview.steps.shown).toBe(question.input));
  }
  return seeds;
}

it('draws beyond the seeds of all samples when it is asked again', async () => {
  const { client, questions } = openQuestions();
  const preview = new PreviewState(client);
  preview.again();
  expect(preview.round).toBe(1);
  preview.request({ ...wish, round: preview.round });
  expect(seedOf(questions[0])).toBe(33);
  preview.isFrozen = false;
  questions[0]!.resolve({});
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  preview.request({ ...changed(), round: 1 });
  await vi.waitFor(() => expect(questions).toHaveLength(3));
  expect(seedOf(questions[2])).toBe(65);
});
