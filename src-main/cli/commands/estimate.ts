import type { Command } from 'commander';
import type { RunCost } from '../../../src-shared/domain/probe.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import type { StageCache } from '../../../src-shared/domain/stage-cache.ts';
import { chooseRecipe, type RecipeCommandOptions } from '../choose-recipe.ts';
import type { CommandLine } from '../command-line.ts';
import { followProbe } from '../follow-probe.ts';
import { addRecipeFlags } from '../recipe-flags.ts';
import { duration } from '../words.ts';

/** graft estimate <project> --mode … */
export function addEstimateCommand(program: Command, commandLine: CommandLine): void {
  const command = program
    .command('estimate')
    .description(
      'measure what a run by a recipe takes: time, steps and memory, and the largest batch that fits where its own does not',
    )
    .argument('<project>', 'the folder of the project')
    .option('--pipeline <file|name>', 'as in train');
  addRecipeFlags(command)
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft estimate chairs.graft --mode fine-tuning --batch-size 64')
    .action(async (project: string, options: RecipeCommandOptions) => {
      await commandLine.run({ json: options.json, access: 'write', endsItself: true }, async (session) => {
        const { projectId, recipe } = await chooseRecipe(session, project, options);
        const probe = await followProbe(session, () => session.client.call('probe.estimate', { projectId, recipe }));
        if (probe.kind === 'cost' && probe.cost) {
          session.output.result({ ...probe.cost }, words(probe.cost, recipe.batchSize));
        }
      });
    });
}

function stageCacheWords(stageCache: StageCache): string {
  return stageCache.kind === 'used'
    ? `${(stageCache.bytes / 1e6).toFixed(0)} MB of disk for the output of ${stageCache.layer}, computed once`
    : `no cache of the stages that do not learn: ${textOf(stageCache.reason)}`;
}

function words(cost: RunCost, askedBatchSize: number): readonly string[] {
  const { secondsPerStep, totalSteps, totalSeconds, stageCache } = cost;
  const { peakMemoryBytes, availableMemoryBytes, totalMemoryBytes } = cost;
  return [
    ...batchWords(cost, askedBatchSize),
    `about ${duration(totalSeconds)} in all: ${totalSteps} steps of ${Number((secondsPerStep * 1000).toPrecision(2))} ms`,
    `up to ${gigabytes(peakMemoryBytes)} of memory; ${gigabytes(availableMemoryBytes)} of this machine’s ${gigabytes(totalMemoryBytes)} are free`,
    ...(stageCache === null ? [] : [stageCacheWords(stageCache)]),
  ];
}

function batchWords({ batchSize, neededMemoryBytes }: RunCost, asked: number): readonly string[] {
  if (batchSize === asked) return [];
  const needs = neededMemoryBytes === null ? 'does not fit into memory' : `would take ${gigabytes(neededMemoryBytes)}`;
  return [`a batch size of ${asked} ${needs}: ${batchSize} is the largest that fits, and what these figures are of`];
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
