import { mkdir } from 'node:fs/promises';
import { usableCudaRuntime } from './cuda-runtime.ts';
import { installBuild } from './install-build.ts';
import { findInstalled } from './installed-runtime.ts';
import { acquireLock } from './provision-lock.ts';
import { runtimeSetup, type EnsureOptions, type RuntimeSetup } from './runtime-setup.ts';
import type { RuntimeProgress, TensorFlowRuntime } from './runtime.ts';

/**
 * Returns the best TensorFlow runtime of this machine: the one for the graphics card where that was installed and works, else the one for
 * the processor; the first time downloads that (about 270 MB), unpacks it into the per-user cache (about 860 MB) and compiles its
 * binding. Needs python3 with pip and g++, no administrator rights. Never downloads the one for the card by itself.
 *
 * Safe to call from several processes: one installs, the others wait. Safe to kill: a whole download is kept, anything else is done
 * again. Rejects with an `AppError` that says what is missing and what to do, or with the signal's reason when aborted.
 */
export async function ensureTensorFlowRuntime(options: EnsureOptions = {}): Promise<TensorFlowRuntime> {
  return (await usableCudaRuntime(options)) ?? (await ensureInstalled(runtimeSetup(options), options.onProgress));
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
