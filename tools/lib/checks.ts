import { runCaptured, type ChildResult, type Command } from './child.ts';
import { outdatedPackages } from './installed-packages.ts';
import { filesBelow, packageProgram } from './repository.ts';
import { addTallies, emptyTally, type Tally } from './tally.ts';

interface Check {
  readonly name: string;
  readonly command: Command;
}

/** Folders with a TypeScript project of their own; `.` holds the configuration files. */
const typeScriptFolders = [
  'src-main',
  'src-shared',
  'src-main/electron',
  'src-main/exporters/browser-page',
  'test',
  'tools',
  'bench',
  '.',
];

/** A captured program sees no terminal, so it is told; some take any FORCE_COLOR, even 0, for a yes. */
const colors = process.stdout.isTTY ? { FORCE_COLOR: '1' } : { FORCE_COLOR: undefined, NO_COLOR: '1' };

/**
 * Runs every check, two at a time, and prints a line for each, with the whole output of those that failed.
 *
 * The long ones come first, so that both places stay busy to the end. `beginnings` leaves only the checks whose names begin
 * with one of them; none leaves all.
 */
export async function runChecks(print: (line: string) => void, beginnings: readonly string[] = []): Promise<Tally> {
  const outdated = outdatedPackages();
  if (outdated.length > 0) {
    // Every check would fail for this reason and say something else.
    print(`✗ packages: node_modules is not what package-lock.json says (${outdated.join(', ')}). Run npm ci.`);
    return { ...emptyTally, failed: 1, failures: ['packages'] };
  }
  const isWanted = ({ name }: Check): boolean =>
    beginnings.length === 0 || beginnings.some((beginning) => name.startsWith(beginning));
  const waiting = listChecks().filter(isWanted);
  let tally = emptyTally;
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check; check = waiting.shift()) {
      const result = await runCaptured(check.command, { env: colors });
      report(check, result, print);
      const isPassed = result.exitCode === 0;
      tally = addTallies(
        tally,
        isPassed ? { ...emptyTally, passed: 1 } : { ...emptyTally, failed: 1, failures: [check.name] },
      );
    }
  };
  await Promise.all([worker(), worker()]);
  return tally;
}

function listChecks(): Check[] {
  const sourceFolders = ['src-shared', 'src-main', 'src-renderer', 'test', 'tools', 'bench'].filter(
    (folder) => filesBelow(folder, /\.(ts|svelte)$/).length > 0,
  );
  const dependencyCruiser = ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...sourceFolders];
  return [
    { name: 'lint', command: packageProgram('eslint', 'eslint', '--max-warnings', '0', '.') },
    { name: 'format', command: packageProgram('prettier', 'prettier', '--check', '--log-level', 'warn', '.') },
    ...svelteCheck(),
    ...typeScriptFolders.filter(hasTypeScript).map((folder) => ({
      name: `types ${folder === '.' ? 'of the configuration' : folder}`,
      command: packageProgram('typescript', 'tsc', '--project', `${folder}/tsconfig.json`),
    })),
    { name: 'imports', command: packageProgram('dependency-cruiser', 'depcruise', ...dependencyCruiser) },
    { name: 'dead code', command: packageProgram('knip', 'knip', '--no-progress') },
  ];
}

function svelteCheck(): Check[] {
  if (filesBelow('src-renderer', /\.(ts|svelte)$/).length === 0) return [];
  const options = ['--workspace', 'src-renderer', '--tsconfig', './tsconfig.json', '--fail-on-warnings'];
  return [{ name: 'svelte', command: packageProgram('svelte-check', 'svelte-check', ...options, '--output', 'human') }];
}

/** A project without files is an error for tsc, so a folder that is still empty is left out. */
function hasTypeScript(folder: string): boolean {
  if (folder === '.') return true;
  const ownProjects = typeScriptFolders.filter((other) => other.startsWith(`${folder}/`));
  return filesBelow(folder, /\.ts$/).some((file) => !ownProjects.some((other) => file.startsWith(`${other}/`)));
}

function report(check: Check, result: ChildResult, print: (line: string) => void): void {
  const isPassed = result.exitCode === 0;
  print(`${isPassed ? '✓' : '✗'} ${check.name}  ${result.seconds.toFixed(1)} s`);
  if (!isPassed) print(result.output.trimEnd());
}
