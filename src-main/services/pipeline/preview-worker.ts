import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { measureStatistics } from './pixel-statistics.ts';
import type { PreviewReply, PreviewRequest, StatisticsRequest } from './preview-protocol.ts';
import { renderPreview } from './render-preview.ts';

const port = parentPort;
if (port === null) throw new Error('This file is a worker and is started by preview-renderer');

port.on('message', (request: PreviewRequest | StatisticsRequest) => {
  void answer(request).then((reply) => {
    port.postMessage(reply);
  });
});

async function answer(request: PreviewRequest | StatisticsRequest): Promise<PreviewReply> {
  try {
    const result =
      request.kind === 'preview' ? await renderPreview(request) : await measureStatistics(request.paths, request.steps);
    return { id: request.id, ok: true, result };
  } catch (error) {
    if (error instanceof AppError) return { id: request.id, ok: false, error: error.toShape() };
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = 'Graft made a mistake while it rendered the preview.';
    return { id: request.id, ok: false, error: { code: 'bug', message, retry: true, detail: { stack } } };
  }
}
