import * as v from 'valibot';
import { expect, test } from 'vitest';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { classicPipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { readPipelineText, writePipelineFile } from '../../../src-shared/domain/pipeline/pipeline-text.ts';

const classic = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');

test('a pipeline’s file is read as it was written', () => {
  const { name, lists, problems } = readPipelineText(writePipelineFile(classic));
  expect([name, lists?.training, lists?.evaluation]).toEqual(['Classic', classic.training, classic.evaluation]);
  expect(problems).toEqual([]);
});

test('a program has no name, and so has a dictionary of its own', () => {
  for (const text of ['t = Compose([Pad(1)])', "{'train': Compose([Pad(1)])}"]) {
    const { name, lists } = readPipelineText(text);
    expect([name, lists?.training.map(({ kind }) => kind)]).toEqual([null, ['Pad']]);
  }
});

test.each([
  ['{"schemaVersion": 1,', 'it is not JSON'],
  [writePipelineFile({ ...classic, name: '' }), 'Expected ‹>=1› for ‹name›, received ‹0›.'],
  [JSON.stringify({ ...classic, schemaVersion: 7 }), 'Expected ‹1› for ‹schemaVersion›, received ‹7›.'],
])('%s is refused with what is wrong', (text, expected) => {
  const { lists, problems } = readPipelineText(text);
  expect(lists).toBeNull();
  expect(problems.map(({ severity, sentence }) => [severity, sentence.text])).toEqual([['error', expected]]);
});
