import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { CommandOutput } from '../../../src-shared/contract/contract.ts';
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
    .description(
      'say what a run sees in pictures: the five likeliest classes of each, or all that a multi-label run sees',
    )
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
          if ('top' in answer) predictions.push({ image, ...answer });
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

type Seen = Pick<CommandOutput<'run.predict'>, 'top' | 'threshold'>;

interface Question {
  readonly projectId: ProjectId;
  readonly runId: RunId;
  readonly image: string;
}

/** What the run sees in one file, or why it cannot be read; anything else that goes wrong concerns all files and is thrown. */
async function predictFile(
  { core, client }: Session,
  { projectId, runId, image }: Question,
): Promise<Seen | { readonly reason: string }> {
  const file = await stat(image).catch(() => null);
  if (!file?.isFile()) return { reason: 'There is no such file. Check its path.' };
  try {
    const { uploadId } = await core.bytes.upload(path.basename(image), createReadStream(image));
    const { top, threshold } = await client.call('run.predict', {
      ...{ projectId, runId, source: { kind: 'upload', uploadId } },
    });
    return { top, threshold };
  } catch (error) {
    if (error instanceof AppError && ['damaged-file', 'unsupported', 'bad-input'].includes(error.code)) {
      return { reason: error.message };
    }
    throw error;
  }
}

/** What a multi-label run sees is marked; the others are how near it was. */
function wordsOf(predictions: readonly (Seen & { readonly image: string })[]): readonly string[] {
  return predictions.flatMap(({ image, top, threshold }) => [
    image,
    ...top.map(({ class: name, probability }) => {
      const mark = threshold === null ? '' : probability >= threshold ? '● ' : '  ';
      return `  ${percent(probability).padStart(7)}  ${mark}${name}`;
    }),
  ]);
}
