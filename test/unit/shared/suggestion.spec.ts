import { expect, it } from 'vitest';
import { expectWrong, histogramBins, histogramOf } from '../../../src-shared/domain/suggestion.ts';

it('expects as many wrong labels as the judged ones say, and at most what Wilson’s interval allows', () => {
  // 6 of 418 were wrong: 1.4 %, and at most 3.1 %.
  expect(expectWrong(80, 412, 418)).toEqual({ expectedWrong: 1, mostWrong: 3 });
  expect(expectWrong(80, 80, 80)).toEqual({ expectedWrong: 0, mostWrong: 4 });
  expect(expectWrong(3, 1, 4)).toEqual({ expectedWrong: 2, mostWrong: 3 });
});

it('expects nothing where no labelled image was as sure', () => {
  expect(expectWrong(80, 0, 0)).toEqual({ expectedWrong: null, mostWrong: null });
});

it('counts confidences in equal parts, certainty in the last', () => {
  const bins = histogramOf([0, 0.049, 0.05, 0.999, 1]);
  expect(bins).toHaveLength(histogramBins);
  expect([bins[0], bins[1], bins.at(-1)]).toEqual([2, 1, 2]);
});
