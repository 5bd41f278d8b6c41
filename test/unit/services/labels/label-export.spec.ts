import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProjectContext } from '../../../../src-main/services/project/open-projects.ts';
import { LabelExportService } from '../../../../src-main/services/labels/label-export-service.ts';
import { FreeNames, safeName } from '../../../../src-main/services/labels/safe-names.ts';
import { hashDataset } from '../../../../src-main/services/dataset/dataset-hash.ts';
import { labelFormats, type LabelFormat } from '../../../../src-shared/domain/label-format.ts';
import { oddNames } from '../../../support/odd-names.ts';
import { pngBytes, writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function projectOf(images: readonly { name: string; className: string | null }[]) {
  const folder = temporaryFolder();
  const services = studioServices(folder);
  const project = await services.projects.create('Odd', null);
  await writeFiles(path.join(folder, 'plain'), Object.fromEntries(images.map((_, index) => [`${index}.png`, index])));
  await services.imports.importFolder(project, path.join(folder, 'plain'));
  // Names as an archive or another system may bring them, whatever this one takes.
  const { images: plain } = services.datasets.read(project.id);
  const byNumber = new Map(plain.map((image) => [Number.parseInt(image.fileName, 10), image]));
  const dataset = () => {
    const read = services.datasets.read(project.id);
    const named = new Map([...byNumber].map(([index, { id }]) => [id, images[index]!.name]));
    return { ...read, images: read.images.map((image) => ({ ...image, fileName: named.get(image.id)! })) };
  };
  for (const className of new Set(images.flatMap((image) => image.className ?? []))) {
    const { classId } = services.datasets.addClass(project.id, className);
    const ids = images.flatMap((image, index) => (image.className === className ? [byNumber.get(index)!.id] : []));
    services.datasets.setLabel(project.id, ids, classId);
  }
  const labels = new LabelExportService({ project: () => project, readDataset: dataset });
  return { ...services, folder, project, dataset, labels };
}

/** Imports the list of an export into a project of its own; answers the hash of what came. */
async function readAgain(
  services: ReturnType<typeof studioServices>,
  list: string,
): Promise<{ hash: string; images: number; project: ProjectContext }> {
  const project = await services.projects.create('Again', null);
  const of = {
    projectId: project.id,
    source: { kind: 'chosen' as const, list: services.folders.register(list) },
    images: null,
  };
  const { reading } = await services.imports.inspectList({ ...of, reading: null });
  const { id } = services.imports.startList({ ...of, reading, addsClasses: true });
  await expect.poll(() => services.imports.list(project.id).find((job) => job.id === id)?.status).toBe('completed');
  const read = services.datasets.read(project.id);
  return { hash: hashDataset(read), images: read.images.length, project };
}

const lists: Readonly<Record<Exclude<LabelFormat, 'csv'>, string>> = {
  folders: 'labels.csv',
  huggingface: 'metadata.csv',
  coco: 'annotations.json',
};

describe('labels on their way out', () => {
  it.each(['folders', 'huggingface', 'coco'] as const)(
    'as %s come in again with the same classes and splits, under sixty odd names',
    async (format) => {
      expect(oddNames).toHaveLength(60);
      const classes = ['CON', 'a/b', '..', 'Ash', 'ash', 'é', '=cmd', 'comma, "q"', '🍎', null];
      const { labels, folder, project, dataset, ...services } = await projectOf(
        oddNames.map((name, index) => ({ name, className: classes[index % classes.length]! })),
      );
      const out = path.join(folder, 'out');
      await writeFiles(out, { 'keep.txt': 'x' });
      const { path: written, imageCount } = await labels.export({
        projectId: project.id,
        parent: out,
        name: 'set',
        format,
      });
      expect([written, imageCount]).toEqual([path.join(out, 'set'), 60]);
      const files = readdirSync(written, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      // No escape, no collision, no name that a system folds into another or refuses.
      expect(readdirSync(out).toSorted()).toEqual(['keep.txt', 'set']);
      expect(files).toHaveLength(61);
      const ways = files.map((entry) => path.relative(written, path.join(entry.parentPath, entry.name)));
      expect(new Set(ways.map((way) => way.normalize('NFKC').toLowerCase())).size).toBe(61);
      for (const way of ways) {
        expect(realpathSync(path.join(written, way)).startsWith(`${realpathSync(written)}${path.sep}`)).toBe(true);
        for (const part of way.split(path.sep)) expect(safeName(part)).toBe(part);
      }
      const again = await readAgain({ ...services }, path.join(written, lists[format]));
      expect(again.images).toBe(60);
      expect(again.hash).toBe(hashDataset(dataset()));
    },
  );

  it('as a table label the images of the project they came from', async () => {
    const { labels, folder, project, dataset, ...services } = await projectOf(
      Array.from({ length: 12 }, (_, index) => ({ name: `${index}.png`, className: index % 3 ? 'Oak' : null })),
    );
    const before = hashDataset(dataset());
    const { path: written } = await labels.export({ projectId: project.id, parent: folder, name: null, format: 'csv' });
    expect(path.basename(written)).toBe('Odd csv');
    expect(readdirSync(written)).toEqual(['labels.csv']);
    const oak = services.datasets.read(project.id).classes[0]!;
    services.datasets.setLabel(
      project.id,
      dataset().images.map(({ id }) => id),
      null,
    );
    services.datasets.deleteClass(project.id, oak.id, null);
    const of = {
      projectId: project.id,
      source: { kind: 'chosen' as const, list: services.folders.register(path.join(written, 'labels.csv')) },
      images: null,
    };
    const { reading } = await services.imports.inspectList({ ...of, reading: null });
    const { id } = services.imports.startList({ ...of, reading, addsClasses: true });
    await expect.poll(() => services.imports.list(project.id).find((job) => job.id === id)?.status).toBe('completed');
    expect(hashDataset(services.datasets.read(project.id))).toBe(before);
  });

  it('are what torchvision’s ImageFolder and COCO’s readers expect', async () => {
    const { labels, folder, project } = await projectOf([
      { name: '1.png', className: 'Oak' },
      { name: '2.png', className: null },
    ]);
    const at = async (format: LabelFormat) =>
      (await labels.export({ projectId: project.id, parent: folder, name: format, format })).path;
    const folders = await at('folders');
    expect(readdirSync(folders, { recursive: true }).map(String).toSorted()).toEqual(
      expect.arrayContaining(['labels.csv', 'train/Oak/1.png']),
    );
    expect(new Uint8Array(readFileSync(path.join(folders, 'train/Oak/1.png')))).toEqual(
      new Uint8Array(await pngBytes(0)),
    );
    expect(JSON.parse(readFileSync(path.join(await at('coco'), 'annotations.json'), 'utf8'))).toMatchObject({
      images: [{ id: 1, file_name: 'images/1.png', width: 6, height: 4 }, { id: 2 }],
      annotations: [{ image_id: 1, category_id: 1, bbox: [0, 0, 6, 4] }],
      categories: [{ id: 1, name: 'Oak' }],
    });
  });

  it('are whole or absent: what is in the way stays, and a failure leaves nothing', async () => {
    const { labels, folder, project, dataset } = await projectOf([{ name: '1.png', className: 'Oak' }]);
    await writeFiles(folder, { 'there/note.txt': 'mine' });
    const request = { projectId: project.id, parent: folder, format: 'folders' as const };
    await expect(labels.export({ ...request, name: 'there' })).rejects.toMatchObject({ code: 'conflict' });
    rmSync(project.paths.image(dataset().images[0]!.id, 'png'));
    await expect(labels.export({ ...request, name: 'new' })).rejects.toMatchObject({ code: 'not-found' });
    expect(readdirSync(folder).filter((name) => name.startsWith('.tmp'))).toEqual([]);
    expect([existsSync(path.join(folder, 'new')), readdirSync(path.join(folder, 'there'))]).toEqual([
      false,
      ['note.txt'],
    ]);
  });
});

describe('a name for every system', () => {
  it('is given out once, whatever case and form it comes in', () => {
    const free = new FreeNames();
    expect(['a.png', 'A.png', 'é', 'e\u0301', 'ﬁ', 'fi'].map((name) => free.take(name))).toEqual([
      'a.png',
      'A (2).png',
      'é',
      'é (2)',
      'ﬁ',
      'fi (2)',
    ]);
    expect(labelFormats).toHaveLength(4);
  });
});
