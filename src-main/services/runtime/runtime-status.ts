import type { AppError } from '../../../src-shared/contract/app-error.ts';
import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import type { JobId } from '../../../src-shared/domain/ids.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import type { RuntimeDescription, RuntimeProgress } from '../../runtime/runtime.ts';

/** What this session does or did about the runtime. */
export type RuntimeAttempt =
  | { readonly kind: 'none' }
  | { readonly kind: 'installing'; readonly jobId: JobId; readonly progress: RuntimeProgress }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Words what was found on this machine, and what is being done about it, for a person. */
export function runtimeStatus(
  description: RuntimeDescription,
  attempt: RuntimeAttempt,
  here: Pick<RuntimeStatus, 'threads' | 'machine'>,
): RuntimeStatus {
  const { findings, trainsHeads } = description;
  const known = { kind: null, version: null, ...here, trainsHeads, findings, progress: null, advice: [] };
  if (description.kind === 'ready') {
    const { kind, version } = description.runtime;
    return {
      ...known,
      state: 'ready',
      kind,
      version,
      verdict: say('runtimeReady', { version }),
      advice: [say('processorOnly')],
    };
  }
  if (attempt.kind === 'installing') {
    const { stage, value, words } = attempt.progress;
    const progress = { jobId: attempt.jobId, stage, value, words };
    return { ...known, state: 'installing', verdict: say('runtimeInstalling', { words }), progress };
  }
  const failure = attempt.kind === 'failed' ? [attempt.error.sentence] : [];
  switch (description.kind) {
    case 'not-installed':
      return {
        ...known,
        state: 'not-installed',
        verdict: say(trainsHeads ? 'runtimeForFineTuning' : 'runtimeNotInstalled'),
        advice: [
          ...failure,
          say('runtimeInstallNow', {
            download: megabytes(description.downloadBytes),
            disk: megabytes(description.diskBytes),
            folder: description.folder,
          }),
        ],
      };
    case 'unavailable':
      return {
        ...known,
        state: 'unavailable',
        verdict: say(trainsHeads ? 'runtimeHeadsOnly' : 'runtimeUnavailable'),
        advice: [description.reason],
      };
    default:
      return assertNever(description, 'runtime');
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
