import { expect, it, vi } from 'vitest';
import { LatestAnswer } from '../../../src-renderer/state/latest-answer.svelte.ts';
import { openQuestions } from '../../support/open-questions.ts';

const wish = (seed: number) => ({ seed }) as never;

it('asks one question at a time, the newest wish next, and shows the last answer meanwhile', async () => {
  const { client, questions } = openQuestions();
  const answer = new LatestAnswer(client, 'pipeline.preview');
  answer.request(wish(1));
  answer.request(wish(2));
  answer.request(wish(3));
  expect(questions.map(({ input }) => input)).toEqual([{ seed: 1 }]);
  questions[0]!.resolve('first');
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  expect([answer.result, answer.shown, questions[1]!.input]).toEqual(['first', { seed: 1 }, { seed: 3 }]);
  questions[1]!.resolve('third');
  await vi.waitFor(() => expect(answer.shown).toEqual({ seed: 3 }));
  expect(answer.result).toBe('third');
});

it('keeps the last answer when a question fails, and forgets the failure with the next answer', async () => {
  const { client, questions } = openQuestions();
  const answer = new LatestAnswer(client, 'pipeline.preview');
  answer.request(wish(1));
  questions[0]!.resolve('first');
  await vi.waitFor(() => expect(answer.result).toBe('first'));
  answer.request(wish(2));
  const problem = new Error('gone');
  questions[1]!.reject(problem);
  await vi.waitFor(() => expect(answer.failure).toBe(problem));
  expect([answer.result, answer.shown]).toEqual(['first', { seed: 1 }]);
  answer.request(wish(3));
  questions[2]!.resolve('third');
  await vi.waitFor(() => expect([answer.result, answer.failure]).toEqual(['third', null]));
});

it('rests when no newer wish waits, also after a failure', async () => {
  const { client, questions } = openQuestions();
  const onrest = vi.fn();
  const answer = new LatestAnswer(client, 'pipeline.preview', onrest);
  answer.request(wish(1));
  answer.request(wish(2));
  questions[0]!.resolve('first');
  await vi.waitFor(() => expect(questions).toHaveLength(2));
  expect(onrest).not.toHaveBeenCalled();
  questions[1]!.reject(new Error('gone'));
  await vi.waitFor(() => expect(onrest).toHaveBeenCalledOnce());
});

it('asks and says nothing any more once it is closed', async () => {
  const { client, questions } = openQuestions();
  const onrest = vi.fn();
  const answer = new LatestAnswer(client, 'pipeline.preview', onrest);
  answer.request(wish(1));
  answer.request(wish(2));
  answer.close();
  questions[0]!.resolve('first');
  await vi.waitFor(() => expect(answer.result).toBe('first'));
  expect([questions.length, onrest.mock.calls.length]).toEqual([1, 0]);
});
