import { expect, it } from 'vitest';
import type { ClassId } from '../../../src-shared/domain/ids.ts';
import { SuggestionBoard } from '../../../src-main/services/suggestion/suggestion-board.ts';
import type { LabelRow } from '../../../src-main/storage/dataset/assist-notes.ts';
import { imageId } from './run/run-support.ts';

const [oak, elm] = ['oak', 'elm'] as unknown as [ClassId, ClassId];
const classIds = [oak, elm];
const row = (index: number, classId: ClassId | null, split: LabelRow['split'] = 'training'): LabelRow => ({
  ...{ id: imageId(index), classId, split },
});
const rows = [row(0, oak), row(1, elm), row(2, null), row(3, null), row(4, null), row(5, null, 'test'), row(6, null)];

function makeBoard(): SuggestionBoard {
  const board = new SuggestionBoard();
  board.setRows(rows);
  const suggestions = {
    ...{ rows: [2, 3, 4], classes: [0, 1, 0], confidences: [0.9, 0.6, 0.7], margins: [0.8, 0.2, 0.4] },
  };
  board.setSuggestions(suggestions, rows, classIds);
  board.setValidation(
    {
      ...{ type: 'head-validated', id: 1, foldCount: 2, temperature: 1, suggestions },
      outOfFold: { rows: [0, 1], classes: [0, 0], confidences: [0.8, 0.95], margins: [0.6, 0.9] },
      losses: [0.2231, 2.9957],
      suspects: [{ row: 1, given: 1, likely: 0, givenShare: 0.05, likelyShare: 0.95 }],
    },
    rows,
    classIds,
  );
  board.setQueues({ type: 'head-queued', id: 1, unsure: [3, 4, 2], diverse: [2, 3, 4], mixed: [4, 3, 2] }, rows);
  return board;
}

it('lists from the threshold on, least sure first, then the others, surest first', () => {
  const { above, all } = makeBoard().list(0.7, null);
  expect([above, all.map((one) => one.confidence)]).toEqual([2, [0.7, 0.9, 0.6]]);
  expect(makeBoard().list(0.7, elm)).toEqual({
    ...{ above: 0, all: [{ imageId: imageId(3), classId: elm, confidence: 0.6 }] },
  });
});

it('previews how many, how many of the labelled ones as sure were right, and which classes gain', () => {
  expect(makeBoard().preview(0.65)).toEqual({
    ...{ count: 2, right: 1, judged: 2, expectedWrong: 1, mostWrong: 2, gains: [{ classId: oak, count: 2 }] },
  });
});

it('drops what was labelled or refused meanwhile, and what was confirmed', () => {
  const board = makeBoard();
  board.setRows(rows.with(2, row(2, oak)));
  expect(board.suggested).toBe(2);
  board.setJudgements([{ imageId: imageId(4), classId: oak }], [{ imageId: imageId(1), classId: elm }]);
  expect([board.suggested, board.suspects]).toEqual([1, []]);
  board.setJudgements([{ imageId: imageId(4), classId: elm }], []);
  expect([board.suggested, board.suspects.length]).toEqual([2, 1]);
});

it('tells what it judged, labelled images out of fold, whatever was settled since', () => {
  const board = makeBoard();
  board.setRows(rows.with(2, row(2, oak)));
  expect(board.judgements.map(({ imageId: id, classId, loss }) => [id, classId, loss])).toEqual([
    [imageId(0), oak, 0.2231],
    [imageId(1), oak, 2.9957],
    [imageId(3), elm, null],
    [imageId(4), oak, null],
    [imageId(2), oak, null],
  ]);
});

it('no longer suspects a label that was changed', () => {
  const board = makeBoard();
  board.setRows(rows.with(1, row(1, oak)));
  expect(board.suspects).toEqual([]);
});

it('queues as the order says, then what nothing is known of, and never the test set', () => {
  const board = makeBoard();
  expect(board.queue('mixed')).toEqual([4, 3, 2, 6].map(imageId));
  expect(board.queue('unsure')).toEqual([3, 4, 2, 6].map(imageId));
  board.setRows(rows.with(4, row(4, oak)));
  expect(board.queue('mixed')).toEqual([3, 2, 6].map(imageId));
});

it('takes labels in that were just accepted', () => {
  const board = makeBoard();
  expect(
    board.label([
      { imageId: imageId(2), classId: oak },
      { imageId: imageId(1), classId: oak },
    ]),
  ).toBe(1);
  expect([board.suggested, board.suspects.length]).toEqual([2, 0]);
});
