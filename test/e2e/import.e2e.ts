import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pngBytes, writeFiles } from '../support/picture-files.ts';
import { writeZip } from '../support/zip-files.ts';
import { goToFolder, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let folder: string;

beforeAll(async () => {
  studio = await openStudio();
  folder = path.join(studio.home, 'fruit');
  await writeFiles(folder, {
    'train/apple/1.png': 1,
    'train/apple/2.png': 2,
    'train/pear/3.png': 3,
    'test/pear/4.png': 4,
    'train/apple/same-as-1.png': 1,
    'train/pear/cut.png': (await pngBytes(5)).slice(0, 40),
    'train/pear/notes.txt': 'not a picture',
  });
});

afterAll(async () => {
  await studio.close();
});

async function chooseFolder(): Promise<void> {
  const { page } = studio;
  await goToFolder(page, folder);
  await page.getByRole('option', { name: /^train/ }).waitFor();
  // Of the seven files six are called like images, in train/apple, train/pear and test/pear.
  await page.getByRole('button', { name: 'Import 6 images' }).waitFor();
}

async function openChooser(): Promise<void> {
  await studio.page.getByRole('button', { name: 'Ways to import' }).click();
  await studio.page.getByRole('menuitem', { name: 'Folders of images' }).click();
}

/** The figure under a name, such as "Imported". */
async function figure(name: string): Promise<string> {
  const fact = studio.page.locator('.fact', { has: studio.page.locator('p', { hasText: name }) });
  return (await fact.locator('b').innerText()).split(' ')[0] ?? '';
}

test('makes a project of a folder and lists each file that was left out with its reason', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Import a folder of images' }).click();
  await chooseFolder();
  await page.getByRole('button', { name: /^Import this folder|^Import \d+ image/ }).click();
  await page.getByRole('heading', { name: 'fruit' }).waitFor();
  await expect.poll(() => figure('Imported')).toBe('4');
  expect(await figure('Left out')).toBe('2');
  expect(await figure('Already in the project')).toBe('1');
  expect(await page.getByRole('row', { name: /cut\.png/ }).innerText()).toContain('train/pear');
  expect(await page.getByRole('row', { name: /notes\.txt/ }).innerText()).toMatch(/save it as|not a/);
});

test('says the reasons in the person’s language', async () => {
  const { page, client } = studio;
  await client.call('settings.set', { language: 'zh-CN', theme: 'system' });
  await page
    .getByRole('row', { name: /cut\.png/ })
    .getByText(/^PNG 文件(不完整|已损坏)：/)
    .waitFor();
  await page
    .getByRole('row', { name: /notes\.txt/ })
    .getByText('不是已知格式的图片')
    .waitFor();
  await client.call('settings.set', { language: 'en', theme: 'system' });
  await page.getByRole('heading', { name: 'Left out' }).waitFor();
});

test('keeps splits and adds nothing twice', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Show in Images' }).click();
  await expect.poll(() => page.locator('.imggrid .cell').count()).toBe(4);
  expect(await page.getByRole('button', { name: /^Test/ }).innerText()).toContain('1');
  await openChooser();
  await chooseFolder();
  await page.getByRole('button', { name: /^Import this folder|^Import \d+ image/ }).click();
  await expect.poll(() => figure('Already in the project')).toBe('5');
  expect(await figure('Imported')).toBe('0');
});

test('says what is wrong with a typed path and goes on from there', async () => {
  const { page } = studio;
  await openChooser();
  await goToFolder(page, path.join(folder, 'not-there'));
  await page.getByRole('alert').waitFor();
  await chooseFolder();
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.keyboard.press('Escape');
});

test('imports dropped files as an upload', async () => {
  const { page } = studio;
  const file = (await readFile(path.join(folder, 'train/apple/2.png'))).toString('base64');
  const other = Buffer.from(await pngBytes(77)).toString('base64');
  const transfer = await page.evaluateHandle(
    (contents) => {
      const data = new DataTransfer();
      contents.forEach((content, index) => {
        const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
        data.items.add(new File([bytes], `dropped-${String(index)}.png`, { type: 'image/png' }));
      });
      return data;
    },
    [file, other],
  );
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer });
  await page.getByText('Drop to import').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  await expect.poll(() => figure('Imported')).toBe('1');
  expect(await figure('Already in the project')).toBe('1');
});

test('imports several folders and archives of the chooser at once', async () => {
  const { page } = studio;
  const several = path.join(studio.home, 'several');
  await writeFiles(several, { 'plum/1.png': 101, 'grape/2.png': 102, 'other/3.png': 103 });
  await writeZip(path.join(several, 'fig.zip'), [{ name: 'fig.png', bytes: await pngBytes(104) }]);
  await openChooser();
  await goToFolder(page, several);
  for (const name of ['grape', 'plum', 'fig.zip']) {
    await page.getByRole('option', { name: new RegExp(`^${name}`) }).click({ modifiers: ['Control'] });
  }
  await page.getByRole('button', { name: 'Import 3 choices' }).click();
  await expect.poll(() => figure('Imported')).toBe('3');
  await page.getByRole('heading', { name: 'grape +2' }).waitFor();
});

test('uploads chosen files, and unpacks a zip among them', async () => {
  const { page } = studio;
  const zip = path.join(studio.home, 'market.zip');
  await writeZip(zip, [
    { name: 'market/apple/1.png', bytes: await pngBytes(201) },
    { name: 'market/kiwi/2.png', bytes: await pngBytes(202) },
    { name: 'market/kiwi/notes.txt', bytes: Buffer.from('nothing') },
    { name: 'market/kiwi/empty.png', bytes: Buffer.from('') },
  ]);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Image files, zip archives or a list' }).click();
  await (await chooser).setFiles(zip);
  await page.getByRole('heading', { name: 'market.zip' }).waitFor();
  await expect.poll(() => figure('Imported')).toBe('2');
});

