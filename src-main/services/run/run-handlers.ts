import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { RunService } from './run-service.ts';

/** Answers the commands of runs. */
export function createRunHandlers(
  runs: RunService,
): Pick<
  Handlers,
  | 'run.start'
  | 'run.resume'
  | 'run.extend'
  | 'run.continueSmaller'
  | 'run.list'
  | 'run.curves'
  | 'run.get'
  | 'run.cancel'
  | 'run.rename'
  | 'run.evaluate'
  | 'run.evaluateLabels'
  | 'run.cancelEvaluation'
  | 'run.compare'
  | 'run.wrongInEvery'
  | 'run.predict'
> {
  return {
    'run.start': ({ projectId, recipe }) => runs.start(projectId, recipe),
    'run.resume': ({ projectId, runId }) => runs.resume(projectId, runId),
    'run.extend': ({ projectId, runId, epochs }) => runs.extend(projectId, runId, epochs),
    'run.continueSmaller': ({ projectId, runId, batchSize }) => runs.continueSmaller(projectId, runId, batchSize),
    'run.list': async ({ projectId }) => ({ runs: await runs.list(projectId) }),
    'run.curves': async ({ projectId }) => ({ curves: await runs.curves(projectId) }),
    'run.get': ({ projectId, runId }) => runs.get(projectId, runId),
    'run.cancel': ({ projectId, runId }) => {
      runs.cancel(projectId, runId);
      return { done: true };
    },
    'run.rename': ({ projectId, runId, name }) => runs.rename(projectId, runId, name),
    'run.evaluate': ({ projectId, runId, split }) => runs.evaluate(projectId, runId, split),
    'run.evaluateLabels': ({ projectId, runId, split }) => runs.evaluateLabels(projectId, runId, split),
    'run.cancelEvaluation': ({ projectId, runId }) => {
      runs.cancelEvaluation(projectId, runId);
      return { done: true };
    },
    'run.compare': ({ projectId, a, b }) => runs.compare(projectId, a, b),
    'run.wrongInEvery': ({ projectId }) => runs.wrongInEvery(projectId),
    'run.predict': (input) => runs.predict(input),
  };
}
