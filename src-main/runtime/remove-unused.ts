import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { readKind } from './installed-runtime.ts';
import { isHeld } from './provision-lock.ts';
import type { RuntimeSetup } from './runtime-setup.ts';
import { isInUseSync } from './runtime-use.ts';

/**
 * Removes from the cache what the runtime just installed replaces: older ones of its kind, folders that a killed installation left, and
 * downloads that this Graft has no use for. What another process uses or is installing stays; what cannot be removed now goes next time.
 */
export async function removeUnused({ places, build, knownDownloads }: RuntimeSetup): Promise<void> {
  const names = await readdir(places.root);
  const locks = names.filter((name) => name.endsWith('.lock') && path.join(places.root, name) !== places.lock);
  const held = await Promise.all(locks.map((name) => isHeld(path.join(places.root, name))));
  const keysAtWork = locks.filter((_name, index) => held[index]).map((name) => name.slice(0, -'.lock'.length));
  for (const name of names) {
    const folder = path.join(places.root, name);
    const isOwn = folder === places.folder || folder === places.lock || folder === places.downloads;
    if (isOwn || keysAtWork.some((key) => name.startsWith(key)) || isInUseSync(folder)) continue;
    const isReplaced = name.includes('.partial-') || name.endsWith('.lock') || (await readKind(folder)) === build.kind;
    if (isReplaced) await remove(folder);
  }
  if (keysAtWork.length > 0) return;
  for (const name of await readdir(places.downloads).catch(() => [])) {
    if (!knownDownloads.has(name.replace(/\.part$/u, ''))) await remove(path.join(places.downloads, name));
  }
}

/** A library that Windows has open cannot go. */
async function remove(place: string): Promise<void> {
  await rm(place, { recursive: true, force: true }).catch(() => undefined);
}
