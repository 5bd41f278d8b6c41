import { Option, type Command } from 'commander';
import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import { splits, type Split } from '../../../src-shared/domain/dataset.ts';
import { viewCountOf } from '../../../src-shared/domain/pipeline/views.ts';
import type { RunId } from '../../../src-shared/domain/ids.ts';
import type { CommandLine } from '../command-line.ts';
import { labelFields, labelWords } from '../evaluate-labels.ts';
import { parseRunId } from '../option-values.ts';
import { openProject } from '../session.ts';
import { percent, table, viewsLine } from '../words.ts';

interface EvaluateOptions {
  readonly run: RunId;
  readonly split?: Split;
  readonly json?: boolean;
}

/** graft evaluate <project> --run <id> [--split] */
export function addEvaluateCommand(program: Command, commandLine: CommandLine): void {
  program
    .command('evaluate')
    .description('say how a run does on held-out images: accuracy and confusion, or average precision; every class')
    .argument('<project>', 'the folder of the project')
    .requiredOption('--run <id>', 'the run', parseRunId)
    .addOption(
      new Option('--split <split>', 'the images to judge on; by default test, else validation').choices(splits),
    )
    .option('--json', 'print JSON lines; confusion has true classes in rows and predicted ones in columns')
    .addHelpText('after', '\nExample:\n  graft evaluate chairs.graft --run run-1-3fa9 --split validation')
    .action(async (project: string, { run, split, json }: EvaluateOptions) => {
      await commandLine.run({ json, access: 'read' }, async (session) => {
        const { id: projectId } = await openProject(session, project, 'read');
        session.client.on('run.imagesJudged', ({ done, total }) =>
          session.output.progress(`${done} of ${total} images`),
        );
        const { record } = await session.client.call('run.get', { projectId, runId: run });
        const viewCount = viewCountOf(record.pipeline.evaluation);
        const asked = { projectId, runId: run, split: split ?? null };
        if (record.labelling === 'multi-label') {
          const judged = await session.client.call('run.evaluateLabels', asked);
          const all = { run, ...labelFields(judged), viewCount };
          session.output.result(all, [...labelWords(judged), ...viewsLine(viewCount)]);
          return;
        }
        const evaluation = await session.client.call('run.evaluate', asked);
        const { accuracy, interval, loss, classes, confusion, perClass } = evaluation;
        const names = classes.map(({ name }) => name);
        const fields = {
          run,
          split: evaluation.split,
          accuracy,
          interval,
          loss,
          classes: names,
          confusion,
          perClass,
          viewCount,
        };
        session.output.result(fields, [...words(evaluation), ...viewsLine(viewCount)]);
      });
    });
}

function words({
  split,
  accuracy,
  interval,
  loss,
  images,
  classes,
  confusion,
  perClass,
}: Evaluation): readonly string[] {
  const scores = perClass.map((score) => [
    score.class,
    percent(score.precision),
    percent(score.recall),
    percent(score.f1),
    String(score.support),
  ]);
  const rows = confusion.map((row, index) => [classes[index]?.name ?? '', ...row.map(String)]);
  return [
    `${percent(accuracy)} of ${images.length} ${split} images right (95 %: ${percent(interval[0])} to ${percent(interval[1])}), loss ${loss.toFixed(4)}`,
    '',
    ...table([['class', 'precision', 'recall', 'F1', 'images'], ...scores]),
    '',
    ...table([['true \\ predicted', ...classes.map(({ name }) => name)], ...rows]),
  ];
}
