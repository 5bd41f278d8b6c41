import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ProjectId } from '../../src-shared/domain/ids.ts';
import { writeFiles } from '../support/picture-files.ts';
import { findBarriers, goToFolder, openStudio, type Studio } from './studio.ts';

let studio: Studio;
let office: { readonly id: ProjectId; readonly path: string };
let home: { readonly id: ProjectId };

beforeAll(async () => {
  studio = await openStudio();
  const { client } = studio;
  const make = async (name: string, files: Parameters<typeof writeFiles>[1]) => {
    const folder = path.join(studio.home, name);
    await writeFiles(folder, files);
    const project = await client.call('project.create', { name, parent: null });
    const { token } = await client.call('folder.find', { path: folder });
    await client.call('import.start', { projectId: project.id, sources: [token], ratios: null });
    await vi.waitFor(async () => {
      const { imports } = await client.call('import.list', { projectId: project.id });
      expect(imports[0]?.status).toBe('completed');
    });
    return project;
  };
  office = await make('Office', {
    'swivel chair/1.png': 1,
    'swivel chair/2.png': 2,
    'Stool/3.png': 3,
    'desk/4.png': 4,
  });
  home = await make('Home', { 'chair/a.png': 11, 'stool/b.png': 3 });
});

afterAll(async () => {
  await studio.close();
});

async function figure(name: string): Promise<string> {
  const fact = studio.page.locator('.fact', { has: studio.page.locator('p', { hasText: name }) });
  return (await fact.locator('b').innerText()).split(/\s/)[0] ?? '';
}

test('shows what another project would bring, and lets its classes become those that are here', async () => {
  const { page } = studio;
  await page.evaluate((id) => (location.hash = `#/project/${id}/images`), home.id);
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Another Graft project' }).click();
  await page.getByRole('button', { name: /^Office/ }).click();
  await page.getByRole('heading', { name: 'Office' }).waitFor();
  expect(await figure('New here')).toBe('3');
  expect(await figure('Here already')).toBe('1');
  expect(await findBarriers(page)).toEqual([]);
  // “Stool” there and “stool” here are one image with two labels until the classes are joined.
  await page.getByText('1 with another label').waitFor();
  await page.getByRole('row', { name: /Stool/ }).getByRole('button', { name: 'Join' }).click();
  await page.getByText('1 with another label').waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: /swivel chair.* becomes/ }).click();
  await page.getByRole('option', { name: 'chair', exact: true }).click();
  await page.getByRole('combobox', { name: /desk.* becomes/ }).click();
  await page.getByRole('option', { name: 'No label' }).click();
});

test('takes them over as an import, and leaves the other project as it was', async () => {
  const { page, client } = studio;
  await page.getByRole('button', { name: 'Import 3 images' }).click();
  await expect.poll(() => figure('Imported')).toBe('3');
  expect(await figure('Already in the project')).toBe('1');
  const { images, classes } = await client.call('dataset.get', { projectId: home.id });
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  expect(
    images.map(({ source, classId }) => `${source}: ${classId === null ? '–' : names.get(classId)!}`).toSorted(),
  ).toEqual([
    'chair/a.png: chair',
    'desk/4.png: –',
    'stool/b.png: stool',
    'swivel chair/1.png: chair',
    'swivel chair/2.png: chair',
  ]);
  expect((await client.call('dataset.get', { projectId: office.id })).images).toHaveLength(4);
});

test('a project among the folders to import is taken for what it is', async () => {
  const { page } = studio;
  await page.getByRole('button', { name: 'Ways to import' }).click();
  await page.getByRole('menuitem', { name: 'Folders of images' }).click();
  await goToFolder(page, office.path);
  await page.getByRole('button', { name: 'Use this project' }).click();
  await page.getByRole('heading', { name: 'Office' }).waitFor();
  expect(await figure('New here')).toBe('0');
  await page.getByRole('button', { name: 'Take over labels' }).waitFor();
});

test('left nothing in the console', () => {
  expect(studio.problems).toEqual([]);
});
