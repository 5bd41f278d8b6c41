import type { Handlers } from '../../../src-shared/contract/contract.ts';
import type { ExportService } from './export-service.ts';

/** Answers the commands of exports. */
export function createExportHandlers(
  exports: ExportService,
): Pick<Handlers, 'export.start' | 'export.cancel' | 'export.list'> {
  return {
    'export.start': (input) => exports.start(input),
    'export.cancel': ({ jobId }) => {
      exports.cancel(jobId);
      return { done: true };
    },
    'export.list': ({ projectId }) => exports.list(projectId),
  };
}
