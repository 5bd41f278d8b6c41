import { Command, CommanderError } from 'commander';
import { CommandLine, type ExitCode } from './command-line.ts';
import { addBackboneCommand } from './commands/backbone.ts';
import { addCacheCommand } from './commands/cache.ts';
import { addCheckCommand } from './commands/check.ts';
import { addClassesCommand } from './commands/classes.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDuplicatesCommand } from './commands/duplicates.ts';
import { addEstimateCommand } from './commands/estimate.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addExportCommand } from './commands/export.ts';
import { addExtendCommand } from './commands/extend.ts';
import { addFindLearningRateCommand } from './commands/find-learning-rate.ts';
import { addImagesCommand } from './commands/images.ts';
import { addImportCommand } from './commands/import.ts';
import { addLabelsCommand } from './commands/labels.ts';
import { addNewCommand } from './commands/new.ts';
import { addPipelineCommand } from './commands/pipeline.ts';
import { addPredictCommand } from './commands/predict.ts';
import { addResumeCommand } from './commands/resume.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addRuntimeCommand } from './commands/runtime.ts';
import { addServeCommand } from './commands/serve.ts';
import { addSplitCommand } from './commands/split.ts';
import { addSnapshotsCommand } from './commands/snapshots.ts';
import { addSuggestCommand } from './commands/suggest.ts';
import { addSuspectsCommand } from './commands/suspects.ts';
import { addTrainCommand } from './commands/train.ts';
import { addTransformCommand } from './commands/transform.ts';
import { addTrashCommand } from './commands/trash.ts';
import type { OutputStreams } from './output.ts';

export interface ProgramOptions {
  readonly streams: OutputStreams;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  readonly version: string;
}

const exitCodeHelp = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 130 interrupted.
With --json every line is a JSON object and the last one is {"type":"result", …}; fractions are 0 … 1.`;

/** Runs one command of the command line; resolves with its exit code. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  const commandLine = new CommandLine(options.streams, options.interrupted);
  try {
    await createProgram(commandLine, options).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return commandLine.exitCode;
}

function createProgram(commandLine: CommandLine, { streams, version }: ProgramOptions): Command {
  const program = new Command('graft')
    .description('Image transfer learning: label, augment, train, compare, export.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.stdout.write(text),
      writeErr: (text) => streams.stderr.write(text),
      outputError: (text, write) => write(`${usageError(text)} “--help” tells more.\n`),
    })
    .addHelpText('after', exitCodeHelp);
  const adders = [
    addNewCommand,
    addImportCommand,
    addLabelsCommand,
    addCheckCommand,
    addDuplicatesCommand,
    addSplitCommand,
    addClassesCommand,
    addImagesCommand,
    addTrashCommand,
    addSuggestCommand,
    addSuspectsCommand,
    addPipelineCommand,
    addFindLearningRateCommand,
    addEstimateCommand,
    addTrainCommand,
    addResumeCommand,
    addExtendCommand,
    addRunsCommand,
    addEvaluateCommand,
    addCompareCommand,
    addPredictCommand,
    addExportCommand,
    addServeCommand,
    addRuntimeCommand,
    addDoctorCommand,
    addCacheCommand,
    addSnapshotsCommand,
    addTransformCommand,
    addBackboneCommand,
  ];
  for (const add of adders) add(program, commandLine);
  return program;
}

/** Commander's words as one line, like every other error. */
function usageError(text: string): string {
  const line = text
    .trim()
    .replace(/^error: /, '')
    .replaceAll(/\s*\n\s*/g, ' ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/\.$/, '')}.`;
}
