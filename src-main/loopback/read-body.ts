import type { IncomingMessage } from 'node:http';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';

/** The body, chunk by chunk, as far as the limit; throws AppError bad-input beyond. */
export async function* limitBody(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  let sizeBytes = 0;
  // Stopping early must not destroy the connection that the refusal has to go out on.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of chunks) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

/** The body as JSON; throws AppError bad-input when it is none or too large. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of limitBody(request, maxBytes)) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch (cause) {
    const facts = { expected: 'JSON', field: say('theBody'), received: say('somethingElse') };
    throw new AppError('bad-input', say('expectedFor', facts), { cause });
  }
}

function tooLarge(maxBytes: number): AppError {
  const expected = say('atMostBytes', { most: maxBytes });
  return new AppError('bad-input', say('expectedFor', { expected, field: say('theBody'), received: say('more') }));
}
