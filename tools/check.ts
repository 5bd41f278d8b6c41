/**
 * `npm run check`: format, lint, types per folder, import rules, dead code. Fails if one of them does.
 *
 * `npm run check:types`, or words such as `svelte types` behind it, runs only the checks whose names begin with one of them.
 */
import { runChecks } from './lib/checks.ts';
import { repositoryRoot } from './lib/repository.ts';
import { describeTally } from './lib/tally.ts';

process.chdir(repositoryRoot);
const tally = await runChecks((line) => console.log(line), process.argv.slice(2));
console.log(describeTally(tally));
process.exitCode = tally.failed > 0 ? 1 : 0;
