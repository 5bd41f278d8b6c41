import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src-shared/contract/app-error.ts';
import { writeFileDurably, writeJsonDurably } from '../../../src-main/storage/durable-write.ts';
import { nodeFiles, type FilePort, type OpenFile } from '../../../src-main/storage/file-port.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const oldText = 'old '.repeat(5000);
const newText = 'new and longer '.repeat(5000);

/** The real file system, except that the call of this number (from 1), and those after it when `forEver`, fail. */
function failingFiles(failing: number, code: string, forEver: boolean): FilePort & { readonly calls: () => number } {
  let calls = 0;
  async function counted<T>(call: () => Promise<T>): Promise<T> {
    calls += 1;
    if (forEver ? calls >= failing : calls === failing) throw Object.assign(new Error(`${code}: made up`), { code });
    return call();
  }
  const wrap = (file: OpenFile): OpenFile => ({
    write: (bytes) => counted(() => file.write(bytes.subarray(0, Math.ceil(bytes.byteLength / 2)))),
    sizeBytes: () => counted(() => file.sizeBytes()),
    sync: () => counted(() => file.sync()),
    close: async () => {
      // The handle closes in any case, as the system's close does even where it reports an error.
      await file.close();
      await counted(async () => undefined);
    },
  });
  return {
    calls: () => calls,
    open: (file, flags) => counted(async () => wrap(await nodeFiles.open(file, flags))),
    rename: (from, to) => counted(() => nodeFiles.rename(from, to)),
    remove: (file) => counted(() => nodeFiles.remove(file)),
  };
}

describe('a durable write', () => {
  it('replaces the whole file, also when the system takes the bytes in pieces, and leaves nothing else', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.json');
    writeFileSync(file, oldText);
    await writeFileDurably(file, newText, failingFiles(Number.POSITIVE_INFINITY, 'EIO', false));
    expect(readFileSync(file, 'utf8')).toBe(newText);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('writes bytes that are given in parts one after another, also when the system takes them in pieces', async () => {
    const file = path.join(temporaryFolder(), 'a.bin');
    const parts = [Uint8Array.of(1, 2, 3), Uint8Array.of(), Uint8Array.of(4)];
    await writeFileDurably(file, parts, failingFiles(Number.POSITIVE_INFINITY, 'EIO', false));
    expect([...readFileSync(file)]).toEqual([1, 2, 3, 4]);
  });

  it('keeps the old or has the new file whichever call fails, once or for ever, and says so', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.json');
    const probe = failingFiles(Number.POSITIVE_INFINITY, 'EIO', false);
    await writeFileDurably(file, newText, probe);
    expect(probe.calls()).toBeGreaterThan(10);
    for (const [code, expected] of [
      ['ENOSPC', 'disk-full'],
      ['EIO', 'no-access'],
      ['EACCES', 'no-access'],
      ['EMFILE', 'no-access'],
      ['EBUSY', 'no-access'],
    ] as const) {
      for (let failing = 1; failing <= probe.calls(); failing += 1) {
        for (const forEver of [false, true]) {
          writeFileSync(file, oldText);
          const error: unknown = await writeFileDurably(file, newText, failingFiles(failing, code, forEver)).catch(
            (e: unknown) => e,
          );
          expect([oldText, newText]).toContain(readFileSync(file, 'utf8'));
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: expected, retry: true });
        }
      }
    }
  });

  it('refuses a file that the system cut short without an error', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'a.json');
    writeFileSync(file, oldText);
    const lying: FilePort = {
      ...nodeFiles,
      open: async (name, flags) => ({ ...(await nodeFiles.open(name, flags)), sizeBytes: async () => 17 }),
    };
    await expect(writeFileDurably(file, newText, lying)).rejects.toMatchObject({ code: 'no-access' });
    expect(readFileSync(file, 'utf8')).toBe(oldText);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('writes JSON for people: sorted keys, two spaces, a newline at the end', async () => {
    const file = path.join(temporaryFolder(), 'a.json');
    await writeJsonDurably(file, { b: 1, a: { d: [], c: 'x' } });
    expect(readFileSync(file, 'utf8')).toBe('{\n  "a": {\n    "c": "x",\n    "d": []\n  },\n  "b": 1\n}\n');
  });
});
