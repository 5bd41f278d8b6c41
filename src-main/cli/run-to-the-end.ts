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
  const { id, status, result, bestEpoch, seconds, pipeline, recipe } = record;
  const { accuracy = null, loss = null, split = null } = result ?? {};
  return {
    run: id,
    batchSize: recipe.batchSize,
    status,
    accuracy,
    loss,
    split,
    bestEpoch,
    seconds,
    viewCount: viewCountOf(pipeline.evaluation),
  };
}

function words({ id, status, result, seconds, pipeline }: RunRecord): readonly string[] {
  const judged = result
    ? `${percent(result.accuracy)} of ${result.total} ${result.split} images right`
    : 'it was not judged on held-out images';
  const after = seconds === null ? '' : ` after ${duration(seconds)}`;
  return [`${id} ${status}${after}: ${judged}`, ...viewsLine(viewCountOf(pipeline.evaluation))];
}
