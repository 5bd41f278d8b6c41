import { describe, expect, it } from 'vitest';
import { wordMetric } from '../../../../src-renderer/features/compare/compare-words.ts';
import { I18n } from '../../../../src-renderer/state/i18n.svelte.ts';

describe('a figure of two runs', () => {
  const i18n = new I18n();

  it.each([
    { metric: 'accuracy', a: 0.9, b: 0.939, difference: '+3.9', tone: 'ok' },
    { metric: 'loss', a: 0.2, b: 0.25, difference: '+0.050', tone: 'bad' },
    { metric: 'seconds', a: 5.4, b: 5.2, difference: '0 s', tone: 'dim' },
    { metric: 'loss', a: 0.2, b: 0.20001, difference: '0.000', tone: 'dim' },
  ])('of $metric from $a to $b differs by $difference', ({ metric, a, b, difference, tone }) => {
    expect(wordMetric(i18n, { metric, a, b, difference: b - a })).toMatchObject({ difference, tone });
  });
});
