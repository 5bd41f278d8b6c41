import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { cacheWords, table } from '../words.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';

/** graft doctor */
export function addDoctorCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('doctor')
    .description('say what trains on this machine, what was found, and why not better')
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nThe exit code is 1 when this machine cannot train at all.\n\nExample:\n  graft doctor')
    .action(async ({ json }: { json?: boolean }) => {
      await commandLine.run({ json, access: 'read' }, async ({ client, output }) => {
        const status = await client.call('runtime.describe', {});
        const cache = await client.call('runtime.measureCache', {});
        const { state, kind, version, threads, trainsHeads, verdict, advice, findings } = status;
        const rows = findings.map(({ what, found, isGood }) => [isGood ? '✓' : '✗', textOf(what), textOf(found)]);
        const words = [
          ...[verdict, ...advice].map(textOf),
          '',
          ...table(rows),
          '',
          `Threads: ${threads}`,
          cacheWords(cache),
        ];
        output.result({ state, kind, version, threads, trainsHeads, verdict, advice, findings, cache }, words);
        if (state === 'unavailable' && !trainsHeads) commandLine.end(1);
      });
    });
}
