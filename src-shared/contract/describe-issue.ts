import type * as v from 'valibot';

const maxReceivedLength = 60;

/** Words the first problem that a schema found: "Expected ‹what› for ‹field›, received ‹value›". */
export function describeIssue(issue: v.BaseIssue<unknown>, root = 'input'): string {
  const field = issue.path?.map((item) => String(item.key)).join('.') ?? root;
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return `Expected ‹no such field› for ‹${field}›, received ‹a value›`;
  }
  // A schema that words its own problems does it in the same form; only the field is not known to it.
  const own = /^Expected ‹(.+?)› for /u.exec(issue.message)?.[1];
  const expected = own ?? (issue.expected === null ? 'something else' : shorten(issue.expected));
  const received = issue.received === 'undefined' ? 'nothing' : shorten(issue.received);
  return `Expected ‹${expected}› for ‹${field}›, received ‹${received}›`;
}

function shorten(text: string): string {
  return text.length <= maxReceivedLength ? text : `${text.slice(0, maxReceivedLength)}…`;
}
