import * as v from 'valibot';
import { sentenceSchema, type Sentence } from '../../../src-shared/domain/sentence.ts';

/** A sentence that was kept as JSON. */
export function readSentence(json: string): Sentence {
  return v.parse(sentenceSchema, JSON.parse(json));
}
