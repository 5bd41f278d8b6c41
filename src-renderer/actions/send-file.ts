import * as v from 'valibot';
import { appErrorShapeSchema, AppError } from '../../src-shared/contract/app-error.ts';

/** Sends one file to core by a byte route and gives back what core answers; rejects with AppError. */
export async function sendFile(address: string, file: File, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { method: 'PUT', body: file, ...(signal ? { signal } : {}) });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const failure = v.safeParse(v.object({ error: appErrorShapeSchema }), answer);
  if (failure.success) throw AppError.fromShape(failure.output.error);
  throw new AppError('connection-lost', 'The upload was cut off.', { retry: true });
}
