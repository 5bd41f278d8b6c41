import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Probe } from '../../src-shared/domain/probe.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import { onInterrupt } from './on-interrupt.ts';
import type { Session } from './session.ts';
import { percent } from './words.ts';

/**
 * Begins a try of a recipe and resolves with it when it is complete, showing how far it is. An interruption stops it.
 *
 * Throws AppError training-failed with its reason when it fails, cancelled when it was stopped.
 */
export async function followProbe(
  { client, output, interrupted }: Session,
  begin: () => Promise<Probe>,
): Promise<Probe> {
  const ended = Promise.withResolvers<Probe>();
  const known = new Map<Probe['id'], Probe>();
  let id: Probe['id'] | undefined;
  const stop = client.on('probe.changed', ({ probe }) => {
    known.set(probe.id, probe);
    output.progress(percent(probe.value));
    if (probe.id === id && probe.status !== 'working') ended.resolve(probe);
  });
  try {
    const begun = await begin();
    id = begun.id;
    const latest = known.get(id) ?? begun;
    onInterrupt(interrupted, () => client.call('probe.cancel', { jobId: begun.id }));
    const probe = latest.status === 'working' ? await ended.promise : latest;
    if (probe.status === 'failed') throw new AppError('training-failed', probe.reason ?? '');
    if (probe.status === 'cancelled') throw new AppError('cancelled', say('probeStopped'));
    return probe;
  } finally {
    stop();
  }
}
