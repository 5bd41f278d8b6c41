import { Option, type Command } from 'commander';
import { backboneNames } from '../../src-shared/domain/backbone.ts';
import { optimizerKinds } from '../../src-shared/domain/recipe/optimizer.ts';
import { trainingModeSchema } from '../../src-shared/domain/recipe/recipe.ts';
import { parseNumber, wholeNumberFrom } from './option-values.ts';

const defaultPatience = 5;

/** Adds an option for everything that a person may set of a recipe. */
export function addRecipeFlags(command: Command): Command {
  addEverydayFlags(command);
  addOptimizerFlags(command);
  return command;
}

function addEverydayFlags(command: Command): void {
  command
    .addOption(
      new Option('--mode <mode>', 'learn the new output layer only, or all parameters')
        .choices(trainingModeSchema.options)
        .makeOptionMandatory(),
    )
    .addOption(new Option('--backbone <name>', 'the pretrained network').choices(backboneNames))
    .option('--epochs <number>', 'passes over the training images', wholeNumberFrom(1))
    .option('--batch-size <number>', 'images a step', wholeNumberFrom(1))
    .option('--learning-rate <number>', 'the step size', parseNumber)
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
    .option('--seed <number>', 'of everything random; the same seed gives the same run', wholeNumberFrom(0));
}

function addOptimizerFlags(command: Command): void {
  command
    .addOption(new Option('--optimizer <name>', 'what makes the steps').choices(optimizerKinds))
    .option('--momentum <number>', 'of sgd and rmsprop: how much of the last step is kept', parseNumber)
    .option('--nesterov', 'sgd: take the gradient where the momentum leads')
    .option('--alpha <number>', 'of rmsprop: how slowly the mean of squared gradients moves', parseNumber)
    .option('--beta1 <number>', 'of adam and adamw: how slowly the mean gradient moves', parseNumber)
    .option('--beta2 <number>', 'of adam and adamw: how slowly the mean of squared gradients moves', parseNumber)
    .option('--epsilon <number>', 'of rmsprop, adam and adamw: keeps the division from blowing up', parseNumber)
    .option('--weight-decay <number>', 'pulls weights towards zero', parseNumber);
}
