import { AppError } from '../../src-shared/contract/app-error.ts';
import type { RunSnapshot } from '../../src-shared/contract/run.contract.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { viewCountOf } from '../../src-shared/domain/pipeline/views.ts';
import type { RunRecord } from '../../src-shared/domain/run.ts';
import { textOf } from '../../src-shared/domain/sentence.ts';
import { followToTheEnd } from './follow-run.ts';
import type { Session } from './session.ts';
import { duration, percent, viewsLine } from './words.ts';

/** Begins a run, shows how it goes, and says its result. AppError training-failed when it fails or is interrupted. */
export async function runToTheEnd(
  session: Session,
  projectId: ProjectId,
  begin: () => Promise<RunSnapshot>,
): Promise<void> {
  const record = await followToTheEnd(session, projectId, begin);
  if (record.status === 'failed' || record.status === 'interrupted') {
    const what = `The run ${record.id} ${verb(record)}: ${textOf(record.reason ?? 'no reason is known.')}`;
    throw new AppError('training-failed', [what, ...wayOn(record)].join(' '));
  }
  session.output.result(fields(record), words(record));
}

function verb({ status }: RunRecord): string {
  return status === 'failed' ? 'failed' : 'was interrupted';
}

/** How to go on with a run that memory ran out for. */
function wayOn({ id, smallerBatchSize }: RunRecord): readonly string[] {
  return smallerBatchSize === null ? [] : [`To continue: graft resume … --run ${id} --batch-size ${smallerBatchSize}`];
}

function fields(record: RunRecord): Readonly<Record<string, unknown>> {
  const { id, status, bestEpoch, seconds, pipeline, recipe } = record;
  return {
    run: id,
    batchSize: recipe.batchSize,
    status,
    ...judgedFields(record),
    bestEpoch,
    seconds,
    viewCount: viewCountOf(pipeline.evaluation),
  };
}

type Judged = Pick<RunRecord, 'labelling' | 'result' | 'labelResult'>;

function judgedFields({ labelling, result, labelResult }: Judged): Readonly<Record<string, unknown>> {
  const { loss = null, split = null } = result ?? labelResult ?? {};
  if (labelling !== 'multi-label') return { accuracy: result?.accuracy ?? null, loss, split };
  const { meanAveragePrecision = null, macroF1 = null, microF1 = null } = labelResult ?? {};
  return { meanAveragePrecision, macroF1, microF1, loss, split };
}

function judgedWords({ result, labelResult }: Judged): string {
  if (result) return `${percent(result.accuracy)} of ${result.total} ${result.split} images right`;
  if (!labelResult) return 'it was not judged on held-out images';
  const { meanAveragePrecision, macroF1, total, split } = labelResult;
  return `mean average precision ${percent(meanAveragePrecision)}, macro F1 ${percent(macroF1)} on ${total} ${split} images`;
}

function words({ id, status, seconds, pipeline, ...rest }: RunRecord): readonly string[] {
  const judged = judgedWords(rest);
  const after = seconds === null ? '' : ` after ${duration(seconds)}`;
  return [`${id} ${status}${after}: ${judged}`, ...viewsLine(viewCountOf(pipeline.evaluation))];
}
