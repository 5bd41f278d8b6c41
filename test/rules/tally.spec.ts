import { expect, it } from 'vitest';
import { addTallies, describeTally } from '../../tools/lib/tally.ts';
import { countReport } from '../../tools/lib/vitest.ts';

it('counts a file that breaks before its first test as one failure', () => {
  const tally = countReport({
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 1,
    numTodoTests: 1,
    testResults: [
      { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
  });
  expect(describeTally(addTallies(tally, { passed: 2, failed: 0, skipped: 0 }))).toBe('5 passed, 2 failed, 2 skipped');
});
