import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { streamColumns } from '../../../../src-main/services/dataset/column-stream.ts';
import { readColumnFrames } from '../../../../src-renderer/client/dataset-frames.ts';
import type { ImageSource } from '../../../../src-renderer/state/order/image-facets.ts';
import { ImageList, type ImageQuery } from '../../../../src-renderer/state/order/image-list.ts';
import { JudgedImages, SimilarImages } from '../../../../src-renderer/state/table/judged-images.ts';
import {
  judgementHeadSchema,
  similarityHeadSchema,
  type JudgementHead,
} from '../../../../src-shared/contract/judgement-stream.ts';
import type { ClassId } from '../../../../src-shared/domain/ids.ts';
import { judgementColumns, similarityColumns } from '../../../../src-shared/domain/judgement.ts';
import { imageIdOf } from '../../../support/new-images.ts';
import { tableOfClasses } from '../../../support/image-table.ts';

interface Row {
  readonly number: number;
  readonly predicted: ClassId;
  readonly margin: number;
  readonly loss: number | null;
}

async function studio() {
  const { table, classes } = await tableOfClasses(['oak', 'elm', null, 'oak', null]);
  const [oak, elm] = classes.map(({ id }) => id) as [ClassId, ClassId];
  const judgedAs = async (rows: readonly Row[]): Promise<JudgedImages> => {
    const head: JudgementHead = { judge: 'head', labels: 3, at: null, count: rows.length };
    const frames = streamColumns(head, judgementColumns, rows, {
      id: ({ number }) => imageIdOf(number),
      predicted: ({ predicted }) => predicted,
      confidence: () => 0.5,
      margin: ({ margin }) => margin,
      loss: ({ loss }) => loss,
    });
    let judged: JudgedImages | null = null;
    for await (const frame of readColumnFrames(Readable.from(frames), judgementHeadSchema)) {
      if (frame.kind === 'head') judged = new JudgedImages(frame.head);
      else judged?.put(table, frame.block);
    }
    return judged!;
  };
  const judged = await judgedAs([
    { number: 99, predicted: oak, margin: 0, loss: 9 },
    { number: 0, predicted: oak, margin: 0.9, loss: 0.1 },
    { number: 1, predicted: oak, margin: 0.2, loss: 2 },
    { number: 2, predicted: elm, margin: 0.1, loss: null },
    { number: 3, predicted: elm, margin: 0.4, loss: 1 },
  ]);
  const source: ImageSource = {
    ...{
      table,
      compareNames: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
      orderOf: () => null,
      version: '',
      isMultiLabel: false,
    },
    judged,
  };
  const list = new ImageList();
  const rows = (query: ImageQuery, from = source) => [...list.rows(from, query)];
  return { table, oak, elm, source, rows, judgedAs };
}

test('images are filtered by what they are judged to be, and by disagreement with their label', async () => {
  const { rows, oak, elm, table } = await studio();
  expect(rows({ predicted: elm })).toEqual([2, 3]);
  expect(rows({ predicted: `${oak},${elm}`, label: 'no' })).toEqual([2]);
  expect(rows({ disagree: 'yes' })).toEqual([1, 3]);
  table.columns.classId.set(Uint32Array.of(3), elm);
  expect(rows({ disagree: 'yes' })).toEqual([1]);
});

test('the least certain and those with the largest loss come first, those not judged last, also in reverse', async () => {
  const { rows } = await studio();
  expect(rows({ sort: 'uncertain' })).toEqual([2, 1, 3, 0, 4]);
  expect(rows({ sort: 'uncertain', reverse: 'yes' })).toEqual([0, 3, 1, 2, 4]);
  expect(rows({ sort: 'loss' })).toEqual([1, 3, 0, 2, 4]);
});

test('without an answer there is nothing to filter by, and another answer is another list', async () => {
  const { rows, source, oak, elm, judgedAs } = await studio();
  expect(rows({ predicted: oak }, { ...source, judged: null })).toEqual([]);
  expect(rows({ predicted: oak })).toEqual([0, 1]);
  const later = await judgedAs([{ number: 4, predicted: oak, margin: 0, loss: null }]);
  expect(rows({ predicted: oak }, { ...source, judged: later })).toEqual([4]);
  expect(rows({ disagree: 'yes' }, { ...source, judged: later })).toEqual([]);
  expect(later.predictedAt(4)).toBe(oak);
  expect([later.predictedAt(0), elm === oak]).toEqual([undefined, false]);
});

test('images are ordered by likeness to one', async () => {
  const { rows, source, table } = await studio();
  const head = { backbone: 'efficientnet-lite0', count: 3 } as const;
  const similar = new SimilarImages(imageIdOf(3), head);
  const items = [
    [3, 1],
    [0, 0.2],
    [4, 0.7],
  ] as const;
  const frames = streamColumns(head, similarityColumns, items, {
    id: ([number]) => imageIdOf(number),
    similarity: ([, similarity]) => similarity,
  });
  for await (const frame of readColumnFrames(Readable.from(frames), similarityHeadSchema)) {
    if (frame.kind === 'block') similar.put(table, frame.block);
  }
  expect(rows({ sort: 'similar' }, { ...source, similar })).toEqual([3, 4, 0, 1, 2]);
});
