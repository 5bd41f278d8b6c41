import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { sentences } from '../../../src-shared/domain/sentences.ts';
import { repositoryRoot } from '../../../tools/lib/repository.ts';

const folder = path.join(repositoryRoot, 'src-renderer/messages');
const features = readdirSync(folder).flatMap((file) => /^(.+)\.en\.json$/u.exec(file)?.[1] ?? []);

function read(feature: string, language: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path.join(folder, `${feature}.${language}.json`), 'utf8')) as Record<string, unknown>;
}

/** The names of the holes of a message, of all its plural forms together. */
function holesOf(message: unknown): readonly string[] {
  return [...new Set(JSON.stringify(message).match(/\{\w+\}/gu) ?? [])].toSorted();
}

test('Chinese says every sentence of core, with the same holes', () => {
  const chinese = read('core', 'zh-CN');
  const holes = (messages: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(messages).map(([name, message]) => [name, holesOf(message)]));
  expect(holes(chinese)).toEqual(holes(sentences));
});

test.each(features)('%s: Chinese has the messages of English, with the same holes', (feature) => {
  const [english, chinese] = [read(feature, 'en'), read(feature, 'zh-CN')];
  const holes = (messages: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.keys(messages)
        .toSorted()
        .map((name) => [name, holesOf(messages[name])]),
    );
  expect(holes(chinese)).toEqual(holes(english));
});
