import type { AppError } from '../../../src-shared/contract/app-error.ts';
import type { RuntimeStatus } from '../../../src-shared/contract/settings.contract.ts';
import type { JobId } from '../../../src-shared/domain/ids.ts';
import { assertNever } from '../../../src-shared/lib/assert-never.ts';
import { say, textOf, type Sentence } from '../../../src-shared/domain/sentence.ts';
import type { CardDescription, RuntimeDescription, RuntimeProgress } from '../../runtime/runtime.ts';

/** What an installation is for. */
export type InstalledDevice = 'cpu' | 'cuda';

/** What this session does or did about the runtime. */
export type RuntimeAttempt =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'installing';
      readonly device: InstalledDevice;
      readonly jobId: JobId;
      readonly progress: RuntimeProgress;
    }
  | { readonly kind: 'failed'; readonly error: AppError };

/** Words what was found on this machine, and what is being done about it, for a person. */
export function runtimeStatus(
  description: RuntimeDescription,
  attempt: RuntimeAttempt,
  here: Pick<RuntimeStatus, 'threads' | 'machine' | 'onnxProviders'>,
): RuntimeStatus {
  const { findings, trainsHeads } = description;
  const progress = progressOf(attempt);
  const known = { kind: null, version: null, ...here, ...cardFacts(description.card), trainsHeads, findings, progress };
  // What trains already goes on doing so while the card's libraries arrive.
  if (description.kind === 'ready') return { ...known, ...readyStatus(description, attempt) };
  if (progress)
    return { ...known, state: 'installing', verdict: say('runtimeInstalling', { words: progress.words }), advice: [] };
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
          ...(description.card.kind === 'not-installed' ? cardAdvice(description.card, failure) : []),
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

function readyStatus(
  { runtime: { kind, version }, card }: RuntimeDescription & { readonly kind: 'ready' },
  attempt: RuntimeAttempt,
): Pick<RuntimeStatus, 'state' | 'kind' | 'version' | 'verdict' | 'advice' | 'progress'> {
  // A runtime that was there all along is no installation.
  const progress = attempt.kind === 'installing' && attempt.device === 'cuda' ? progressOf(attempt) : null;
  const common = { state: 'ready', kind, version, progress } as const;
  if (kind === 'cuda' && card.kind === 'ready') {
    return { ...common, verdict: say('runtimeReadyOnCard', { version, card: card.card.name }), advice: [] };
  }
  const failure = attempt.kind === 'failed' ? [attempt.error.sentence] : [];
  return { ...common, verdict: say('runtimeReady', { version }), advice: [...failure, ...cardAdvice(card, failure)] };
}

/** Why the card does not train, unless the failure beside it says so already. */
function cardAdvice(card: CardDescription, failure: readonly Sentence[]): readonly Sentence[] {
  switch (card.kind) {
    case 'none':
    case 'unwanted':
    case 'refused': {
      const isSaid = failure.some((sentence) => textOf(sentence) === textOf(card.reason));
      return isSaid ? [] : [say('processorOnly', { why: card.reason })];
    }
    case 'not-installed': {
      const [download, disk] = [megabytes(card.downloadBytes), megabytes(card.diskBytes)];
      return [say('cardInstallNow', { card: card.card.name, download, disk })];
    }
    case 'ready':
      return [];
    default:
      return assertNever(card, 'card');
  }
}

function cardFacts(description: CardDescription): Pick<RuntimeStatus, 'card' | 'cardDownloadBytes' | 'isCardRefused'> {
  const { card } = description;
  return {
    card: card && { name: card.name, driver: card.driver, memoryBytes: card.memoryBytes },
    cardDownloadBytes: description.kind === 'not-installed' ? description.downloadBytes : null,
    isCardRefused: description.kind === 'refused',
  };
}

function progressOf(attempt: RuntimeAttempt): RuntimeStatus['progress'] {
  if (attempt.kind !== 'installing') return null;
  const { stage, value, words } = attempt.progress;
  return { jobId: attempt.jobId, stage, value, words };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
