import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandLine, ExitCode } from '../command-line.ts';
import { createOutput } from '../output.ts';
import { runTransform, type TransformOptions } from '../transform.ts';

interface TransformArguments {
  readonly case?: string;
  readonly in?: string;
  readonly cases?: string;
  readonly out: string;
  readonly json?: boolean;
}

/** graft transform --case '<json>' --in a.png --out b.png | --cases cases.json --out <folder> */
export function addTransformCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('transform')
    .description('apply steps with fixed parameters to a picture, or a whole file of cases')
    .option('--case <json>', 'one case: {"op": "rotate", "params": {"angle": 30}}')
    .option('--in <file>', 'the picture for --case')
    .option('--cases <file>', 'a JSON file {"cases": [{op, params, input, expected}]}; inputs are relative to it')
    .requiredOption(
      '--out <path>',
      'the file for --case, the folder for --cases; tensors are float32 CHW, little-endian',
    )
    .option('--json', 'print JSON lines')
    .addHelpText('after', `\nExample:\n  graft transform --case '{"op":"hflip"}' --in a.png --out b.png`)
    .action(async (options: TransformArguments) => {
      const output = createOutput(commandLine.streams, options.json === true);
      await commandLine.guard(output, async () => {
        const { stdout, stderr } = commandLine.streams;
        const exitCode = await runTransform(readOptions(options), {
          writeOutput: (line) => stdout.write(`${line}\n`),
          writeError: (line) => stderr.write(`${line}\n`),
        });
        commandLine.end(toExitCode(exitCode));
      });
    });
}

function readOptions({
  case: caseJson,
  in: inputPath,
  cases: casesPath,
  out,
  json = false,
}: TransformArguments): TransformOptions {
  if (casesPath !== undefined && caseJson === undefined && inputPath === undefined) {
    return { type: 'many', casesPath, outputFolder: out, isJson: json };
  }
  if (caseJson !== undefined && inputPath !== undefined && casesPath === undefined) {
    return { type: 'one', caseJson, inputPath, outputPath: out, isJson: json };
  }
  throw new AppError(
    'bad-input',
    'Expected ‹--case with --in, or --cases›, received ‹another combination›. “graft transform --help” shows both.',
  );
}

function toExitCode(code: number): ExitCode {
  return code === 0 ? 0 : code === 2 ? 2 : 1;
}
