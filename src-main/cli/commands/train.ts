import { Option, type Command } from 'commander';
import { backboneNames } from '../../../src-shared/domain/backbone.ts';
import { trainingModeSchema } from '../../../src-shared/domain/recipe.ts';
import { choosePipeline } from '../choose-pipeline.ts';
import type { CommandLine } from '../command-line.ts';
import { parseNumber, wholeNumberFrom } from '../option-values.ts';
import { recipeFromOptions, type RecipeOptions } from '../recipe-options.ts';
import { runToTheEnd } from '../run-to-the-end.ts';
import { openProject } from '../session.ts';

interface TrainOptions extends RecipeOptions {
  readonly pipeline?: string;
  readonly json?: boolean;
}

const defaultPatience = 5;

/** graft train <project> --mode feature-extraction|fine-tuning … */
export function addTrainCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('train')
    .description('train a network on the images of a project')
    .argument('<project>', 'the folder of the project')
    .addOption(
      new Option('--mode <mode>', 'learn the new output layer only, or all parameters')
        .choices(trainingModeSchema.options)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--backbone <name>', 'the pretrained network').choices(backboneNames))
    .option('--pipeline <file|name>', 'a pipeline of the project, or a file to save in it; by default “classic”')
    .option('--epochs <number>', 'passes over the training images', wholeNumberFrom(1))
    .option('--batch-size <number>', 'images a step', wholeNumberFrom(1))
    .option('--learning-rate <number>', 'the step size', parseNumber)
    .addOption(new Option('--optimizer <name>', 'what makes the steps').choices(['sgd', 'adam', 'adamw']))
    .option('--momentum <number>', 'of sgd', parseNumber)
    .option('--weight-decay <number>', 'pulls weights towards zero', parseNumber)
    .addOption(
      new Option('--schedule <name>', 'the learning rate over time; step: a tenth after each third').choices([
        'constant',
        'step',
        'cosine',
      ]),
    )
    .addOption(
      new Option('--early-stopping [epochs]', 'stop after so many epochs without a better validation loss')
        .argParser(wholeNumberFrom(1))
        .preset(String(defaultPatience)),
    )
    .option('--seed <number>', 'of everything random; the same seed gives the same run', wholeNumberFrom(0))
    .option('--json', 'print JSON lines: status, epoch, and the result')
    .addHelpText(
      'after',
      '\nCtrl-C cancels the run; its best weights are kept and judged.\n\nExample:\n  graft train chairs.graft --mode fine-tuning --epochs 5',
    )
    .action(async (project: string, options: TrainOptions) => {
      await commandLine.run({ json: options.json, access: 'write', endsItself: true }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'write');
        const pipelineId = await choosePipeline(session, projectId, options.pipeline);
        const recipe = recipeFromOptions(options, pipelineId);
        await runToTheEnd(session, projectId, () => session.client.call('run.start', { projectId, recipe }));
      });
    });
}
