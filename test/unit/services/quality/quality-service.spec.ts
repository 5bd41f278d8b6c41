import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { DatasetImage, Split } from '../../../../src-shared/domain/dataset.ts';
import type { ImageId, ProjectId } from '../../../../src-shared/domain/ids.ts';
import { defaultSplitRules, type CheckId } from '../../../../src-shared/domain/quality.ts';
import type { QualityService } from '../../../../src-main/services/quality/quality-service.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { drawScene } from '../../../support/scenes.ts';
import { studioServices } from '../../../support/studio-services.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

type Files = Record<string, Uint8Array>;

async function png(seed: number | string, sizePx = 120): Promise<Uint8Array> {
  return drawScene(seed, sizePx).png().toBuffer();
}

async function manyScenes(className: string, count: number): Promise<Files> {
  const entries = Array.from({ length: count }, async (_, index) => {
    const seed = `${className} ${index}`;
    // Letters, because numbers one after the other would be a burst where views are alike.
    return [`${className}/${String.fromCharCode(97 + index)}.png`, await png(seed)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function jpegOf(bytes: Uint8Array, quality: number): Promise<Uint8Array> {
  return sharp(bytes).jpeg({ quality }).toBuffer();
}

/** A project into which these files were imported as the app does it. */
async function projectOf(files: Files) {
  const folder = temporaryFolder();
  const source = path.join(folder, 'source');
  await writeFiles(source, files);
  const services = studioServices(folder, { looksAtPictures: true });
  const project = await services.projects.create('Test', null);
  const add = async (more: Files): Promise<void> => {
    await writeFiles(source, more);
    await services.imports.importFolder(project, source);
  };
  await services.imports.importFolder(project, source);
  const images = (): readonly DatasetImage[] => services.datasets.read(project.id).images;
  const find = (name: string): DatasetImage => {
    const found = images().find((image) => image.source.endsWith(name));
    if (!found) throw new Error(`${name} was not imported`);
    return found;
  };
  const splitOf = (name: string): Split => find(name).split;
  const check = async (id: CheckId) => {
    const { checks } = await services.quality.read(project.id);
    return checks.find((one) => one.id === id);
  };
  return { ...services, project, source, add, images, find, splitOf, check };
}

describe('near copies', () => {
  it('go into one split at import, whatever their class, and stay there when more copies come', async () => {
    const base = await png('the copied one');
    const copies: Files = Object.fromEntries(
      await Promise.all(
        [30, 50, 70, 90].map(async (q) => [`copy/${'xyzw'[(q - 30) / 20]}.jpg`, await jpegOf(base, q)] as const),
      ),
    );
    const { project, quality, images, splitOf, find, add } = await projectOf({
      ...(await manyScenes('cat', 16)),
      ...(await manyScenes('dog', 16)),
      'dog/base.png': base,
      ...copies,
    });
    const near = await quality.groups(project.id, 'near', 'all');
    expect(near.groups).toEqual([
      {
        kind: 'near',
        label: null,
        images: expect.any(Array) as unknown,
        splits: [splitOf('base.png')],
        hasLabelConflict: true,
      },
    ]);
    expect(near.groups[0]?.images.toSorted()).toEqual(
      ['base.png', ...Object.keys(copies)].map((name) => find(name).id).sort(),
    );
    const before = new Map(images().map(({ id, split }) => [id, split]));
    await add({ 'late/small.png': await sharp(base).resize(90).png().toBuffer(), ...(await manyScenes('bird', 8)) });
    expect(splitOf('small.png')).toBe(splitOf('base.png'));
    expect(images().filter(({ id, split }) => before.has(id) && before.get(id) !== split)).toEqual([]);
    expect(await quality.read(project.id)).toMatchObject({ leaks: { groups: 0, images: 0 } });
  });

  it('of an image that came in a test folder join it there', async () => {
    const base = await png('copied');
    const { splitOf, check } = await projectOf({
      ...(await manyScenes('cat', 6)),
      'test/cat/given.png': base,
      'cat/late.jpg': await jpegOf(base, 60),
    });
    expect(splitOf('late.jpg')).toBe('test');
    expect(await check('leaks')).toMatchObject({ tone: 'good', count: 0 });
  });

  it('are off the list of open groups once a person keeps them', async () => {
    const base = await png('kept');
    const { project, quality, check } = await projectOf({
      ...(await manyScenes('cat', 6)),
      'cat/p.png': base,
      'cat/q.jpg': await jpegOf(base, 50),
    });
    const { groups } = await quality.groups(project.id, 'near', 'open');
    expect(await check('near-copies')).toMatchObject({ tone: 'warning', count: 1, facts: { images: 2 } });
    const ids = groups.flatMap(({ images }) => images);
    quality.keepCopies(project.id, ids, true);
    expect(await quality.groups(project.id, 'near', 'open')).toEqual({ groups: [], total: 0 });
    expect(await check('near-copies')).toMatchObject({ tone: 'good', count: 0 });
    quality.keepCopies(project.id, ids, false);
    expect((await quality.groups(project.id, 'near', 'open')).total).toBe(1);
  });
});

describe('rules for splits', () => {
  it('tie a chosen folder and a name pattern, are previewed, and apply at the next share-out', async () => {
    const files = await manyScenes('cat', 20);
    const { project, quality, datasets, images } = await projectOf({
      ...files,
      ...Object.fromEntries(
        Object.entries(await manyScenes('dog', 9)).map(([name, bytes]) => [`dog/aisle/${path.basename(name)}`, bytes]),
      ),
      'dog/p7_a.png': await png('p7a'),
      'dog/p7_b.png': await png('p7b'),
    });
    const rules = { ...defaultSplitRules, folders: ['dog/aisle'], namePatterns: ['{}_*.png'] };
    const preview = await quality.previewRules(project.id, rules);
    expect(preview.guard.map(({ kind, label, groups, images: count }) => [kind, label, groups, count])).toEqual([
      ['near', null, 0, 0],
      ['burst', null, 0, 0],
      ['folder', 'dog/aisle', 1, 9],
      ['name', '{}_*.png', 1, 2],
    ]);
    expect((await quality.read(project.id)).rules).toEqual(defaultSplitRules);
    quality.setRules(project.id, rules);
    const ratios = { validation: 0.2, test: 0.2, seed: 3 };
    const plan = await quality.previewShareOut(project.id, ratios);
    expect(plan).toMatchObject({ groups: 2, groupedImages: 11, leaksThen: { groups: 0, images: 0 }, isComplete: true });
    await datasets.shareOut(project.id, ratios);
    const aisle = images().filter(({ source }) => source.startsWith('dog/aisle/'));
    expect(new Set(aisle.map(({ split }) => split)).size).toBe(1);
    const counts = plan.classes.map(({ training, validation, test }) => [training, validation, test]);
    const { classes } = datasets.read(project.id);
    const split = (classId: string | undefined, one: Split): number =>
      images().filter((image) => image.classId === classId && image.split === one).length;
    expect(classes.map(({ id }) => [split(id, 'training'), split(id, 'validation'), split(id, 'test')])).toEqual(
      counts,
    );
  });
});

describe('groups that stand in several splits', () => {
  it('are told, and mended by moving the fewer images, as an edit that can be undone', async () => {
    const { project, quality, datasets, images, check } = await projectOf({
      ...(await manyScenes('cat', 20)),
      ...(await manyScenes('dog', 20)),
    });
    const splits = (): readonly Split[] => images().map(({ split }) => split);
    const before = splits();
    quality.setRules(project.id, { ...defaultSplitRules, folders: ['dog'] });
    expect(await check('leaks')).toMatchObject({ tone: 'warning', count: 1, facts: { images: 20 } });
    expect((await quality.groups(project.id, null, 'leaks')).groups).toMatchObject([
      { kind: 'folder', label: 'dog', splits: ['training', 'validation', 'test'] },
    ]);
    expect(await quality.mendLeaks(project.id)).toMatchObject({ moved: 6 });
    expect(await check('leaks')).toMatchObject({ tone: 'good', count: 0 });
    datasets.undo(project.id);
    expect(splits()).toEqual(before);
  });
});

describe('checks', () => {
  it('find what was planted, and say nothing of the rest', async () => {
    const dark = await sharp(await png('dark'))
      .linear(0.2)
      .png()
      .toBuffer();
    const blurred = await sharp(await png('blurred'))
      .blur(9)
      .png()
      .toBuffer();
    const { project, quality, find, check } = await projectOf({
      ...(await manyScenes('Cat', 22)),
      ...(await manyScenes('cat', 5)),
      'Cat/dark.png': dark,
      'Cat/blurred.png': blurred,
      'Cat/narrow.png': await sharp(await png('narrow'))
        .extract({ left: 0, top: 40, width: 120, height: 33 })
        .png()
        .toBuffer(),
      'Cat/grey.png': await sharp(await png('grey'))
        .greyscale()
        .png()
        .toBuffer(),
      'Cat/tiny.png': await png('tiny', 14),
    });
    const found = async (id: CheckId): Promise<readonly ImageId[]> => quality.checkImages(project.id, id);
    expect(await found('dark')).toEqual([find('dark.png').id]);
    expect(await found('blurred')).toEqual([find('blurred.png').id]);
    expect(await found('odd-shape')).toEqual([find('narrow.png').id]);
    expect(await found('grey')).toEqual([find('grey.png').id]);
    expect(await found('tiny')).toEqual([find('tiny.png').id]);
    expect(await check('imbalance')).toMatchObject({
      tone: 'warning',
      facts: { most: 'Cat', least: 'cat', leastCount: 5 },
    });
    expect(await check('few-images')).toMatchObject({ count: 1, facts: { least: 'cat', leastCount: 5 } });
    expect(await check('similar-names')).toMatchObject({ count: 1, facts: { names: 'Cat / cat' } });
    for (const id of ['huge', 'overexposed', 'leaks', 'label-conflicts', 'near-copies'] as const)
      expect(await check(id), id).toMatchObject({ tone: 'good', count: 0, examples: [] });
    expect(await check('changed-files')).toMatchObject({ tone: 'unknown' });
  });
});

describe('the look at pictures', () => {
  it('pauses, goes on where it was, and tells how far it is', async () => {
    const { project, quality, events } = await projectOf(await manyScenes('cat', 10));
    expect(await quality.scan(project.id, 'pause')).toMatchObject({ status: 'paused', done: 10, total: 10, failed: 0 });
    expect(await quality.scan(project.id, 'start')).toMatchObject({ status: 'idle' });
    const told = events.filter(({ name }) => name === 'quality.scanned');
    expect(told.at(-1)?.payload).toMatchObject({ scan: { done: 10, total: 10 } });
  });

  it('counts a file that can no longer be read, and does not stop at it', async () => {
    const folder = temporaryFolder();
    const { projects, imports, quality, datasets } = studioServices(folder);
    await writeFiles(path.join(folder, 'source'), await manyScenes('cat', 4));
    const project = await projects.create('Test', null);
    await imports.importFolder(project, path.join(folder, 'source'));
    const [image] = datasets.read(project.id).images;
    if (!image) throw new Error('Nothing was imported');
    await rm(project.paths.image(image.id, image.format));
    quality.lookAtNew(project);
    await quality.tiedImages(project, 'all');
    expect((await quality.read(project.id)).scan).toMatchObject({ status: 'idle', done: 4, total: 4, failed: 1 });
  });
});

describe('the frozen test set', () => {
  it('stays as it is at a share-out, and tells labels and images that changed since', async () => {
    const { project, quality, datasets, images } = await projectOf({
      ...(await manyScenes('cat', 20)),
      ...(await manyScenes('dog', 20)),
    });
    const testSet = (): readonly ImageId[] =>
      images()
        .filter(({ split }) => split === 'test')
        .map(({ id }) => id);
    const before = testSet();
    const frozen = quality.freezeTest(project.id);
    expect(frozen).toMatchObject({ imageCount: 6, relabelled: 0, joined: 0, left: 0 });
    await datasets.shareOut(project.id, { validation: 0.3, test: 0.3, seed: 9 });
    expect(testSet()).toEqual(before);
    const { classes } = datasets.read(project.id);
    const [first] = images().filter(({ split }) => split === 'test');
    const other = classes.find(({ id }) => id !== first?.classId);
    if (!first || !other) throw new Error('There is no test set');
    datasets.setLabel(project.id, [first.id], other.id);
    expect(quality.frozenTest(project.id)).toEqual({ ...frozen, relabelled: 1 });
    datasets.undo(project.id);
    expect(quality.frozenTest(project.id)).toEqual(frozen);
    quality.unfreezeTest(project.id);
    await datasets.shareOut(project.id, { validation: 0.1, test: 0.4, seed: 9 });
    expect(quality.frozenTest(project.id)).toBe(null);
    expect(testSet()).toHaveLength(16);
  });

  it('cannot be made of nothing', async () => {
    const { project, quality } = await projectOf({ 'cat/a.png': await png(1) });
    expect(() => quality.freezeTest(project.id)).toThrow('no images in the test split');
  });
});

async function compareFiles(quality: QualityService, projectId: ProjectId): Promise<void> {
  await quality.checkFiles(projectId, 'start');
  await expect.poll(async () => (await quality.read(projectId)).files.isChecking).toBe(false);
}

describe('files that changed after their import', () => {
  it('are found by their hash, and kept out of trainings when a person says so, until they are put back', async () => {
    const { project, quality, find, check } = await projectOf(await manyScenes('cat', 5));
    const image = find('b.png');
    const file = project.paths.image(image.id, image.format);
    const original = await readFile(file);
    const flipped = Buffer.from(original);
    flipped[100] = (flipped[100] ?? 0) ^ 4;
    await writeFile(file, flipped);
    await compareFiles(quality, project.id);
    expect(await check('changed-files')).toMatchObject({ tone: 'warning', count: 1, examples: [image.id] });
    expect(quality.leftOut(project.id)).toEqual(new Set());
    quality.leaveOut(project.id, [image.id], true);
    await compareFiles(quality, project.id);
    expect(quality.leftOut(project.id)).toEqual(new Set([image.id]));
    expect(await check('changed-files')).toMatchObject({ tone: 'good', count: 0 });
    await writeFile(file, original);
    await compareFiles(quality, project.id);
    expect(quality.leftOut(project.id)).toEqual(new Set());
    expect((await quality.read(project.id)).files.changed).toEqual([]);
  });

  it('that a training found are told by the checks, and can be left out of the next', async () => {
    const { project, quality, images, find, check } = await projectOf(await manyScenes('cat', 4));
    const files = images().map(({ id }) => ({ imageId: id }));
    quality.noteFiles(project.id, files, [find('d.png').id]);
    expect(await check('changed-files')).toMatchObject({ tone: 'warning', count: 1, examples: [find('d.png').id] });
    quality.leaveOut(project.id, [find('d.png').id], true);
    expect(quality.leftOut(project.id)).toEqual(new Set([find('d.png').id]));
    quality.noteFiles(project.id, files.slice(0, 3), []);
    expect(quality.leftOut(project.id)).toEqual(new Set([find('d.png').id]));
  });

  it('are found by a comparison of all files, which says when it was', async () => {
    const { project, quality, find, check, events } = await projectOf(await manyScenes('cat', 5));
    await rm(project.paths.image(find('c.png').id, 'png'));
    await compareFiles(quality, project.id);
    const { files } = await quality.read(project.id);
    expect(files).toMatchObject({ total: 5, done: 5, changed: [{ fileName: 'c.png', isLeftOut: false }] });
    expect(files.checkedAt).not.toBe(null);
    expect(await check('changed-files')).toMatchObject({ tone: 'warning', count: 1 });
    expect(events.some(({ name }) => name === 'quality.changed')).toBe(true);
  });
});
