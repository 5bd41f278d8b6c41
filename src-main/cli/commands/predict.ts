import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { TopPrediction } from '../../../src-shared/contract/run.contract.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId } from '../option-values.ts';
import { openProject, type Session } from '../session.ts';
import { percent } from '../words.ts';

interface PredictOptions {
  readonly run: RunId;
  readonly json?: boolean;
}

/** graft predict <project> --run <id> <image…> */
export function addPredictCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('predict')
    .description('say what a run sees in pictures: the five likeliest classes of each')
    .argument('<project>', 'the folder of the project')
    .argument('<image...>', 'picture files')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .option('--json', 'print JSON lines')
    .addHelpText('after', '\nExample:\n  graft predict chairs.graft --run run-1-3fa9 photo.jpg other.png')
    .action(async (project: string, images: readonly string[], { run, json }: PredictOptions) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        const predictions = [];
        for (const image of images) {
          predictions.push({ image, top: await predictFile(session, { projectId, runId: run, image }) });
        }
        const words = predictions.flatMap(({ image, top }) => [
          image,
          ...top.map(({ class: name, probability }) => `  ${percent(probability).padStart(7)}  ${name}`),
        ]);
        session.output.result({ predictions }, words);
      });
    });
}

interface Question {
  readonly projectId: ProjectId;
  readonly runId: RunId;
  readonly image: string;
}

async function predictFile(
  { core, client }: Session,
  { projectId, runId, image }: Question,
): Promise<readonly TopPrediction[]> {
  const file = await stat(image).catch(() => null);
  if (!file?.isFile()) throw new AppError('not-found', `There is no file “${image}”. Check its path.`);
  try {
    const { uploadId } = await core.bytes.upload(path.basename(image), createReadStream(image));
    return (await client.call('run.predict', { projectId, runId, source: { kind: 'upload', uploadId } })).top;
  } catch (error) {
    // The person knows the picture by its path; core only knows an upload.
    const isAboutPicture =
      error instanceof AppError && ['damaged-file', 'unsupported', 'bad-input'].includes(error.code);
    throw isAboutPicture ? new AppError('damaged-file', `${image}: ${error.message}`, { cause: error }) : error;
  }
}
