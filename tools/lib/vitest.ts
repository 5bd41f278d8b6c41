import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runCaptured, runLive } from './child.ts';
import { filesBelow, packageProgram } from './repository.ts';
import { emptyTally, type Tally } from './tally.ts';

/** The projects of vitest.config.ts and where their tests lie. */
const testFolders = {
  unit: ['test/unit', 'test/rules'],
  contract: ['test/contract'],
  component: ['test/component', 'test/unit/renderer', 'test/unit/src-renderer'],
  engine: ['test/engine'],
  e2e: ['test/e2e'],
} as const;
export type TestProject = keyof typeof testFolders;

/** The part of vitest's JSON report that is counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  readonly name: string;
  readonly status: string;
  /** Of a file that broke before its first test. */
  readonly message?: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

/** Lines of a reason that are told again at the end. */
const reasonLines = 6;

/** Whether a project has any test file. */
export function hasTests(project: TestProject): boolean {
  return testFolders[project].some((folder) => filesBelow(folder, /\.(spec|e2e)\.ts$/).length > 0);
}

/** Runs one project with live output and counts its tests. */
export async function runTestProject(project: TestProject, env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'graft-test-'));
  try {
    const reportFile = path.join(folder, 'report.json');
    const reporters = ['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${reportFile}`];
    const { exitCode } = await runLive(packageProgram('vitest', 'vitest', 'run', '--project', project, ...reporters), {
      env,
    });
    const tally = countReport(await readReport(reportFile));
    // An error outside a test, or a crash before the report: nothing is marked as failed, yet it is no success.
    if (exitCode === 0 || tally.failed > 0) return tally;
    const failure = `${project}: an error outside of the tests, or a runner that ended; see its output (exit code ${exitCode})`;
    return { ...tally, failed: 1, failures: [failure] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** How many tests a project has, without running them; at least 1. */
export async function countTests(project: TestProject): Promise<number> {
  const { output } = await runCaptured(packageProgram('vitest', 'vitest', 'list', '--project', project));
  return Math.max(1, output.split('\n').filter((line) => line.includes(' > ')).length);
}

/** Counts a report; a file that fails before its first test counts as one failure. */
export function countReport(report: Report | undefined): Tally {
  if (!report) return emptyTally;
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(describeFailures),
  };
}

function describeFailures({ name, status, message = '', assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
  const file = path.relative(process.cwd(), name);
  if (status === 'failed' && failed.length === 0) return [`${file}\n${beginningOf(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file} > ${fullName}\n${beginningOf((failureMessages ?? []).join('\n'))}`,
  );
}

function beginningOf(reason: string): string {
  return reason.split('\n').slice(0, reasonLines).join('\n');
}

async function readReport(file: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } catch {
    return undefined;
  }
}
