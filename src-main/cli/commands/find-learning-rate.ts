import type { Command } from 'commander';
import type { LearningRateSearch } from '../../../src-shared/domain/probe.ts';
import { chooseRecipe, type RecipeCommandOptions } from '../choose-recipe.ts';
import type { CommandLine } from '../command-line.ts';
import { followProbe } from '../follow-probe.ts';
import { addRecipeFlags } from '../recipe-flags.ts';

/** graft find-learning-rate <project> --mode … */
export function addFindLearningRateCommand(program: Command, commandLine: CommandLine): void {
  const command = program
    .command('find-learning-rate')
    .description('try rising learning rates with a recipe, and suggest one')
    .argument('<project>', 'the folder of the project')
    .option('--pipeline <file|name>', 'as in train');
  addRecipeFlags(command)
    .option('--json', 'print JSON lines; the result has every step’s rate, loss and smoothed loss')
    .addHelpText('after', '\nExample:\n  graft find-learning-rate chairs.graft --mode fine-tuning --batch-size 16')
    .action(async (project: string, options: RecipeCommandOptions) => {
      await commandLine.run({ json: options.json, access: 'write', endsItself: true }, async (session) => {
        const { projectId, recipe } = await chooseRecipe(session, project, options);
        const probe = await followProbe(session, () =>
          session.client.call('probe.findLearningRate', { projectId, recipe }),
        );
        if (probe.kind === 'learning-rate') session.output.result({ ...probe.search }, words(probe.search));
      });
    });
}

function words({ points, steepest, valley }: LearningRateSearch): readonly string[] {
  const rate = (value: number | null): string =>
    value === null ? 'none: the loss never fell' : value.toExponential(1);
  return [`${points.length} steps`, `valley    ${rate(valley)}`, `steepest  ${rate(steepest)}`];
}
