import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FolderToken } from '../../../../src-shared/domain/ids.ts';
import { countImages } from '../../../../src-main/services/folder/count-images.ts';
import { FolderRegistry } from '../../../../src-main/services/folder/folder-registry.ts';
import { FolderService } from '../../../../src-main/services/folder/folder-service.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function chooser() {
  const home = temporaryFolder();
  await writeFiles(home, {
    'Pictures/pets/cat/1.png': 'x',
    'Pictures/pets/cat/2.JPG': 'x',
    'Pictures/pets/notes.txt': 'x',
    'Pictures/pets/deep/er/3.png': 'x',
    'Pictures/lone.webp': 'x',
    'Pictures/packed.zip': 'x',
    'Pictures/net/model.json': '{}',
    'Pictures/Chairs.graft/project.json': '{}',
    'Pictures/Chairs.graft/project.sqlite': '',
    '.secret/1.png': 'x',
    'file.txt': 'x',
  });
  const registry = new FolderRegistry();
  return { home, registry, folders: new FolderService({ registry, projects: path.join(home, 'Graft'), home }) };
}

describe('the folder chooser', () => {
  it('starts at home, counts images however deep and tells projects from folders', async () => {
    const { home, folders } = await chooser();
    const start = await folders.list(null);
    expect(start).toMatchObject({
      path: home,
      imageCount: 4,
      hasMore: false,
      isProject: false,
      folders: [{ name: 'Pictures', imageCount: 4, hasMore: false }],
    });
    const pictures = await folders.list(start.folders[0]!.token);
    expect(pictures.folders).toMatchObject([
      { name: 'Chairs.graft', isProject: true, isModel: false, imageCount: 0 },
      { name: 'net', isProject: false, isModel: true },
      { name: 'pets', isProject: false, isArchive: false, imageCount: 3 },
      { name: 'packed.zip', isArchive: true },
    ]);
    expect(pictures).toMatchObject({ imageCount: 4, parent: start.token });
    expect(start.places.map(({ name }) => name)).toEqual([path.basename(home), 'Pictures', path.parse(home).root]);
  });

  it('says where it stopped counting', async () => {
    const { home } = await chooser();
    expect(await countImages(home, performance.now() - 1)).toEqual({ imageCount: 0, hasMore: true });
    expect(await countImages(home, performance.now() + 10_000)).toEqual({ imageCount: 4, hasMore: false });
  });

  it('leads nowhere but by a token that it made', async () => {
    const { home, folders, registry } = await chooser();
    const token = (await folders.list(null)).token;
    expect(registry.path(token)).toBe(home);
    expect(token).toMatch(/^[\w-]{32}$/);
    expect(new FolderRegistry().register(home)).not.toBe(token);
    await expect(folders.list('AAAAAAAAAAAAAAAAAAAAAAAA' as FolderToken)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('finds typed paths, from the home sign too, and says what is wrong with others', async () => {
    const { home, folders, registry } = await chooser();
    expect((await folders.find('~/Pictures/../Pictures/pets')).path).toBe(path.join(home, 'Pictures', 'pets'));
    await expect(folders.find('Pictures')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(folders.find('~/file.txt')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('is a file') as unknown,
    });
    await expect(folders.find('~/nowhere')).rejects.toMatchObject({ code: 'not-found' });
    expect(await registry.grant(path.join(home, 'Pictures'))).toEqual({
      token: (await folders.find('~/Pictures')).token,
      name: 'Pictures',
    });
  });
});
