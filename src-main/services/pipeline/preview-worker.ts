import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import type { PreviewReply, PreviewRequest } from './preview-protocol.ts';
import { renderPreview } from './render-preview.ts';

const port = parentPort;
if (port === null) throw new Error('This file is a worker and is started by preview-renderer');

port.on('message', (request: PreviewRequest) => {
  void answer(request).then((reply) => {
    port.postMessage(reply);
  });
});

async function answer(request: PreviewRequest): Promise<PreviewReply> {
  try {
    return { id: request.id, ok: true, preview: await renderPreview(request) };
  } catch (error) {
    if (error instanceof AppError) return { id: request.id, ok: false, error: error.toShape() };
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = 'Graft made a mistake while it rendered the preview.';
    return { id: request.id, ok: false, error: { code: 'bug', message, retry: true, detail: { stack } } };
  }
}
