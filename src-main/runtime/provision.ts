import { mkdir } from 'node:fs/promises';
import { usableCudaRuntime } from './cuda-runtime.ts';
import { installBuild } from './install-build.ts';
import { findAnyInstalled, findInstalled } from './installed-runtime.ts';
import { acquireLock } from './provision-lock.ts';
import { chooseSetup, processorSetups, type EnsureOptions, type RuntimeSetup } from './runtime-setup.ts';
import type { RuntimeProgress, TensorFlowRuntime } from './runtime.ts';

/**
 * Returns the best TensorFlow runtime of this machine: the one for the graphics card where that was installed and works, else the one for
 * the processor; the first time downloads that (about 270 MB), unpacks it into the per-user cache (about 860 MB) and compiles its
 * binding. That needs python3 with pip and g++, no administrator rights; without them an older one comes from where the npm package takes
 * it, on the platforms that have one. Never downloads the one for the card by itself.
 *
 * Safe to call from several processes: one installs, the others wait. Safe to kill: a whole download is kept, anything else is done
 * again. Rejects with an `AppError` that says what is missing and what to do, or with the signal's reason when aborted.
 */
export async function ensureTensorFlowRuntime(options: EnsureOptions = {}): Promise<TensorFlowRuntime> {
  const onCard = await usableCudaRuntime(options);
  if (onCard) return onCard;
  const setups = processorSetups(options);
  return (await findAnyInstalled(setups)) ?? (await ensureInstalled(await chooseSetup(setups), options.onProgress));
}

/** The runtime of a setup, installed first where it is missing, by one process at a time. */
export async function ensureInstalled(
  setup: RuntimeSetup,
  report: (progress: RuntimeProgress) => void = () => undefined,
): Promise<TensorFlowRuntime> {
  const found = await findInstalled(setup.places.folder, setup.packageRoot);
  if (found) return found;
  await mkdir(setup.places.root, { recursive: true });
  const lock = await acquireLock({ lockFile: setup.places.lock, signal: setup.signal, onWait: report });
  try {
    const foundMeanwhile = await findInstalled(setup.places.folder, setup.packageRoot);
    if (foundMeanwhile) return foundMeanwhile;
    return await installBuild(setup, (progress) => {
      lock.report(progress);
      report(progress);
    });
  } finally {
    await lock.release();
  }
}
