import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { joinClassNames } from '../../../../src-shared/domain/class-list.ts';
import type { LabelFormat } from '../../../../src-shared/domain/label-format.ts';
import { hashDataset } from '../../../../src-main/services/dataset/dataset-hash.ts';
import { guessClassSeparator, toClassNames } from '../../../../src-main/services/import/lists/list-classes.ts';
import { LabelExportService } from '../../../../src-main/services/labels/label-export-service.ts';
import type { ProjectContext } from '../../../../src-main/services/project/open-projects.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function workplace(files: Parameters<typeof writeFiles>[1]) {
  const folder = temporaryFolder();
  await writeFiles(folder, files);
  const services = studioServices(folder);
  const project = await services.projects.create('Street', null, 'multi-label');
  return { ...services, folder, project };
}

type Services = Awaited<ReturnType<typeof workplace>>;

/** Imports a list; answers what it says and what was reported. */
async function importList(
  services: Omit<Services, 'project'>,
  list: string,
  project: ProjectContext,
  addsClasses = true,
) {
  const { imports, folders, folder } = services;
  const of = {
    projectId: project.id,
    source: { kind: 'chosen' as const, list: folders.register(path.resolve(folder, list)) },
    images: null,
  };
  const preview = await imports.inspectList({ ...of, reading: null });
  const { id } = imports.startList({ ...of, reading: preview.reading, addsClasses });
  const job = () => imports.list(project.id).find((one) => one.id === id);
  await expect.poll(() => job()?.status).toBe('completed');
  return { preview, job: job() };
}

/** “source: a + b”, “none” for none of the classes and “–” for an image that is not labelled. */
function contents({ datasets }: Pick<Services, 'datasets'>, project: ProjectContext): readonly string[] {
  const { classes, images } = datasets.read(project.id);
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  return images.map(({ source, classIds }) => {
    const ofImage = classIds?.map((id) => names.get(id)).toSorted() ?? null;
    return `${source}: ${ofImage === null ? '–' : ofImage.join(' + ') || 'none'}`;
  });
}

const pictures = { '1.png': 1, '2.png': 2, '3.png': 3, '4.png': 4 };
const expected = ['1.png: Car + Tree', '2.png: Tree', '3.png: none', '4.png: –'];

describe('a list in a multi-label project', () => {
  it.each([
    ['a separator', 'labels.csv', 'file,labels\n1.png,Car|Tree\n2.png,Tree\n3.png,|\n4.png,\n', '|'],
    [
      'JSON lists in a table',
      'labels.csv',
      'file,labels\n1.png,"[""Car"",""Tree""]"\n2.png,"[""Tree""]"\n3.png,[]\n4.png,\n',
      null,
    ],
    ['rows of the same file', 'labels.csv', 'file,label\n1.png,Tree\n1.png,Car\n2.png,Tree\n3.png,[]\n4.png,\n', null],
    [
      'JSON lines',
      'labels.jsonl',
      '{"file":"1.png","labels":["Car","Tree"]}\n{"file":"2.png","labels":["Tree"]}\n{"file":"3.png","labels":[]}\n{"file":"4.png","labels":null}\n',
      null,
    ],
    [
      'COCO',
      'labels.json',
      JSON.stringify({
        images: [1, 2, 3, 4].map((id) => ({ id, file_name: `${id}.png`, ...(id === 3 && { is_labelled: true }) })),
        annotations: [
          { image_id: 1, category_id: 7 },
          { image_id: 1, category_id: 9 },
          { image_id: 1, category_id: 9 },
          { image_id: 2, category_id: 9 },
        ],
        categories: [
          { id: 7, name: 'Car' },
          { id: 9, name: 'Tree' },
        ],
      }),
      undefined,
    ],
  ])('says all classes of an image by %s', async (_way, name, text, separator) => {
    const services = await workplace({ [name]: text, ...pictures });
    const { preview, job } = await importList(services, name, services.project);
    expect(job).toMatchObject({ imported: 4, classesAdded: 2, skipped: 0 });
    expect(contents(services, services.project)).toEqual(expected);
    expect(preview.reading.classSeparator).toBe(separator);
    expect(preview.classes).toEqual([
      { name: 'Tree', count: 2, isNew: true },
      { name: 'Car', count: 1, isNew: true },
    ]);
    expect(preview.withoutClass).toBe(1);
  });

  it('gives images that are there all their classes as one edit, and reports classes that it may not add', async () => {
    const services = await workplace({
      'labels.csv': 'file,labels\n1.png,Car;Tree\n2.png,Lamp\n',
      'Car/1.png': 1,
      'Car/2.png': 2,
    });
    const { imports, datasets, project, folder } = services;
    await imports.importFolder(project, path.join(folder));
    expect(contents(services, project)).toEqual(['Car/1.png: Car', 'Car/2.png: Car']);
    datasets.addClass(project.id, 'Tree');
    const { job } = await importList(services, 'labels.csv', project, false);
    expect(job).toMatchObject({ imported: 0, labelled: 1, skipped: 1 });
    expect(contents(services, project)).toEqual(['Car/1.png: Car + Tree', 'Car/2.png: Car']);
    datasets.undo(project.id);
    expect(contents(services, project)).toEqual(['Car/1.png: Car', 'Car/2.png: Car']);
  });
});

