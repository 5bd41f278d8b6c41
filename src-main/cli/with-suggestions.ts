import { AppError } from '../../src-shared/contract/app-error.ts';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { say } from '../../src-shared/domain/sentence.ts';
import type { SuggestionState } from '../../src-shared/domain/suggestion.ts';
import type { Session } from './session.ts';

/**
 * Does something with the suggestions of a project once every image has its features and the head has learned and judged itself. Where
 * suggestions were off they are off again afterwards.
 */
export async function withSuggestions(
  session: Session,
  projectId: ProjectId,
  work: (state: SuggestionState) => Promise<void>,
): Promise<void> {
  const { client } = session;
  const { state } = await client.call('suggestion.get', { projectId });
  const turn = (isOn: boolean): Promise<SuggestionState> =>
    client.call('suggestion.turn', { projectId, isOn, backbone: null });
  if (state === 'off') await turn(true);
  try {
    await work(await settled(session, projectId));
  } finally {
    if (state === 'off') await turn(false);
  }
}

/** Resolves when there is nothing left to compute and to learn; rejects with what is in the way. */
async function settled({ client, output }: Session, projectId: ProjectId): Promise<SuggestionState> {
  const { promise, resolve, reject } = Promise.withResolvers<SuggestionState>();
  const look = async (): Promise<void> => {
    const state = await client.call('suggestion.get', { projectId });
    const features = await client.call('features.get', { projectId });
    if (features.state === 'computing') output.progress(`Features: ${features.done} of ${features.total}`);
    if (features.state === 'failed' && features.reason) reject(new AppError('conflict', features.reason));
    else if (state.state === 'failed' && state.reason) reject(new AppError('training-failed', state.reason));
    else if (features.state !== 'complete') return;
    else if (state.state === 'few-labels') reject(new AppError('conflict', say('suggestionsFewLabels')));
    else if (state.state === 'ready') resolve(state);
  };
  const check = (): void => void look().catch(reject);
  const stops = [client.on('suggestion.changed', check), client.on('features.changed', check)];
  check();
  try {
    return await promise;
  } finally {
    stops.forEach((stop) => stop());
  }
}
