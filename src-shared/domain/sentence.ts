import * as v from 'valibot';
import { sentences } from './sentences.ts';

export type SentenceKey = keyof typeof sentences;

/** A moment that a sentence names, ISO 8601; who says the sentence writes it as people do there. */
export interface Moment {
  readonly time: string;
}

/** What fills a hole of a sentence; may be a sentence itself. */
export type Fact = string | number | Moment | NamedSentence;

/** A sentence of core in English, with the name and the facts by which a page says it in another language. */
export interface NamedSentence {
  readonly text: string;
  /** One of `sentences`, or unknown here when another version of Graft wrote it. */
  readonly key: string;
  readonly facts: Readonly<Record<string, Fact>>;
}

/** Something that core tells people. A mere string is English and has no translation: another program's words, or a bug's. */
export type Sentence = string | NamedSentence;

const factSchema: v.GenericSchema<Fact> = v.union([
  v.string(),
  v.number(),
  v.pipe(v.strictObject({ time: v.string() }), v.readonly()),
  v.lazy(() => namedSentenceSchema),
]);

const namedSentenceSchema: v.GenericSchema<NamedSentence> = v.pipe(
  v.strictObject({
    text: v.string(),
    key: v.string(),
    facts: v.pipe(v.record(v.string(), factSchema), v.readonly()),
  }),
  v.readonly(),
);

export const sentenceSchema: v.GenericSchema<Sentence> = v.union([v.string(), namedSentenceSchema]);

type HolesOf<Text extends string> = Text extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;
type FactsOf<Key extends SentenceKey> = Readonly<Record<HolesOf<(typeof sentences)[Key]>, Fact>>;
/** Asked for only where the sentence has holes. */
type FactsArgument<Key extends SentenceKey> = keyof FactsOf<Key> extends never ? [] : [facts: FactsOf<Key>];

/** Says a sentence of core: its holes filled, in English and by name. */
export function say<Key extends SentenceKey>(key: Key, ...facts: FactsArgument<Key>): NamedSentence {
  const values: Readonly<Record<string, Fact>> = facts[0] ?? {};
  const text = sentences[key].replaceAll(/\{(\w+)\}/gu, (hole, name: string) => {
    const fact = values[name];
    return fact === undefined ? hole : inEnglish(fact);
  });
  return { text, key, facts: values };
}

/** A sentence in English. */
export function textOf(sentence: Sentence): string {
  return typeof sentence === 'string' ? sentence : sentence.text;
}

export function isNamedSentence(value: unknown): value is NamedSentence {
  return v.is(namedSentenceSchema, value);
}

export function isSentenceKey(key: string): key is SentenceKey {
  return Object.hasOwn(sentences, key);
}

function inEnglish(fact: Fact): string {
  if (typeof fact !== 'object') return String(fact);
  if ('text' in fact) return fact.text;
  return new Date(fact.time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
