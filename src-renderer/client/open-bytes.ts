import * as v from 'valibot';
import { appErrorShapeSchema, AppError } from '../../src-shared/contract/app-error.ts';

/** What a byte route sends, as it arrives; rejects with AppError, also in the middle when the connection is lost. */
export async function openBytes(route: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(route).catch(lost);
  if (response.ok && response.body) return readChunks(response.body);
  const failure = v.safeParse(v.object({ error: appErrorShapeSchema }), await response.json().catch(() => null));
  if (failure.success) throw AppError.fromShape(failure.output.error);
  return lost(response.status);
}

async function* readChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(lost);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function lost(cause: unknown): never {
  throw new AppError('connection-lost', 'Graft does not answer.', { retry: true, cause });
}
