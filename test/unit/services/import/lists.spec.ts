import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListReading } from '../../../../src-shared/contract/import-list.contract.ts';
import type { FolderToken } from '../../../../src-shared/domain/ids.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';
import { decodeText } from '../../../../src-main/services/import/lists/decode-text.ts';
import { FileIndex } from '../../../../src-main/services/import/lists/file-index.ts';
import { openList } from '../../../../src-main/services/import/lists/open-list.ts';
import { contentsOf, endOf } from '../../../support/imported.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { writeZip } from '../../../support/zip-files.ts';

/** A project, a folder, and a way to import lists from it. */
async function workplace(files: Parameters<typeof writeFiles>[1]) {
  const folder = temporaryFolder();
  await writeFiles(folder, files);
  const services = studioServices(folder);
  const { imports, projects, folders } = services;
  const project = await projects.create('Test', null);
  const token = (name: string): FolderToken => folders.register(path.join(folder, name));
  const of = (list: string, images: string | null) => ({
    projectId: project.id,
    source: { kind: 'chosen' as const, list: token(list) },
    images: images === null ? null : token(images),
  });
  const inspect = (list: string, images: string | null = null, reading: ListReading | null = null) =>
    imports.inspectList({ ...of(list, images), reading });
  async function run(
    list: string,
    options: { images?: string; reading?: Partial<ListReading>; addsClasses?: boolean } = {},
  ) {
    const { reading } = await inspect(list, options.images ?? null);
    const started = imports.startList({
      ...of(list, options.images ?? null),
      reading: { ...reading, ...options.reading },
      addsClasses: options.addsClasses ?? true,
    });
    return await endOf(services, started);
  }
  const contents = (): string[] => contentsOf(services, project.id);
  return { ...services, folder, project, inspect, run, contents };
}

