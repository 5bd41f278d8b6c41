import { say } from '../../src-shared/domain/sentence.ts';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { readCardVerdict, keepCardVerdict, type CardVerdict } from './check-card.ts';
import { findGraphicsCard, type GraphicsCard } from './graphics-card.ts';
import { findInstalled } from './installed-runtime.ts';
import { bytesOf } from './runtime-build.ts';
import { cudaSetup, type EnsureOptions, type RuntimeSetup } from './runtime-setup.ts';
import type { CardDescription, TensorFlowRuntime } from './runtime.ts';

/** `cpu` leaves a graphics card alone. */
const deviceVariable = 'GRAFT_DEVICE';

/** The installed runtime for the graphics card, where the card computes with it; null is no failure: the processor trains then. */
export async function usableCudaRuntime(options: EnsureOptions): Promise<TensorFlowRuntime | null> {
  const setup = isUnwanted(options) ? null : cudaSetup(options);
  const runtime = setup && (await findInstalled(setup.places.folder, setup.packageRoot));
  if (!setup || !runtime) return null;
  const found = await findGraphicsCard(setup.environment, { signal: setup.signal });
  if (found.kind !== 'usable') return null;
  return (await verdictOn(found.card, runtime, setup)) === null ? runtime : null;
}

/** The setup for this machine's card; AppError unsupported says why there is none. */
export async function cudaSetupForCard(
  options: EnsureOptions,
): Promise<{ readonly setup: RuntimeSetup; readonly card: GraphicsCard }> {
  const setup = cudaSetup(options);
  if (!setup) throw new AppError('unsupported', say('cardPlatform'));
  const found = await findGraphicsCard(setup.environment, { signal: setup.signal });
  if (found.kind !== 'usable') throw new AppError('unsupported', found.reason);
  return { setup, card: found.card };
}

/** Has the card compute anew; AppError unsupported says why it does not. */
export async function proveCard(card: GraphicsCard, runtime: TensorFlowRuntime, setup: RuntimeSetup): Promise<void> {
  const verdict = await checkAnew(card, runtime, setup);
  if (verdict !== null) throw new AppError('unsupported', verdict, { retry: true });
}

/** Says whether a graphics card trains here and why not, without downloading anything. */
export async function describeCard(options: EnsureOptions): Promise<CardDescription> {
  const setup = cudaSetup(options);
  if (!setup) return { kind: 'none', card: null, reason: say('cardPlatform') };
  const found = await findGraphicsCard(setup.environment);
  if (found.kind === 'none') return { kind: 'none', card: null, reason: found.reason };
  if (found.kind === 'unusable') return { kind: 'none', card: found.card, reason: found.reason };
  const { card } = found;
  if (isUnwanted(options))
    return { kind: 'unwanted', card, reason: say('cardNotWanted', { variable: deviceVariable }) };
  const runtime = await findInstalled(setup.places.folder, setup.packageRoot);
  if (!runtime) {
    const { build } = setup;
    return { kind: 'not-installed', card, downloadBytes: bytesOf(build), diskBytes: build.installedBytes };
  }
  const verdict = await verdictOn(card, runtime, setup);
  return verdict === null ? { kind: 'ready', card } : { kind: 'refused', card, reason: verdict };
}

/** What the latest check of this card with this driver said; checks when there was none. */
async function verdictOn(card: GraphicsCard, runtime: TensorFlowRuntime, setup: RuntimeSetup): Promise<CardVerdict> {
  const known = await readCardVerdict(runtime.folder, card);
  return known === undefined ? await checkAnew(card, runtime, setup) : known;
}

async function checkAnew(
  card: GraphicsCard,
  { folder, bindingPath }: TensorFlowRuntime,
  { tools, environment, signal }: RuntimeSetup,
): Promise<CardVerdict> {
  const verdict = await tools.checkCard(bindingPath, environment, signal);
  // A read-only cache only costs the check again.
  await keepCardVerdict(folder, card, verdict).catch(() => undefined);
  return verdict;
}

function isUnwanted({ environment = process.env }: EnsureOptions): boolean {
  return environment[deviceVariable] === 'cpu';
}
