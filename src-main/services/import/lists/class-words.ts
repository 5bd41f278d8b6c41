import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { decodeText } from './decode-text.ts';

/** What numbers and WordNet ids in a list stand for. */
export interface ClassWords {
  /** Undefined for what they do not name. */
  find(cell: string): string | undefined;
}

/** As the files beside ImageNet's lists are called. */
const wordFiles = ['loc_synset_mapping.txt', 'synset_words.txt', 'synsets.txt', 'classes.txt'];
const mostBytes = 16e6;

/**
 * Reads the names of classes from a file beside a list: a line for each class in the order of their numbers from 0, either
 * `n01440764 tench, Tinca tinca` or a name alone. Null when there is no such file.
 */
export async function readClassWords(list: string): Promise<ClassWords | null> {
  const folder = dirname(list);
  const names = await readdir(folder).catch(() => []);
  const name = wordFiles.flatMap((known) => names.filter((one) => one.toLowerCase() === known))[0];
  if (name === undefined || (await stat(join(folder, name))).size > mostBytes) return null;
  const lines = decodeText(await readFile(join(folder, name)))
    .text.split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  return wordsFromLines(lines);
}

/** The first synonym stands for all of a set. */
export function wordsFromLines(lines: readonly string[]): ClassWords {
  const names = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const [, id, synonyms] = /^(n\d{8})\s*(.*)$/.exec(line.trim()) ?? [line, null, line.trim()];
    const name = synonyms.split(',')[0]?.trim() || (id ?? line.trim());
    names.set(String(index), name);
    if (id != null) names.set(id, name);
  }
  // ImageNet's solution file has boxes behind the id: `n01978287 85 1 499 272`.
  return { find: (cell) => names.get(/^n\d{8}(?=\s)/.exec(cell)?.[0] ?? cell) };
}
