import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { say, sentenceSchema, textOf, type Sentence } from '../../src-shared/domain/sentence.ts';
import { firstOperation } from './compile-binding.ts';
import type { GraphicsCard } from './graphics-card.ts';
import { runCommand } from './run-command.ts';

/** Whether TensorFlow really computed on the card; null says yes, a sentence says why not. */
export type CardVerdict = Sentence | null;

const recordSchema = v.object({
  schemaVersion: v.literal(1),
  card: v.string(),
  driver: v.string(),
  verdict: v.nullable(sentenceSchema),
});
const recordName = 'card.json';

/** How long libraries may take to load and the driver to compile for a card that they have no code for. */
const checkMs = 180_000;

/** Exits with 4 where TensorFlow sees no card. */
const script = `
const binding = require(process.argv[1]);
if (!binding.isUsingGpuDevice()) process.exit(4);
${firstOperation}`;

/**
 * Has TensorFlow multiply two matrices on the card, in a process of its own: a driver that does not fit may end it by a signal.
 *
 * A card that is refused is an answer and no failure: the processor trains then.
 */
export async function checkCard(
  bindingPath: string,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<CardVerdict> {
  const result = await runCommand(process.execPath, ['-e', script, bindingPath], {
    environment: { ...environment, TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
    signal,
    patienceMs: checkMs,
  });
  if (result.isOverdue) return say('cardFails', { how: `${String(checkMs / 1000)} s`, words: '…' });
  if (result.exitCode === 0) return null;
  if (result.exitCode === 4) return say('cardNotSeen', { words: lastWords(result.output) });
  const how = result.signalName ?? `exit code ${String(result.exitCode)}`;
  return say('cardFails', { how, words: lastWords(result.output) });
}

/** Refusals that may pass, by runtime, card and driver: they hold for this process, so that a card that hangs is not waited for again and again. */
const refusedForNow = new Map<string, Sentence>();

/** Keeps what a check said of this card with this driver: on disk where it will say so again, else while this process runs. */
export async function keepCardVerdict(folder: string, card: GraphicsCard, verdict: CardVerdict): Promise<void> {
  const key = keyOf(folder, card);
  refusedForNow.delete(key);
  if (verdict !== null && !willRepeat(verdict)) {
    refusedForNow.set(key, verdict);
    await rm(path.join(folder, recordName), { force: true });
    return;
  }
  const { name, driver } = card;
  const record: v.InferOutput<typeof recordSchema> = { schemaVersion: 1, card: name, driver, verdict };
  await writeFile(path.join(folder, recordName), `${JSON.stringify(record, null, 2)}\n`);
}

/** What the latest check said; undefined when none was made of this card with this driver, or only one whose refusal may have passed. */
export async function readCardVerdict(folder: string, card: GraphicsCard): Promise<CardVerdict | undefined> {
  const forNow = refusedForNow.get(keyOf(folder, card));
  if (forNow !== undefined) return forNow;
  const text = await readFile(path.join(folder, recordName), 'utf8').catch(() => undefined);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordSchema), text);
  if (!parsed.success) return undefined;
  const { verdict } = parsed.output;
  if (parsed.output.card !== card.name || parsed.output.driver !== card.driver) return undefined;
  // Earlier versions kept every refusal.
  return verdict === null || willRepeat(verdict) ? verdict : undefined;
}

/**
 * True for refusals that card, driver and libraries will give again: no code for this card, a driver too old for these libraries, a library
 * that is missing. Time-outs, memory that others hold and cards that are busy pass.
 */
export function willRepeat(refusal: Sentence): boolean {
  const words = textOf(refusal);
  return /no kernel image|NO_BINARY_FOR_GPU|INVALID_PTX|UNSUPPORTED_PTX|insufficient for CUDA|COMPAT_NOT_SUPPORTED|compute capability|cannot open shared object|undefined symbol|Could not load dynamic library/iu.test(
    words,
  );
}

function keyOf(folder: string, { name, driver }: GraphicsCard): string {
  return [folder, name, driver].join('\n');
}

/** The line of TensorFlow's log that tells most, which is usually the last error. */
function lastWords(output: string): string {
  const lines = output.trim().split('\n');
  const told = [/Error:|CUDA_ERROR|[EF]\d{4} /u, /dlopen|libcu|driver/iu].map((about) =>
    lines.findLast((line) => about.test(line)),
  );
  const line = told.find((one) => one !== undefined) ?? lines.at(-1) ?? '';
  return line.slice(0, 300);
}
