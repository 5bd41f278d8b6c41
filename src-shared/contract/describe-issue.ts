import type * as v from 'valibot';
import { say, type NamedSentence } from '../domain/sentence.ts';

const maxReceivedLength = 60;

/** Words the first problem that a schema found: "Expected ‹what› for ‹field›, received ‹value›." */
export function describeIssue(issue: v.BaseIssue<unknown>, root = 'input'): NamedSentence {
  const field = issue.path?.map((item) => String(item.key)).join('.') ?? root;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return say('expectedFor', { expected: say('noSuchField'), field, received: say('someValue') });
  }
  // A schema that words its own problems does it in the same form; only the field is not known to it.
  const own = /^Expected ‹(.+?)› for /u.exec(issue.message)?.[1];
  const expected = own ?? (issue.expected === null ? say('somethingElse') : shorten(issue.expected));
  const received = issue.received === 'undefined' ? say('noValue') : shorten(issue.received);
  return say('expectedFor', { expected, field, received });
}

function shorten(text: string): string {
  return text.length <= maxReceivedLength ? text : `${text.slice(0, maxReceivedLength)}…`;
}
