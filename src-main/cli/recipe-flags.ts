import { Option, type Command } from 'commander';
import { optimizerKinds } from '../../src-shared/domain/recipe/optimizer.ts';
import { classBalances, trainingModeSchema } from '../../src-shared/domain/recipe/recipe.ts';
import { scheduleKinds } from '../../src-shared/domain/recipe/schedule.ts';
import { parseBackboneName, parseNumber, wholeNumberFrom, wholeNumbersFrom } from './option-values.ts';

const defaultPatience = 5;

/** Adds an option for everything that a person may set of a recipe. */
export function addRecipeFlags(command: Command): Command {
  addEverydayFlags(command);
  addOptimizerFlags(command);
  addScheduleFlags(command);
  addRegularisationFlags(command);
  addFineTuningFlags(command);
  return command;
}

function addEverydayFlags(command: Command): void {
  command
    .addOption(
      new Option('--mode <mode>', 'learn the new output layer only, or all parameters')
        .choices(trainingModeSchema.options)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--backbone <name>', 'the pretrained network; “graft backbone list” lists them').argParser(
        parseBackboneName,
      ),
    )
    .option('--epochs <number>', 'passes over the training images', wholeNumberFrom(1))
    .option('--batch-size <number>', 'images a step', wholeNumberFrom(1))
    .option('--learning-rate <number>', 'the step size', parseNumber)
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

function addScheduleFlags(command: Command): void {
  command
    .addOption(new Option('--schedule <name>', 'the learning rate over time').choices(scheduleKinds))
    .option('--step-size <epochs>', 'of step: epochs between two steps; a third of the epochs', wholeNumberFrom(1))
    .option('--milestones <epochs>', 'of multi-step: after which epochs, such as 15,25', wholeNumbersFrom(1))
    .option('--gamma <number>', 'of step, multi-step and exponential: what the rate is multiplied by', parseNumber)
    .option('--pct-start <share>', 'of one-cycle: the share of the steps in which the rate rises', parseNumber)
    .option('--div-factor <number>', 'of one-cycle: how far below the learning rate it begins', parseNumber)
    .option('--final-div-factor <number>', 'of one-cycle: how far below its beginning it ends', parseNumber)
    .option('--plateau-factor <number>', 'of reduce-on-plateau: what the rate is multiplied by', parseNumber)
    .option('--plateau-patience <epochs>', 'of reduce-on-plateau: epochs to wait for less loss', wholeNumberFrom(0))
    .option('--plateau-threshold <share>', 'of reduce-on-plateau: how much less loss counts as less', parseNumber)
    .option('--warm-up-epochs <epochs>', 'a linear rise of the learning rate before the schedule', wholeNumberFrom(0))
    .option('--warm-up-start <factor>', 'the share of the learning rate that the warm-up begins with', parseNumber);
}

function addRegularisationFlags(command: Command): void {
  command
    .option('--label-smoothing <share>', 'how much of each target goes to all classes alike', parseNumber)
    .addOption(
      new Option('--class-balance <how>', 'weigh small classes in the loss, or draw all classes as often').choices(
        classBalances,
      ),
    )
    .addOption(withPreset('--mixup [alpha]', 'blend each image with another of its batch', '0.2'))
    .addOption(withPreset('--cutmix [alpha]', 'paste a piece of another image into each, in fine-tuning', '1'))
    .option('--dropout <share>', 'the share of the features that the head does without in training', parseNumber)
    .option('--clip-norm <number>', 'the greatest norm of all gradients together', parseNumber)
    .addOption(withPreset('--ema [decay]', 'judge and keep a moving average of the weights', '0.999'))
    .option(
      '--feature-variants <number>',
      'augmented versions of each image for the frozen backbone: more overfit less, each costs a pass over the images',
      wholeNumberFrom(1),
    );
}

/** An option that means a number of its own when none is given. */
function withPreset(flags: string, description: string, preset: string): Option {
  return new Option(flags, description).argParser(parseNumber).preset(preset);
}

function addFineTuningFlags(command: Command): void {
  command
    .option('--head-epochs <number>', 'in fine-tuning: epochs of the head alone before the rest', wholeNumberFrom(0))
    .option('--head-learning-rate <number>', 'in fine-tuning: the step size of the head alone', parseNumber)
    .addOption(
      new Option(
        '--batch-norm <how>',
        'in fine-tuning: keep the backbone’s statistics, or learn with each batch’s',
      ).choices(['frozen', 'trained']),
    )
    .option('--trainable-from <stage>', 'in fine-tuning: the first stage that learns, such as block6')
    .option(
      '--layer-decay <factor>',
      'in fine-tuning: each stage learns at this times the rate of the next',
      parseNumber,
    )
    .option(
      '--cache-variants',
      'with --trainable-from and random steps: learn from the cached feature variants; epochs take less time and see fewer versions',
    )
    .option(
      '--unfreeze-every <epochs>',
      'in fine-tuning: one more stage learns after so many epochs',
      wholeNumberFrom(1),
    );
}