describe('a list of labels', () => {
  it('brings its files in with classes and splits, whatever its columns are called and in whatever order', async () => {
    const { run, inspect, contents } = await workplace({
      'set/labels.csv': 'photo,note,species,part\na/1.png,"x, y",Oak,train\na/2.png,,Ash,val\n3.png,,Oak,test\n',
      'set/a/1.png': 1,
      'set/a/2.png': 2,
      'set/3.png': 3,
    });
    expect(await inspect('set/labels.csv')).toMatchObject({
      format: 'table',
      columns: ['photo', 'note', 'species', 'part'],
      reading: { encoding: 'utf-8', delimiter: ',', hasHeader: true, file: 0, class: 2, split: 3 },
      rowCount: 3,
      found: 3,
      known: 0,
      missing: 0,
      classes: [
        { name: 'Oak', count: 2, isNew: true },
        { name: 'Ash', count: 1, isNew: true },
      ],
      rows: [{ line: 2, cells: ['a/1.png', 'x, y', 'Oak', 'train'] }, { line: 3 }, { line: 4 }],
    });
    const { job } = await run('set/labels.csv');
    expect(job).toMatchObject({ status: 'completed', name: 'labels.csv', imported: 3, classesAdded: 2, skipped: 0 });
    expect(contents()).toEqual(['a/1.png: Oak, training', 'a/2.png: Ash, validation', '3.png: Oak, test']);
  });

  it('says by line which files are missing, which classes unknown, and what is contradictory', async () => {
    const { run, project, datasets, contents } = await workplace({
      'labels.tsv':
        'file\tlabel\tsplit\n1.png\tOak\ttrain\ngone.png\tOak\ttrain\n2.png\tElm\tdev set\n\n1.png\tAsh\ttrain\n\tOak\ttrain\n',
      '1.png': 1,
      '2.png': 2,
    });
    datasets.addClass(project.id, 'Oak');
    const { skipped } = await run('labels.tsv', { addsClasses: false });
    expect(skipped).toEqual([
      expect.stringMatching(/^: Line 7 names no file/),
      expect.stringMatching(/^1\.png: Line 6 says something else of a file that line 2 names/),
      expect.stringMatching(/^2\.png: Line 4: “dev set” is no split/),
      expect.stringMatching(/^2\.png: Line 4: the project has no class “Elm”/),
      expect.stringMatching(/^gone\.png: Line 3: there is no such file/),
    ]);
    expect(contents().map((line) => line.split(',')[0])).toEqual(['1.png: Oak', '2.png: –']);
  });

  it('labels images that the project has, by name or by content, as one edit that can be undone', async () => {
    const { run, imports, folder, project, datasets, contents } = await workplace({
      'first/oak/1.png': 1,
      'first/oak/2.png': 2,
      'first/3.png': 3,
      'labels.csv': 'file_name,label\noak/1.png,Ash\n2.png,oak\n3.png,Elm\n',
      'second/renamed.png': 2,
      'second/labels.csv': 'file_name,label,split\nrenamed.png,Yew,test\n',
    });
    await imports.importFolder(project, path.join(folder, 'first'), { ratios: { validation: 0, test: 0, seed: 1 } });
    const before = contents();
    const { job } = await run('labels.csv', { images: 'projects' });
    expect(job).toMatchObject({ imported: 0, labelled: 2, classesAdded: 2, skipped: 0 });
    expect(contents()).toEqual(['3.png: Elm, training', 'oak/1.png: Ash, training', 'oak/2.png: oak, training']);
    expect(datasets.read(project.id).undo).toMatchObject({ kind: 'import-labels', imageCount: 2 });
    datasets.undo(project.id);
    expect(contents()).toEqual(before);
    datasets.redo(project.id);
    expect((await run('second/labels.csv')).job).toMatchObject({ imported: 0, duplicates: 1, labelled: 1 });
    expect(contents()[2]).toBe('oak/2.png: Yew, test');
  });

  it('takes its files from a chosen folder or archive', async () => {
    const { run, folder, contents } = await workplace({ 'lists/labels.csv': 'path;class\n/data/all/x/1.png;Oak\n' });
    await writeZip(path.join(folder, 'photos.zip'), [{ name: 'x/1.png', bytes: await pngBytes(1) }]);
    expect((await run('lists/labels.csv', { images: 'photos.zip' })).job).toMatchObject({ imported: 1, skipped: 0 });
    expect(contents()).toEqual([expect.stringMatching(/^x\/1\.png: Oak/)]);
  });

  it('cannot lead out of the folder that its files are in', async () => {
    const { run, folder } = await workplace({
      'outside/secret.png': 1,
      'set/labels.csv': '',
      'set/1.png': 2,
    });
    const ways = [
      '../outside/secret.png',
      path.join(folder, 'outside/secret.png'),
      '..\\outside\\secret.png',
      'file:///etc/x.png',
    ];
    writeFileSync(path.join(folder, 'set/labels.csv'), ['file', ...ways].join('\n'));
    const { job, skipped } = await run('set/labels.csv');
    expect([job.imported, skipped.length]).toEqual([0, 4]);
  });
});

