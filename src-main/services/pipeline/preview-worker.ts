import { parentPort } from 'node:worker_threads';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { measureStatistics } from './pixel-statistics.ts';
import { PreviewPainter } from './preview-painter.ts';
import type { PreviewReply, WorkerAnswers, WorkerRequest } from './preview-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('This file is a worker and is started by preview-renderer');

const painter = new PreviewPainter();

port.on('message', (request: WorkerRequest) => {
  void reply(request).then((message) => {
    port.postMessage(message);
  });
});

async function reply(request: WorkerRequest): Promise<PreviewReply> {
  try {
    return { id: request.id, ok: true, result: await answer(request) };
  } catch (error) {
    if (error instanceof AppError) return { id: request.id, ok: false, error: error.toShape() };
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = 'Graft made a mistake while it rendered the preview.';
    return { id: request.id, ok: false, error: { code: 'bug', message, retry: true, detail: { stack } } };
  }
}

async function answer(request: WorkerRequest): Promise<WorkerAnswers[WorkerRequest['kind']]> {
  switch (request.kind) {
    case 'preview':
      return painter.preview(request);
    case 'samples':
      return painter.samples(request);
    case 'statistics':
      return measureStatistics(request.paths, request.steps);
    default:
      return assertNever(request, 'request');
  }
}
