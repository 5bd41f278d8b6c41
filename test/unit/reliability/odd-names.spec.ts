import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { oddNames } from '../../support/odd-names.ts';
import { pngBytes, writeFiles } from '../../support/picture-files.ts';
import { studioServices } from '../../support/studio-services.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Class folders as some system makes them. Those that differ only by case or by how an accent is written are two folders here. */
const oddFolders: readonly string[] = [
  ...['é', 'e\u0301', '🍎', 'תפוח', 'a\u202egnp', 'line\nbreak', 'CON', 'NUL.', 'space ', ' lead'],
  ...['Ash', 'ash', '-rf', '=1+1', 'a:b', 'back\\slash', '~', '$HOME', 'ß', '果'.repeat(80)],
];

/** Names that this system takes for one file each; hidden ones stay where they are. */
const fileNames = oddNames.filter((name) => !name.startsWith('.') && !name.includes('/'));

/** All files below a folder with their bytes. */
function filesBelow(root: string): ReadonlyMap<string, string> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(root, file), readFileSync(file, 'base64')];
    }),
  );
}

// Other systems refuse or fold some of the names before Graft sees them.
it.runIf(process.platform === 'linux')(
  'takes in files and folders under any name, each as an image of its own, and writes nothing beside the project',
  async () => {
    const folder = temporaryFolder();
    const source = path.join(folder, 'source');
    const expected = fileNames.map((name, index) => ({
      way: `${oddFolders[index % oddFolders.length]}/${name}`,
      index,
    }));
    await writeFiles(source, Object.fromEntries(expected.map(({ way, index }) => [way, index])));
    symlinkSync('/etc/passwd', path.join(source, 'Ash', 'link.png'));
    await writeFiles(folder, { 'beside/300.png': 300 });
    symlinkSync(path.join(folder, 'beside'), path.join(source, 'Ash', 'outside'));
    const before = filesBelow(source);
    const { imports, projects, datasets } = studioServices(folder);
    const project = await projects.create('Odd', null);

    const job = await imports.importFolder(project, source);
    const { images, classes } = datasets.read(project.id);
    expect(job).toMatchObject({ status: 'completed', imported: expected.length, skipped: 2 });
    const classNames = new Map(classes.map(({ id, name }) => [id, name]));
    expect(images.map(({ source: way, classId }) => [way, classNames.get(classId!)]).toSorted()).toEqual(
      expected.map(({ way }) => [way, way.slice(0, way.indexOf('/')).normalize('NFC').trim()]).toSorted(),
    );
    expect(filesBelow(source)).toEqual(before);
    expect(readdirSync(folder).toSorted()).toEqual(['beside', 'cache', 'config', 'projects', 'source']);
  },
);

it.runIf(process.platform === 'linux')('says of a file whose name is no text that it was left out', async () => {
  const folder = temporaryFolder();
  const source = path.join(folder, 'source');
  await writeFiles(source, { 'Ash/1.png': 1 });
  // As old archives leave them: not UTF-8.
  const name = Buffer.concat([Buffer.from(`${source}/Ash/`), Buffer.from([0xff, 0xfe]), Buffer.from('.png')]);
  writeFileSync(name, await pngBytes(200));
  const { imports, projects } = studioServices(folder);
  const project = await projects.create('Odd', null);
  const job = await imports.importFolder(project, source);
  expect(job).toMatchObject({ status: 'completed', imported: 1, skipped: 1 });
  const report = imports.listSkipped({
    projectId: project.id,
    jobId: job.id,
    offset: 0,
    limit: 10,
    search: '',
    reason: null,
  });
  expect(report.skipped.map(({ file, reason }) => [file, textOf(reason)])).toEqual([
    ['Ash/\ufffd\ufffd.png', expect.stringContaining('rename it')],
  ]);
});