test('filters the report by name and by reason, and hands it out as a table', async () => {
  const { page } = studio;
  await page.getByRole('row', { name: /notes\.txt/ }).waitFor();
  await page.getByRole('textbox', { name: 'File name' }).fill('EMPTY');
  await expect.poll(() => page.getByRole('row', { name: /notes\.txt/ }).count()).toBe(0);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the list' }).click();
  const saved = await readFile(await (await download).path(), 'utf8');
  expect(saved).toMatch(/^\ufefffile,reason\nkiwi\/empty\.png,"?The file is empty/);
  await page.getByRole('textbox', { name: 'File name' }).fill('');
  await page.getByRole('combobox', { name: /^Reason/ }).click();
  await page.getByRole('option', { name: /not a picture in a known format \(1\)/ }).click();
  await expect.poll(() => page.getByRole('row', { name: /empty\.png/ }).count()).toBe(0);
  await page.getByRole('row', { name: /notes\.txt/ }).waitFor();
});

test('shows what a list of labels would do, reads it otherwise when told, and imports it', async () => {
  const { page, client } = studio;
  const lists = path.join(studio.home, 'lists');
  await writeFiles(lists, {
    'labels.csv': 'photo,who,species\nx1.png,me,Oak\nx2.png,me,Ash\ngone.png,me,Oak\n',
    'x1.png': 901,
    'x2.png': 902,
  });
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Image files, zip archives or a list' }).click();
  await (await chooser).setFiles(['labels.csv', 'x1.png', 'x2.png'].map((name) => path.join(lists, name)));
  await page.getByRole('heading', { name: 'labels.csv' }).waitFor();
  await expect.poll(() => figure('Files found')).toBe('2');
  expect(await figure('Not found')).toBe('1');
  await page.getByText('Line 4: there is no such file').waitFor();
  await page.getByRole('combobox', { name: 'Class: species' }).click();
  await page.getByRole('option', { name: 'who' }).click();
  await expect.poll(() => figure('Classes')).toBe('1');
  await page.getByRole('combobox', { name: 'Class: who' }).click();
  await page.getByRole('option', { name: 'species' }).click();
  await expect.poll(() => figure('Classes')).toBe('2');
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await expect.poll(() => figure('Imported')).toBe('2');
  await page.getByRole('row', { name: /gone\.png/ }).waitFor();
  const projectId = (await client.call('project.list', {})).projects[0]!.id;
  expect((await client.call('import.list', { projectId })).imports[0]).toMatchObject({ imported: 2, skipped: 1 });
});

test('holds an import and goes on with it', async () => {
  const { page, client } = studio;
  const large = path.join(studio.home, 'large');
  await writeFiles(
    large,
    Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`nut/${index}.png`, 300 + index])),
  );
  const [project] = (await client.call('project.list', {})).projects;
  const projectId = project!.id;
  const { token } = await client.call('folder.find', { path: large });
  const { id: jobId } = await client.call('import.start', { projectId, sources: [token], ratios: null });
  await client.call('import.pause', { projectId, jobId });
  await page.getByText('Paused', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect.poll(() => figure('Imported')).toBe('120');
  // The pictures are looked at before the images are shared out.
  await expect
    .poll(async () => (await client.call('import.list', { projectId })).imports[0])
    .toMatchObject({ id: jobId, status: 'completed' });
});

test('imports a dropped folder as an upload, its folders as classes and splits', async () => {
  const { page, client } = studio;
  await page.evaluate(() => (location.hash = '#/'));
  await page.getByRole('heading', { name: 'Recent projects' }).waitFor();
  // As the system drops it: a page cannot make folder entries of its own.
  const session = await studio.context.newCDPSession(page);
  const data = { items: [], files: [folder], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 700, y: 400, data });
  }
  await expect.poll(() => page.title(), { timeout: 20_000 }).toContain('fruit');
  await expect.poll(() => figure('Imported')).toBe('4');
  expect(await figure('Left out')).toBe('2');
  const made = (await client.call('project.list', {})).projects[0];
  const { images, classes } = await client.call('dataset.get', { projectId: made?.id ?? ('' as never) });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const places = images.map(({ split, classId }) => `${split} ${names.get(classId ?? ('' as never)) ?? '?'}`);
  expect(places.toSorted()).toEqual(['test pear', 'training apple', 'training apple', 'training pear']);
});

test('files that came to an imported folder are offered when the window comes to the front, and come in by one click', async () => {
  const { page, client } = studio;
  const { id: projectId } = await client.call('project.create', { name: 'Watched', parent: null });
  const watched = path.join(studio.home, 'watched');
  await writeFiles(watched, { 'nut/1.png': 901 });
  const { token } = await client.call('folder.find', { path: watched });
  await client.call('import.start', { projectId, sources: [token], ratios: null });
  const imported = async (): Promise<number> => (await client.call('dataset.get', { projectId })).images.length;
  await expect.poll(async () => (await client.call('import.list', { projectId })).imports[0]?.status).toBe('completed');
  await writeFiles(watched, { 'nut/2.png': 902, 'fig/3.png': 903 });
  await page.evaluate((id) => (location.hash = `#/project/${id}/images`), projectId);
  await page.getByText('2 new files in watched/').waitFor();
  expect(await imported()).toBe(1);
  await page.getByRole('button', { name: 'Import the 2' }).click();
  await expect.poll(imported).toBe(3);
  await page.getByText('2 new files in watched/').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Look for new files' }).click();
  await page.getByText('have no new files').waitFor();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
