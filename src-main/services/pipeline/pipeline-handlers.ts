import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { PipelineService } from './pipeline-service.ts';

export interface PipelineHandlerDeps {
  readonly pipelines: PipelineService;
}

type PipelineCommand =
  | 'pipeline.list'
  | 'pipeline.save'
  | 'pipeline.create'
  | 'pipeline.delete'
  | 'pipeline.preview'
  | 'pipeline.samples'
  | 'pipeline.hints';

/** Answers the pipeline commands. */
export function createPipelineHandlers({ pipelines }: PipelineHandlerDeps): Pick<Handlers, PipelineCommand> {
  return {
    'pipeline.list': async ({ projectId }) => ({ pipelines: await pipelines.list(projectId) }),
    'pipeline.save': ({ projectId, pipeline }) => pipelines.save(projectId, pipeline),
    'pipeline.create': ({ projectId, name, from }) => pipelines.create(projectId, name, from),
    'pipeline.delete': async ({ projectId, pipelineId }) => {
      await pipelines.delete(projectId, pipelineId);
      return { done: true };
    },
    'pipeline.preview': (request) => pipelines.preview(request),
    'pipeline.samples': (request) => pipelines.samples(request),
    'pipeline.hints': (request) => pipelines.hints(request),
  };
}