describe('the reading of a list', () => {
  it.each([
    ['utf-8', (text: string) => Buffer.from(text)],
    ['utf-8', (text: string) => Buffer.from(`\ufeff${text}`)],
    ['utf-16le', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['utf-16le', (text: string) => Buffer.from(text, 'utf16le')],
    ['utf-16be', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    [
      'gb18030',
      () =>
        Buffer.concat([Buffer.from('file,label\n1.png,'), Buffer.from([0xc6, 0xbb, 0xb9, 0xfb]), Buffer.from('\n')]),
    ],
  ] as const)('finds %s by itself', (encoding, write) => {
    const decoded = decodeText(write('file,label\n1.png,苹果\n'));
    expect(decoded).toEqual({ encoding, text: 'file,label\n1.png,苹果\n' });
  });

  async function read(name: string, text: string, more: Record<string, string> = {}) {
    const folder = temporaryFolder();
    await writeFiles(folder, { [name]: text, ...more });
    const { reading, files, problems } = await openList(path.join(folder, name), null, 'single-label');
    return {
      reading,
      files: files.map(({ file, line, className, split }) => [file, line, className, split]),
      problems: problems.map(({ file, reason }) => `${file}: ${textOf(reason)}`),
    };
  }

  it('does without a header, with other separators, and with quoted line breaks', async () => {
    expect(await read('a.txt', 'x/1.jpg|Oak\nx/2.jpg|Ash\n')).toMatchObject({
      reading: { delimiter: '|', hasHeader: false, file: 0, class: 1 },
      files: [
        ['x/1.jpg', 1, 'Oak', null],
        ['x/2.jpg', 2, 'Ash', null],
      ],
    });
    expect((await read('b.csv', 'file,label\n"1\n.jpg",Oak\n2.jpg,Ash\n')).files).toEqual([
      ['1\n.jpg', 2, 'Oak', null],
      ['2.jpg', 4, 'Ash', null],
    ]);
  });

  it('knows Hugging Face’s metadata, as table and as JSON lines', async () => {
    const files = [
      ['train/1.jpg', 1, 'cat', null],
      ['train/2.jpg', 2, 'dog', null],
    ];
    const lines = '{"file_name":"train/1.jpg","label":"cat"}\n{"file_name":"train/2.jpg","label":"dog"}\n';
    expect((await read('metadata.jsonl', lines)).files).toEqual(files);
    expect((await read('one.jsonl', lines.split('\n')[0]!)).files).toEqual(files.slice(0, 1));
  });

  it('knows ImageNet’s lists with the words of their classes', async () => {
    const words = { 'synset_words.txt': 'n01440764 tench, Tinca tinca\nn01443537 goldfish, Carassius auratus\n' };
    expect((await read('val.txt', 'ILSVRC2012_val_1.JPEG 1\nmy dir/2.JPEG 0\n', words)).files).toEqual([
      ['ILSVRC2012_val_1.JPEG', 1, 'goldfish', null],
      ['my dir/2.JPEG', 2, 'tench', null],
    ]);
    const solution = 'ImageId,PredictionString\nILSVRC2012_val_1,n01443537 85 1 499 272 \n';
    expect((await read('LOC_val_solution.csv', solution, words)).files).toEqual([
      ['ILSVRC2012_val_1', 2, 'goldfish', null],
    ]);
  });

  it('knows COCO, and says where an image has several classes', async () => {
    const coco = {
      images: [
        { id: 1, file_name: '1.jpg' },
        { id: 2, file_name: '2.jpg' },
        { id: 3, file_name: '3.jpg', split: 'val' },
      ],
      annotations: [
        { image_id: 1, category_id: 7 },
        { image_id: 1, category_id: 7 },
        { image_id: 2, category_id: 7 },
        { image_id: 2, category_id: 8 },
      ],
      categories: [
        { id: 7, name: 'cat' },
        { id: 8, name: 'dog' },
      ],
    };
    expect(await read('instances.json', JSON.stringify(coco))).toMatchObject({
      files: [
        ['1.jpg', 1, 'cat', null],
        ['2.jpg', 2, null, null],
        ['3.jpg', 3, null, 'validation'],
      ],
      problems: [expect.stringContaining('2 classes (cat, dog)')],
    });
    await expect(read('a.json', '{"images": [{"name": 1}]}')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(read('a.jsonl', '{"file": "1.png"}\nnonsense\n')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('what a path in a list means', () => {
  const index = new FileIndex(
    ['cat/1.jpg', 'dog/1.jpg', 'dog/Ü 2.JPG', 'x/y/3.jpg', 'one/7.jpg', 'two/7.jpg'].map((way) => ({
      segments: way.split('/'),
    })),
  );
  it.each([
    ['cat/1.jpg', 'cat/1.jpg'],
    ['data\\dog\\1.jpg', 'dog/1.jpg'],
    ['./Cat/1.JPG', 'cat/1.jpg'],
    ['U\u0308 2.jpg', 'dog/Ü 2.JPG'],
    ['3', 'x/y/3.jpg'],
    ['y/3.jpg', 'x/y/3.jpg'],
    ['z/3.jpg', null],
    ['7.jpg', null],
    ['', null],
  ])('%j is %j', (path, found) => {
    expect(index.find(path)?.segments.join('/') ?? null).toBe(found);
  });
});
