import { runCaptured } from './child.ts';
import { packageProgram } from './repository.ts';
import type { TestProject } from './vitest.ts';

/** The reliability suites by name; each is a test file that runs at its full length when GRAFT_SOAK is set. */
export const soakSuites = {
  'project-kills': { project: 'unit', file: 'test/unit/reliability/kills.spec.ts' },
  'failing-files': { project: 'unit', file: 'test/unit/reliability/failing-files.spec.ts' },
  'full-disk': { project: 'unit', file: 'test/unit/reliability/full-disk.spec.ts' },
  'second-instance': { project: 'unit', file: 'test/unit/reliability/second-instance.spec.ts' },
  'broken-connection': { project: 'e2e', file: 'test/e2e/broken-connection.e2e.ts' },
  'contract-fuzz': { project: 'unit', file: 'test/unit/reliability/contract-fuzz.spec.ts' },
  'dataset-model': { project: 'unit', file: 'test/unit/storage/dataset-model.spec.ts' },
  schemas: { project: 'unit', file: 'test/unit/storage/schema-fixtures.spec.ts' },
  'damaged-files': { project: 'unit', file: 'test/unit/reliability/damaged-files.spec.ts' },
} as const satisfies Record<string, { readonly project: TestProject; readonly file: string }>;
export type SoakSuite = keyof typeof soakSuites;

export function isSoakSuite(name: string): name is SoakSuite {
  return Object.hasOwn(soakSuites, name);
}

/** Runs a suite at its full length and prints its figures; true when all of it held. */
export async function runSoakSuite(name: SoakSuite): Promise<boolean> {
  const { project, file } = soakSuites[name];
  const command = packageProgram('vitest', 'vitest', 'run', '--project', project, file);
  const { exitCode, output, seconds } = await runCaptured(command, {
    env: { GRAFT_SOAK: '1', GRAFT_DATASET_TRIALS: '10000', NO_COLOR: '1' },
  });
  const figures = output.split('\n').filter((line) => line.startsWith('figure: '));
  for (const line of figures) console.log(`${name}: ${line.slice('figure: '.length)}`);
  if (exitCode !== 0) console.log(output);
  console.log(`${name}: ${exitCode === 0 ? 'held' : 'DID NOT HOLD'} in ${Math.round(seconds)} s`);
  return exitCode === 0;
}
