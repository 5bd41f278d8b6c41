import path from 'node:path';
import { expect, it } from 'vitest';
import { addTallies, describeTally, emptyTally } from '../../tools/lib/tally.ts';
import { countReport } from '../../tools/lib/vitest.ts';

it('counts a file that breaks before its first test as one failure, and tells each failure with its reason', () => {
  const passed = { status: 'passed', fullName: 'is right' };
  const failed = { status: 'failed', fullName: 'is wrong', failureMessages: ['expected 1\nto be 2'] };
  const tally = countReport({
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { name: path.resolve('test/a.spec.ts'), status: 'failed', assertionResults: [passed, failed] },
      { name: path.resolve('test/b.spec.ts'), status: 'failed', message: 'no such module', assertionResults: [] },
      { name: path.resolve('test/c.spec.ts'), status: 'passed', assertionResults: [passed] },
    ],
  });
  expect(describeTally(addTallies(tally, { ...emptyTally, passed: 2 }))).toBe('5 passed, 2 failed, 2 skipped');
  expect(tally.failures).toEqual(['test/a.spec.ts > is wrong\nexpected 1\nto be 2', 'test/b.spec.ts\nno such module']);
});
