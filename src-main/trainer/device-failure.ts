import { AppError } from '../../src-shared/contract/app-error.ts';
import { say } from '../../src-shared/domain/sentence.ts';

/** How the binding words a status of TensorFlow's that is not OK. */
const statusPattern = /^Invalid TF_Status: (?<code>\d+)\s+Message: (?<message>.*)$/su;

/** TF_Code of what a caller did wrong, which is a bug of ours: invalid argument, not found, failed precondition, out of range, unimplemented. */
const callersFault = new Set([3, 5, 9, 11, 12]);
const resourceExhausted = 8;

/**
 * The failure of the device that TensorFlow computes on, for example of a GPU that was lost or has no memory left, as an AppError with
 * TensorFlow's own reason; null for any other error.
 */
export function asDeviceFailure(error: unknown): AppError | null {
  if (!(error instanceof Error)) return null;
  const { code, message } = statusPattern.exec(error.message)?.groups ?? {};
  if (code === undefined || message === undefined || callersFault.has(Number(code))) return null;
  const [said = ''] = message.trim().split('\n');
  // By its name, so that who reads the words knows that memory is what was missing.
  const what = Number(code) === resourceExhausted ? `RESOURCE_EXHAUSTED: ${said}` : said;
  return new AppError('training-failed', say('deviceFailed', { what }), { retry: true, cause: error });
}
