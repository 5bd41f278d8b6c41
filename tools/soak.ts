/**
 * `npm run soak`: what only shows after a long time or after many tries. Takes hours on two cores; the last line says whether all held.
 *
 *   node tools/soak.ts [names] [--kills <n>] [--steps <n>] [--corpus <folder>]
 *
 * kills: a training is killed so often at random moments and resumed; its weights and curves must be those of an unbroken one.
 * memory: so many steps of fine-tuning EfficientNet-Lite0; in the second half memory may grow by 1 MB in 100 steps.
 * corpus: a folder of pictures, good and bad, is taken in file by file; runs when the folder is given.
 * Every other name is a suite of test/unit/reliability at its full length (tools/lib/soak-suites.ts).
 */
import { parseArgs } from 'node:util';
import { soakCorpus } from './lib/soak-corpus.ts';
import { soakKills } from './lib/soak-kills.ts';
import { soakMemory } from './lib/soak-memory.ts';
import { isSoakSuite, runSoakSuite, soakSuites } from './lib/soak-suites.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kills: { type: 'string', default: '100' },
    steps: { type: 'string', default: '2000' },
    corpus: { type: 'string' },
  },
});
const { corpus } = values;
const names = ['kills', 'memory', ...(corpus === undefined ? [] : ['corpus']), ...Object.keys(soakSuites)];
const unknown = positionals.find((name) => !names.includes(name));
if (unknown !== undefined) throw new Error(`Expected ‹${names.join(', ')}›, received ‹${unknown}›`);
const held = [];
for (const name of positionals.length === 0 ? names : positionals) {
  if (name === 'kills') held.push(await soakKills(Number(values.kills)));
  else if (name === 'memory') held.push(await soakMemory(Number(values.steps)));
  else if (name === 'corpus' && corpus !== undefined) held.push(await soakCorpus(corpus));
  else if (isSoakSuite(name)) held.push(await runSoakSuite(name));
}
console.log(held.every(Boolean) ? 'All held.' : 'Not all held.');
process.exitCode = held.every(Boolean) ? 0 : 1;
