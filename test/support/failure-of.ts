import { AppError } from '../../src-shared/contract/app-error.ts';

/** The AppError that a promise rejects with; throws where it resolves, or rejects with anything else. */
export async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError, received ${String(error)}`);
  return error;
}
