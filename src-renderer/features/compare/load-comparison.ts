import type { Comparison, RunSnapshot } from '../../../src-shared/contract/run.contract.ts';
import type { Evaluation } from '../../../src-shared/domain/evaluation.ts';
import type { ProjectId, RunId } from '../../../src-shared/domain/ids.ts';
import type { PageClient } from '../../client/page-client.ts';

/** Two runs and all that is shown of them; evaluations are null when nothing was held out. */
export interface ComparedRuns {
  readonly comparison: Comparison;
  readonly a: RunSnapshot;
  readonly b: RunSnapshot;
  readonly evaluations: { readonly a: Evaluation; readonly b: Evaluation } | null;
}

/** Asks core for everything that the comparison of two runs shows. */
export async function loadComparison(
  client: PageClient,
  projectId: ProjectId,
  runs: { readonly a: RunId; readonly b: RunId },
): Promise<ComparedRuns> {
  const [comparison, a, b] = await Promise.all([
    client.call('run.compare', { projectId, ...runs }),
    client.call('run.get', { projectId, runId: runs.a }),
    client.call('run.get', { projectId, runId: runs.b }),
  ]);
  const { split } = comparison;
  if (split === null) return { comparison, a, b, evaluations: null };
  const [evaluationA, evaluationB] = await Promise.all([
    client.call('run.evaluate', { projectId, runId: runs.a, split }),
    client.call('run.evaluate', { projectId, runId: runs.b, split }),
  ]);
  return { comparison, a, b, evaluations: { a: evaluationA, b: evaluationB } };
}
