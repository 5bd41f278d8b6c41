import { readFile } from 'node:fs/promises';
import { say, type NamedSentence } from '../../src-shared/domain/sentence.ts';
import { runCommand } from './run-command.ts';

/** A graphics card of NVIDIA with the driver that runs it. */
export interface GraphicsCard {
  /** As the driver names it. */
  readonly name: string;
  /** Version of the driver, e.g. 550.54.14. */
  readonly driver: string;
  readonly memoryBytes: number;
  /** NVIDIA's number of the generation, e.g. 8.6. */
  readonly computeCapability: number;
}

/** What was found of a graphics card, and why TensorFlow cannot use it where that is so. */
export type CardFinding =
  | { readonly kind: 'usable'; readonly card: GraphicsCard }
  | { readonly kind: 'unusable'; readonly card: GraphicsCard | null; readonly reason: NamedSentence }
  | { readonly kind: 'none'; readonly reason: NamedSentence };

/** The least driver that CUDA 12's libraries run on: NVIDIA's CUDA Compatibility, minor version compatibility. */
const leastDriver = '525.60.13';
/** TensorFlow's wheel has kernels from Pascal on: sm_60 is the first of its build's list. */
const leastCapability = 6;
/** CUDA's own state and libraries come first; below this hardly a batch would find room. */
const leastMemoryBytes = 2e9;

const driverFile = '/proc/driver/nvidia/version';

/**
 * Looks for a card by asking NVIDIA's own nvidia-smi, else the driver's file in /proc; writes and installs nothing.
 *
 * Where several are there the first usable one counts, as TensorFlow itself takes the first.
 */
export async function findGraphicsCard(
  environment: NodeJS.ProcessEnv,
  {
    versionFile = driverFile,
    patienceMs = 10_000,
    signal,
  }: { readonly versionFile?: string; readonly patienceMs?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<CardFinding> {
  const fields = ['name', 'driver_version', 'memory.total', 'compute_cap'].join(',');
  const args = [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'];
  // A driver whose card fell off the bus may never answer.
  const asked = await runCommand('nvidia-smi', args, { environment, signal, patienceMs });
  if (asked.exitCode === 0) return judgeCards(asked.output.split('\n').flatMap(readCard));
  const driver = await driverVersion(versionFile);
  if (driver !== null) return { kind: 'unusable', card: null, reason: say('cardDriverSilent', { driver }) };
  if (asked.isMissing) return { kind: 'none', reason: say('cardNone') };
  const words = asked.isOverdue
    ? `nvidia-smi gave no answer in ${String(patienceMs / 1000)} s`
    : (asked.output.trim().split('\n')[0] ?? '');
  return { kind: 'unusable', card: null, reason: say('cardDriverBroken', { words }) };
}

/** Whether TensorFlow's CUDA build can run on one of these cards, by what they say of themselves. */
export function judgeCards(cards: readonly GraphicsCard[]): CardFinding {
  const [first] = cards;
  if (!first) return { kind: 'none', reason: say('cardNone') };
  const usable = cards.find((card) => whyNot(card) === null);
  if (usable) return { kind: 'usable', card: usable };
  return { kind: 'unusable', card: first, reason: whyNot(first) ?? say('cardNone') };
}

function whyNot({ name, driver, memoryBytes, computeCapability }: GraphicsCard): NamedSentence | null {
  if (isOlder(driver, leastDriver)) return say('cardDriverOld', { card: name, driver, least: leastDriver });
  if (computeCapability < leastCapability) {
    return say('cardTooOld', {
      card: name,
      capability: computeCapability.toFixed(1),
      least: leastCapability.toFixed(1),
    });
  }
  if (memoryBytes < leastMemoryBytes) {
    return say('cardTooSmall', { card: name, gigabytes: gigabytes(memoryBytes), least: gigabytes(leastMemoryBytes) });
  }
  return null;
}

/** One line of nvidia-smi: "NVIDIA GeForce RTX 3060, 550.54.14, 12288, 8.6". */
function readCard(line: string): GraphicsCard[] {
  const [name, driver, mebibytes, capability] = line.split(',').map((field) => field.trim());
  const memoryBytes = Number(mebibytes) * 2 ** 20;
  const computeCapability = Number(capability);
  if (!name || !driver || !Number.isFinite(memoryBytes) || !Number.isFinite(computeCapability)) return [];
  return [{ name, driver, memoryBytes, computeCapability }];
}

/** Of the kernel's module: "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu …". */
async function driverVersion(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return /\s(\d{3}\.\d+(?:\.\d+)?)\s/u.exec(text)?.[1] ?? null;
}

function isOlder(version: string, than: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, least] of than.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
