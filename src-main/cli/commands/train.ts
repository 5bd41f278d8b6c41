import type { Command } from 'commander';
import { chooseRecipe, type RecipeCommandOptions } from '../choose-recipe.ts';
import type { CommandLine } from '../command-line.ts';
import { addRecipeFlags } from '../recipe-flags.ts';
import { runToTheEnd } from '../run-to-the-end.ts';

/** graft train <project> --mode feature-extraction|fine-tuning … */
export function addTrainCommand(program: Command, commandLine: CommandLine): void {
  const command = program
    .command('train')
    .description('train a network on the images of a project')
    .argument('<project>', 'the folder of the project')
    .option('--pipeline <file|name>', 'a pipeline of the project, or a file to save in it; by default “classic”');
  addRecipeFlags(command)
    .option('--json', 'print JSON lines: status, epoch, and the result')
    .addHelpText(
      'after',
      '\nCtrl-C cancels the run; its best weights are kept and judged.\n\nExample:\n  graft train chairs.graft --mode fine-tuning --epochs 5',
    )
    .action(async (project: string, options: RecipeCommandOptions) => {
      await commandLine.run({ json: options.json, access: 'write', endsItself: true }, async (session) => {
        const { projectId, recipe } = await chooseRecipe(session, project, options);
        await runToTheEnd(session, projectId, () => session.client.call('run.start', { projectId, recipe }));
      });
    });
}
