import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AppError, appErrorShapeSchema } from '../../../src-shared/contract/app-error.ts';
import { say, sentenceSchema, textOf } from '../../../src-shared/domain/sentence.ts';

test('is said in English with its facts, also where a fact is a sentence itself', () => {
  const sentence = say('atStep', { step: 3, kind: 'Resize', what: say('stepNeedsPicture', { kind: 'Resize' }) });
  expect(textOf(sentence)).toBe('Step 3 (Resize): Resize needs a picture: move it above ToTensor');
});

test('names moments as people do', () => {
  const sentence = say('heldBy', { program: 'Graft', process: '7', since: { time: '2026-03-02T09:12:00' } });
  expect(textOf(sentence)).toContain('since 2 Mar 2026, 09:12)');
});

test('keeps its name and its facts through JSON and an error', () => {
  const sentence = say('diskFull', { doing: say('doingSave', { file: 'a.json' }) });
  const shape = v.parse(appErrorShapeSchema, JSON.parse(JSON.stringify(new AppError('disk-full', sentence).toShape())));
  const error = AppError.fromShape(shape);
  expect({ sentence: error.sentence, message: error.message }).toEqual({
    sentence,
    message: 'Could not save “a.json”: the disk is full. Free some space, then try again.',
  });
});

test('may be a mere string, which has no name', () => {
  const error = AppError.fromShape(new AppError('bug', 'Odd.').toShape());
  expect([error.sentence, error.message, v.parse(sentenceSchema, 'Odd.')]).toEqual(['Odd.', 'Odd.', 'Odd.']);
});
