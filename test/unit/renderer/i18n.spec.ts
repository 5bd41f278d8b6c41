import { expect, test } from 'vitest';
import { I18n, systemLanguage } from '../../../src-renderer/state/i18n.svelte.ts';
import { say } from '../../../src-shared/domain/sentence.ts';

function speak(language: I18n['language']): I18n {
  const i18n = new I18n();
  i18n.language = language;
  return i18n;
}

test('fills holes, writes numbers as the language does, and chooses the plural by count', () => {
  const { t } = speak('en');
  expect([t('shell.imageCount', { count: 1 }), t('shell.imageCount', { count: 2418 })]).toEqual([
    '1 image',
    '2,418 images',
  ]);
  expect(t('images.labelSet', { count: 4, name: 'Pear {count}' })).toBe('4 images set to Pear {count}');
  expect(speak('zh-CN').t('images.labelSet', { count: 4, name: '梨' })).toBe('已将 4 张图像设为“梨”');
});

test('puts a narrow no-break space before the percent sign', () => {
  expect(speak('en').percent(0.939)).toBe('93.9\u202F%');
  expect(speak('zh-CN').percent(1, 0)).toBe('100\u202F%');
});

test('words sizes, times and moments', () => {
  const { bytes, duration, when } = speak('en');
  const now = new Date('2026-05-20T10:42:00');
  expect([0, 523_000, 4_200_000].map(bytes)).toEqual(['0 B', '523 kB', '4.2 MB']);
  expect([22, 82, 7500].map(duration)).toEqual(['22 s', '1 min 22 s', '2 h 5 min']);
  expect(['2026-05-20T10:41:40', '2026-05-19T23:00:00', '2026-05-11T08:00:00'].map((iso) => when(iso, now))).toEqual([
    'just now',
    'yesterday',
    'May 11',
  ]);
});

test('takes Chinese for a Chinese system and English for any other', () => {
  expect([['zh-CN'], ['zh-Hant-TW', 'en'], ['de-DE', 'zh-CN'], []].map(systemLanguage)).toEqual([
    'zh-CN',
    'zh-CN',
    'en',
    'en',
  ]);
});

test('says a sentence of core in the person’s language, with its facts as the language writes them', () => {
  const sentence = say('fileCutAt', { format: 'JPEG', present: 2048, expected: 11_032 });
  expect(speak('zh-CN').say(sentence)).toBe('JPEG 文件不完整：至少应有 11,032 字节，只有 2,048 字节。从来源重新复制');
  expect(speak('en').say(sentence)).toContain('2,048 of at least 11,032 bytes');
});

test('says who holds a project with the moment as people write it, and sentences within sentences', () => {
  const since = new Date();
  since.setHours(9, 12);
  const facts = { program: say('anotherProgram'), process: '4711', since: { time: since.toISOString() } };
  expect(speak('zh-CN').say(say('heldBy', facts))).toContain('另一个程序（进程 4711）自 09:12 起');
  const longAgo = { ...facts, since: { time: '2025-03-02T09:12:00' } };
  expect(speak('en').say(say('heldBy', longAgo))).toContain('since Mar 2, 2025, 9:12');
});

test('leaves English what has no name here', () => {
  const { say: says } = speak('zh-CN');
  expect([says('Odd.'), says({ text: 'Newer.', key: 'ofTomorrow', facts: {} })]).toEqual(['Odd.', 'Newer.']);
});