describe('the classes of an image as one text', () => {
  it.each([
    [['Car', 'Tree'], ['Car', 'Tree', 'Lamp'], 'Car|Tree'],
    [[], ['Car'], '|'],
    [null, ['Car'], ''],
    [['Fruit, red'], ['Fruit, red', 'Car'], '["Fruit, red"]'],
    [[], ['a|b'], '[]'],
  ])('%j of %j is %j, and is taken apart again', (names, all, text) => {
    expect(joinClassNames(names, all)).toBe(text);
    const separator = guessClassSeparator(all.map((name) => joinClassNames([name], all)).concat(text));
    expect(toClassNames(text, separator, null)).toEqual(names);
  });

  it('is no name where a part of it is none', () => {
    expect(toClassNames(`Car|${'x'.repeat(200)}`, '|', null)).toBeUndefined();
  });
});

it.each(['csv', 'coco', 'huggingface'] as const)(
  'labels of several classes go out as %s and come in again',
  async (format) => {
    const services = await workplace({
      'labels.csv': 'file,labels\n1.png,Car|Tree\n2.png,Tree\n3.png,|\n4.png,\n',
      ...pictures,
    });
    const { project, projects, datasets, folder } = services;
    await importList(services, 'labels.csv', project);
    const labels = new LabelExportService({ project: () => project, readDataset: (id) => datasets.read(id) });
    const { path: out } = await labels.export({ projectId: project.id, parent: folder, name: 'out', format });
    // A table without images is read beside them.
    const lists: Readonly<Record<Exclude<LabelFormat, 'folders'>, string>> = {
      ...{ csv: '../labels-again.csv', huggingface: 'metadata.csv', coco: 'annotations.json' },
    };
    if (format === 'csv')
      await writeFiles(folder, { 'labels-again.csv': await readFile(path.join(out, 'labels.csv'), 'utf8') });
    const again = await projects.create('Again', null, 'multi-label');
    await importList(services, path.join(out, lists[format]), again);
    expect(hashDataset(datasets.read(again.id))).toBe(hashDataset(datasets.read(project.id)));
    expect(contents(services, again).map((line) => line.split(': ')[1])).toEqual(['Car + Tree', 'Tree', 'none', '–']);
  },
);

it('labels of several classes do not go out as class folders', async () => {
  const { project, datasets, folder } = await workplace({});
  const labels = new LabelExportService({ project: () => project, readDataset: (id) => datasets.read(id) });
  await expect(
    labels.export({ projectId: project.id, parent: folder, name: null, format: 'folders' }),
  ).rejects.toMatchObject({ code: 'unsupported' });
});
