/**
 * `npm test`: the checks, the builds, then every kind of test, the quick ones first.
 *
 * With names as arguments (`npm test -- unit contract`) only those stages. The last line is the sum over all of them.
 */
import { ensureTensorFlowRuntime } from '../src-main/runtime/provision.ts';
import { textOf } from '../src-shared/domain/sentence.ts';
import { ensureBuilt } from './lib/builds.ts';
import { runChecks } from './lib/checks.ts';
import { ensureChromium } from './lib/chromium.ts';
import { repositoryRoot } from './lib/repository.ts';
import { addTallies, describeTally, emptyTally, type Tally } from './lib/tally.ts';
import { countTests, hasTests, runTestProject, type TestProject } from './lib/vitest.ts';

const stages = {
  check: () => runChecks(print),
  build: buildForTests,
  unit: () => runIfAny('unit'),
  contract: () => runIfAny('contract'),
  component: () => runIfAny('component'),
  engine: runEngine,
  e2e: runBrowser,
} as const satisfies Record<string, () => Promise<Tally>>;

process.chdir(repositoryRoot);
process.exitCode = await main(process.argv.slice(2));

async function main(wanted: readonly string[]): Promise<number> {
  const unknown = wanted.filter((name) => !(name in stages));
  if (unknown.length > 0) {
    console.error(`Expected stages of ‹${Object.keys(stages).join(', ')}›, received ‹${unknown.join(', ')}›.`);
    return 2;
  }
  let sum = emptyTally;
  for (const [name, run] of Object.entries(stages)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    print(`\n── ${name} ──`);
    const startMs = performance.now();
    const tally = await run();
    print(`${name}: ${describeTally(tally)} in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    sum = addTallies(sum, tally);
  }
  // Thousands of lines lie between a failure and the end, and some machines show the end alone.
  for (const failure of sum.failures) print(`\n✗ ${failure}`);
  print(`\n${describeTally(sum)}`);
  return sum.failed > 0 ? 1 : 0;
}

async function buildForTests(): Promise<Tally> {
  try {
    await ensureBuilt(['renderer', 'export-page', 'export-code', 'preload'], print);
    return { ...emptyTally, passed: 1 };
  } catch (error) {
    print(`✗ build\n${error instanceof Error ? error.message : String(error)}`);
    return { ...emptyTally, failed: 1, failures: ['build'] };
  }
}

async function runIfAny(project: TestProject, env: NodeJS.ProcessEnv = {}): Promise<Tally> {
  if (hasTests(project)) return await runTestProject(project, env);
  print(`no ${project} tests yet`);
  return emptyTally;
}

async function runEngine(): Promise<Tally> {
  return (await ensureRuntime()) ? await runIfAny('engine') : await failAll('engine');
}

async function runBrowser(): Promise<Tally> {
  if (!hasTests('e2e')) return await runIfAny('e2e');
  const browser = await ensureChromium(print);
  // The browser tests train too, so they need the engine as much as the engine tests do.
  const isReady = browser !== undefined && (await ensureRuntime());
  return isReady ? await runIfAny('e2e', { GRAFT_CHROMIUM: browser }) : await failAll('e2e');
}

/** Tests that cannot run are failures, one each: a skip would look like success. */
async function failAll(project: TestProject): Promise<Tally> {
  const failed = hasTests(project) ? await countTests(project) : 1;
  print(`✗ ${failed} ${project} tests cannot run here`);
  return { ...emptyTally, failed, failures: [`${project}: ${failed} tests cannot run here`] };
}

async function ensureRuntime(): Promise<boolean> {
  let lastStage = '';
  try {
    const runtime = await ensureTensorFlowRuntime({
      onProgress: ({ stage, words }) => {
        if (stage !== lastStage) print(`TensorFlow: ${textOf(words)}`);
        lastStage = stage;
      },
    });
    print(`TensorFlow: ${runtime.version} (${runtime.kind}) in ${runtime.folder}`);
    return true;
  } catch (error) {
    print(`TensorFlow: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

function print(line: string): void {
  console.log(line);
}
