/**
 * `npm run soak`: what only shows after a long time. Takes half an hour on two cores; the last line says whether all held.
 *
 *   node tools/soak.ts [kills] [memory] [--kills <n>] [--steps <n>]
 *
 * kills: a training is killed so often at random moments and resumed; its weights and curves must be those of an unbroken one.
 * memory: so many steps of fine-tuning EfficientNet-Lite0; in the second half memory may grow by 1 MB in 100 steps.
 */
import { parseArgs } from 'node:util';
import { soakKills } from './lib/soak-kills.ts';
import { soakMemory } from './lib/soak-memory.ts';

const soaks = ['kills', 'memory'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '100' }, steps: { type: 'string', default: '2000' } },
});
const unknown = positionals.find((name) => !soaks.some((soak) => soak === name));
if (unknown !== undefined) throw new Error(`Expected ‹${soaks.join(', ')}›, received ‹${unknown}›`);
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const held = [];
if (isWanted('kills')) held.push(await soakKills(Number(values.kills)));
if (isWanted('memory')) held.push(await soakMemory(Number(values.steps)));
console.log(held.every(Boolean) ? 'All held.' : 'Not all held.');
process.exitCode = held.every(Boolean) ? 0 : 1;
