import { expect, test } from 'vitest';
import { findMatch, rankMatches } from '../../../src-renderer/ui/rank-matches.ts';

const names = ['Tram car', 'Scarf', 'Cat', 'Mountain cableway', 'Carrot', 'Pear', '梨'];
const find = (text: string): readonly string[] => rankMatches(names, text, (name) => name);

test('puts names that start with the text first, then words that do, then the rest', () => {
  expect(find('ca')).toEqual(['Cat', 'Carrot', 'Tram car', 'Mountain cableway', 'Scarf']);
});

test('shows everything for no text, nothing for a text that is nowhere, and finds Chinese', () => {
  expect(find('  ')).toEqual(names);
  expect(find('zebra')).toEqual([]);
  expect(find('梨')).toEqual(['梨']);
});

test('says where the match is, at the word that starts with it rather than inside one', () => {
  expect(findMatch('Scarf car', 'CAR')).toEqual({ start: 6, end: 9 });
  expect(findMatch('Scarf', 'car')).toEqual({ start: 1, end: 4 });
  expect(findMatch('Scarf', '')).toBeNull();
});
