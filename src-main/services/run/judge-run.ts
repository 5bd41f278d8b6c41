import { heldOutSplit } from '../../../src-shared/domain/dataset.ts';
import { evaluate } from '../../../src-shared/domain/evaluation.ts';
import { summarizeLabels } from '../../../src-shared/domain/label-evaluation.ts';
import type { RunRecord } from '../../../src-shared/domain/run.ts';
import type { RunProject } from './run-ports.ts';
import { readLabelPredictions, readPredictions } from './run-store.ts';

/** The figures of the kept weights on the test split, else validation; null when nothing was held out. */
export async function judgeRun(
  project: RunProject,
  record: RunRecord,
): Promise<Pick<RunRecord, 'result' | 'labelResult'>> {
  return record.labelling === 'multi-label'
    ? { result: null, labelResult: await judgeLabels(project, record) }
    : { result: await judgeOneClass(project, record) };
}

async function judgeOneClass({ paths }: RunProject, { id, classes }: RunRecord): Promise<RunRecord['result']> {
  const predictions = await readPredictions(paths, id);
  if (predictions.length === 0) return null;
  const split = heldOutSplit(predictions);
  const { accuracy, loss, images } = evaluate(predictions, classes, split);
  const correct = images.filter(({ label, predicted }) => label === predicted).length;
  return { split, accuracy, loss, correct, total: images.length };
}

async function judgeLabels({ paths }: RunProject, { id, classes }: RunRecord): Promise<RunRecord['labelResult']> {
  const predictions = await readLabelPredictions(paths, id);
  if (predictions.length === 0) return null;
  const split = heldOutSplit(predictions);
  const { meanAveragePrecision, macroF1, microF1, loss, total } = summarizeLabels(predictions, classes, split);
  return { split, meanAveragePrecision, macroF1, microF1, loss, total };
}
