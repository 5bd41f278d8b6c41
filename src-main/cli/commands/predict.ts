import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { TopPrediction } from '../../../src-shared/contract/run.contract.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { parseRunId } from '../option-values.ts';
import { openProject, type Session } from '../session.ts';
import { percent, viewsLine } from '../words.ts';

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
        const skipped = [];
        for (const image of images) {
          const answer = await predictFile(session, { projectId, runId: run, image });
          if ('top' in answer) predictions.push({ image, top: answer.top });
          else skipped.push({ file: image, reason: answer.reason });
        }
        const { record } = await session.client.call('run.get', { projectId, runId: run });
        const viewCount = viewCountOf(record.pipeline.evaluation);
        const unread = skipped.map(({ file, reason }) => `${file}: ${reason}`).join(' · ');
        if (predictions.length > 0)
          session.output.result({ predictions, skipped, viewCount }, [
            ...wordsOf(predictions),
            ...viewsLine(viewCount),
          ]);
        if (skipped.length > 0) throw new AppError('damaged-file', unread);
      });
    });
}

interface Question {
  readonly projectId: ProjectId;
  readonly runId: RunId;
  readonly image: string;
}

/** What the run sees in one file, or why it cannot be read; anything else that goes wrong concerns all files and is thrown. */
async function predictFile(
  { core, client }: Session,
  { projectId, runId, image }: Question,
): Promise<{ readonly top: readonly TopPrediction[] } | { readonly reason: string }> {
  const file = await stat(image).catch(() => null);
  if (!file?.isFile()) return { reason: 'There is no such file. Check its path.' };
  try {
    const { uploadId } = await core.bytes.upload(path.basename(image), createReadStream(image));
    return { top: (await client.call('run.predict', { projectId, runId, source: { kind: 'upload', uploadId } })).top };
  } catch (error) {
    if (error instanceof AppError && ['damaged-file', 'unsupported', 'bad-input'].includes(error.code)) {
      return { reason: error.message };
    }
    throw error;
  }
}

function wordsOf(predictions: readonly { image: string; top: readonly TopPrediction[] }[]): readonly string[] {
  return predictions.flatMap(({ image, top }) => [
    image,
    ...top.map(({ class: name, probability }) => `  ${percent(probability).padStart(7)}  ${name}`),
  ]);
}
