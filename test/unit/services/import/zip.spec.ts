import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatherFiles } from '../../../../src-main/services/import/gather-files.ts';
import { openZip, zipLimits } from '../../../../src-main/services/import/zip-archive.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { renameInZip, writeZip, type ZipEntry } from '../../../support/zip-files.ts';

const quiet = new AbortController().signal;

async function entries(files: Readonly<Record<string, number | string>>): Promise<ZipEntry[]> {
  return await Promise.all(
    Object.entries(files).map(async ([name, content]) => ({
      name,
      bytes: typeof content === 'number' ? await pngBytes(content) : Buffer.from(content),
    })),
  );
}

/** What an import of these roots would bring: path, class and split of each file, and what is left out. */
async function gathered(...roots: readonly string[]): Promise<{ files: string[]; skipped: string[] }> {
  const { files, skipped, close } = await gatherFiles(roots, quiet);
  close();
  return {
    files: files.map((file) => `${file.source}: ${file.className ?? '–'}, ${file.givenSplit ?? '–'}`),
    skipped: skipped.map(({ file, reason }) => `${file}: ${textOf(reason)}`),
  };
}

async function refusalOf(file: string): Promise<{ message: string; ms: number; grownMb: number }> {
  const [before, start] = [process.memoryUsage.rss(), performance.now()];
  const message = await openZip(file, quiet).then(
    (archive) => {
      archive.close();
      return 'opened';
    },
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return { message, ms: performance.now() - start, grownMb: (process.memoryUsage.rss() - before) / 1e6 };
}

describe('a zip archive', () => {
  it('comes in as the folder that it was packed from, without being unpacked beside it', async () => {
    const folder = temporaryFolder();
    const { imports, projects, datasets } = studioServices(folder);
    const project = await projects.create('Test', null);
    const zip = path.join(folder, 'market.zip');
    await writeZip(
      zip,
      await entries({
        'market/train/apple/1.png': 1,
        'market/train/apple/deep/2.png': 2,
        'market/test/pear/3.png': 3,
        'market/README.txt': 'hello',
        '__MACOSX/market/._1.png': 'x',
        'market/.DS_Store': 'x',
      }),
    );
    expect(await imports.importFolder(project, zip)).toMatchObject({ status: 'completed', imported: 3, skipped: 1 });
    const { images, classes } = datasets.read(project.id);
    const names = new Map(classes.map(({ id, name }) => [id, name]));
    expect(images.map(({ source, classId, split }) => [source, names.get(classId!), split])).toEqual([
      ['train/apple/1.png', 'apple', 'training'],
      ['train/apple/deep/2.png', 'apple', 'training'],
      ['test/pear/3.png', 'pear', 'test'],
    ]);
    expect(new Uint8Array(readFileSync(project.paths.image(images[0]!.id, 'png')))).toEqual(
      new Uint8Array(await pngBytes(1)),
    );
    expect(readdirSync(folder).toSorted()).toEqual(['cache', 'config', 'market.zip', 'projects']);
  });

  it('keeps the order and the dataset of the same files in a folder', async () => {
    const folder = temporaryFolder();
    const files = { 'b/2.png': 2, 'a/1.png': 1, 'valid/c/3.png': 3, 'loose.png': 4 };
    await writeFiles(path.join(folder, 'plain'), files);
    await writeZip(path.join(folder, 'packed.zip'), await entries(files));
    expect(await gathered(path.join(folder, 'packed.zip'))).toEqual(await gathered(path.join(folder, 'plain')));
  });

  it('in a folder stands for what is in it', async () => {
    const folder = temporaryFolder();
    await writeFiles(path.join(folder, 'all'), { 'apple/1.png': 1, 'broken.zip': 'no archive' });
    await writeZip(path.join(folder, 'all', 'apple', 'more.zip'), await entries({ '2.png': 2, 'x/3.png': 3 }));
    expect(await gathered(path.join(folder, 'all'))).toEqual({
      files: ['apple/1.png: apple, –', 'apple/2.png: apple, –', 'apple/x/3.png: apple, –'],
      skipped: [expect.stringMatching(/^broken\.zip: The archive is damaged/)],
    });
  });

  it('names its entries as the program that packed it meant: UTF-8 without the mark, GBK, code page 437', async () => {
    const folder = temporaryFolder();
    const named = async (bytes: Uint8Array): Promise<string> => {
      const zip = path.join(folder, `${String(bytes.length)}-${String(bytes[0])}.zip`);
      const plain = `${'n'.repeat(bytes.length)}/1.png`;
      await writeZip(zip, await entries({ [plain]: 1, 'plain/2.png': 2 }));
      renameInZip(zip, plain, Buffer.concat([bytes, Buffer.from('/1.png')]));
      // Without the mark that says UTF-8, which is how such programs write.
      const archive = readFileSync(zip);
      archive.writeUInt16LE(0, archive.lastIndexOf(bytes) - 46 + 8);
      writeFileSync(zip, archive);
      return (await gathered(zip)).files.find((file) => !file.startsWith('plain'))?.split(':')[0] ?? '';
    };
    expect(await named(Buffer.from('ümlaut'))).toBe('ümlaut/1.png');
    expect(await named(Uint8Array.of(0xc6, 0xbb, 0xb9, 0xfb))).toBe('苹果/1.png');
    expect(await named(Uint8Array.of(0x63, 0x61, 0x66, 0x82))).toBe('café/1.png');
  });
});

describe('several folders and archives at once', () => {
  it('read those with folders as they are, and take those of mere pictures as classes and splits', async () => {
    const folder = temporaryFolder();
    const at = (name: string): string => path.join(folder, name);
    await writeFiles(folder, {
      'batch/apple/1.png': 1,
      'batch/pear/2.png': 2,
      'plum/3.png': 3,
      'train/apple/4.png': 4,
      'single.png': 5,
    });
    await writeZip(at('fig.zip'), await entries({ '6.png': 6 }));
    expect(await gathered(at('batch'), at('plum'), at('train'), at('fig.zip'), at('single.png'))).toEqual({
      files: [
        'single.png: –, –',
        'apple/1.png: apple, –',
        'train/apple/4.png: apple, training',
        'fig/6.png: fig, –',
        'pear/2.png: pear, –',
        'plum/3.png: plum, –',
      ],
      skipped: [],
    });
  });
});

describe('a hostile archive', () => {
  const names = [
    '../../out.png',
    '/etc/pass.png',
    'C:/windows.png',
    '\\\\host\\sh.png',
    'a\\..\\b\\1.png',
    'a/../../1.png',
  ];

  it.each(names)('has its entry %j left out with the reason; the others come in', async (name) => {
    const zip = path.join(temporaryFolder(), 'a.zip');
    const plain = 'n'.repeat(name.length);
    await writeZip(zip, await entries({ [plain]: 1, 'cat/2.png': 2 }));
    renameInZip(zip, plain, name);
    const { files, skipped } = await gathered(zip);
    expect(files).toEqual(['cat/2.png: cat, –']);
    expect(skipped).toEqual([expect.stringContaining('leads out of the archive')]);
  });

  it('has links, encrypted entries and other packings left out', async () => {
    const zip = path.join(temporaryFolder(), 'a.zip');
    const [one] = await entries({ 'cat/1.png': 1 });
    const link = { name: 'cat/link.png', bytes: Buffer.from('/etc/passwd'), mode: 0o120_777 };
    await writeZip(zip, [one!, link, { ...one!, name: 'cat/secret.png' }, { ...one!, name: 'cat/odd.png' }]);
    const bytes = readFileSync(zip);
    // General purpose flags at +8, method at +10 of an entry of the central directory, whose name is at +46.
    bytes.writeUInt16LE(1, bytes.lastIndexOf('cat/secret.png') - 46 + 8);
    bytes.writeUInt16LE(14, bytes.lastIndexOf('cat/odd.png') - 46 + 10);
    writeFileSync(zip, bytes);
    const { files, skipped } = await gathered(zip);
    expect(files).toEqual(['cat/1.png: cat, –']);
    expect(skipped).toEqual([
      expect.stringMatching(/^cat\/link\.png: This is a link/),
      expect.stringMatching(/^cat\/odd\.png: It is packed in a way/),
      expect.stringMatching(/^cat\/secret\.png: It is encrypted/),
    ]);
  });

  it('that unpacks to far more than its size is refused at once, in little memory', async () => {
    const folder = temporaryFolder();
    const bomb = path.join(folder, 'bomb.zip');
    await writeZip(bomb, [{ name: 'zeros.png', bytes: Buffer.alloc(200e6) }]);
    expect(statSync(bomb).size).toBeLessThan(300_000);
    const { message, ms, grownMb } = await refusalOf(bomb);
    expect(message).toContain(`more than ${zipLimits.ratio} times its size`);
    expect(ms).toBeLessThan(100);
    expect(grownMb).toBeLessThan(100);
  });

  it('whose entries share bytes, or declare more than 10 GB or 200,000 files, is refused at once', async () => {
    const folder = temporaryFolder();
    const noise = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 2654435761) >>> 13);
    const shared = path.join(folder, 'shared.zip');
    await writeZip(shared, [{ name: 'a.png', bytes: noise }, ...(await entries({ 'b.png': 1 }))]);
    const doubled = readFileSync(shared);
    const directory = doubled.lastIndexOf('b.png') - 46;
    doubled.copyWithin(directory + 16, doubled.lastIndexOf('a.png') - 46 + 16, doubled.lastIndexOf('a.png') - 46 + 28);
    writeFileSync(shared, doubled);

    const large = path.join(folder, 'large.zip');
    await writeZip(large, [
      { name: 'a.png', bytes: noise },
      { name: 'b.png', bytes: noise },
      { name: 'c.png', bytes: noise },
    ]);
    const declared = readFileSync(large);
    for (const name of ['a.png', 'b.png', 'c.png']) declared.writeUInt32LE(4e9, declared.lastIndexOf(name) - 46 + 24);
    writeFileSync(large, declared);

    const many = path.join(folder, 'many.zip');
    await writeZip(many, await entries({ 'a.png': 1 }));
    const counted = readFileSync(many);
    // A 64-bit end record, so that more than 65,535 files can be declared.
    const end = counted.length - 22;
    const end64 = Buffer.alloc(56 + 20);
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(44n, 4);
    end64.writeBigUInt64LE(300_000n, 24);
    end64.writeBigUInt64LE(300_000n, 32);
    end64.writeBigUInt64LE(BigInt(counted.readUInt32LE(end + 12)), 40);
    end64.writeBigUInt64LE(BigInt(counted.readUInt32LE(end + 16)), 48);
    end64.writeUInt32LE(0x07064b50, 56);
    end64.writeBigUInt64LE(BigInt(end), 64);
    end64.writeUInt32LE(1, 72);
    counted.writeUInt16LE(0xffff, end + 8);
    counted.writeUInt16LE(0xffff, end + 10);
    writeFileSync(many, Buffer.concat([counted.subarray(0, end), end64, counted.subarray(end)]));

    const refusals = [await refusalOf(shared), await refusalOf(large), await refusalOf(many)];
    expect(refusals.map(({ message }) => message)).toEqual([
      expect.stringContaining('times its size'),
      expect.stringContaining('unpacks to 12.0 GB'),
      expect.stringContaining('300000 files'),
    ]);
    for (const { ms } of refusals) expect(ms).toBeLessThan(100);
  });

  it('whose entry is longer or shorter than it declares has that entry left out', async () => {
    const zip = path.join(temporaryFolder(), 'a.zip');
    const files = await entries({ 'cat/1.png': 1, 'cat/2.png': 2, 'cat/3.png': 3 });
    await writeZip(zip, files);
    const bytes = readFileSync(zip);
    const sizeOf = (name: string): number => bytes.lastIndexOf(name) - 46 + 24;
    bytes.writeUInt32LE(files[0]!.bytes.length - 5, sizeOf('cat/1.png'));
    bytes.writeUInt32LE(files[1]!.bytes.length + 5, sizeOf('cat/2.png'));
    writeFileSync(zip, bytes);
    const { files: found, close } = await gatherFiles([zip], quiet);
    const read = await Promise.all(
      found.map(({ content }) =>
        content.read().then(
          ({ length }) => length,
          (error: unknown) => String(error),
        ),
      ),
    );
    close();
    expect(read).toEqual([
      expect.stringContaining('cannot be unpacked'),
      expect.stringContaining('cannot be unpacked'),
      files[2]!.bytes.length,
    ]);
  });

  it('that was cut off or is something else is refused with a reason', async () => {
    const folder = temporaryFolder();
    const whole = path.join(folder, 'whole.zip');
    await writeZip(whole, await entries({ 'cat/1.png': 1, 'cat/2.png': 2 }));
    const bytes = readFileSync(whole);
    for (let cut = 0; cut < bytes.length; cut += 37) {
      const file = path.join(folder, 'cut.zip');
      writeFileSync(file, bytes.subarray(0, cut));
      expect((await refusalOf(file)).message).toContain('damaged');
    }
  });
});
