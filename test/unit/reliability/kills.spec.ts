import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { ClassId, ImageId } from '../../../src-shared/domain/ids.ts';
import { projectPaths } from '../../../src-main/storage/project-paths.ts';
import { killCore } from '../../support/kill-core.ts';
import { pngBytes, writeFiles } from '../../support/picture-files.ts';
import { readProjectRows, type ProjectRows } from '../../support/project-rows.ts';
import { namedRandom, note, soakTimeoutMs, times } from '../../support/soak.ts';
import { studioServices } from '../../support/studio-services.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A project with so many images in five classes, closed. */
async function closedProject(
  folder: string,
  count: number,
): Promise<{ readonly root: string; readonly source: string }> {
  const source = path.join(folder, 'source');
  await writeFiles(
    source,
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`class ${index % 5}/${index}.png`, index])),
  );
  const services = studioServices(folder);
  const { paths } = await services.projects.create('Killed', null);
  await services.close();
  return { root: paths.root, source };
}

/** The labels after all that was acknowledged. */
function replay(
  before: ProjectRows,
  lines: readonly string[],
): { revision: number; labels: Map<ImageId, ClassId | null> } {
  const labels = new Map(before.images.map(({ id, classId }) => [id, classId]));
  const undo: [ImageId, ClassId | null][] = [];
  let { revision } = before;
  for (const line of lines) {
    const [kind, told, image, classId] = line.split(' ') as [string, string, ImageId, ClassId];
    if (kind !== 'label' && kind !== 'undo') continue;
    revision = Number(told);
    if (kind === 'label') {
      undo.push([image, labels.get(image) ?? null]);
      labels.set(image, classId);
    } else {
      const [undone, had] = undo.pop()!;
      labels.set(undone, had);
    }
  }
  return { revision, labels };
}

it(
  'loses no acknowledged label when core is killed at any moment, also while it recovers from a kill',
  { timeout: soakTimeoutMs },
  async () => {
    const random = namedRandom('kills while labelling');
    const kills = times(3, 500);
    const recoveries = times(2, 100);
    const folder = temporaryFolder();
    const { root, source } = await closedProject(folder, 60);
    const services = studioServices(folder);
    await services.imports.importWhole(await services.projects.openAt(root), source);
    await services.close();
    const found = { kills: 0, recoveries: 0, acknowledged: 0, lost: 0, unreadable: 0 };
    const life = { home: folder, root, work: ['label'] } as const;
    while (found.kills < kills || found.recoveries < recoveries) {
      const isRecovery = found.kills > 0 && found.recoveries / recoveries < found.kills / kills;
      const before = readProjectRows(root);
      const lines = await killCore({
        ...life,
        ...(isRecovery
          ? { from: 'opening', livesMs: random.uniform(0, 50) }
          : { from: 'label', livesMs: random.uniform(0, 150) }),
      });
      const { revision, labels } = replay(before, lines);
      const after = readProjectRows(root);
      // Core may have committed one more change than it could tell.
      const ahead = after.revision - revision;
      const different = after.images.filter(({ id, classId }) => labels.get(id) !== classId).length;
      found[isRecovery ? 'recoveries' : 'kills'] += 1;
      found.acknowledged += lines.filter((line) => /^(label|undo) /.test(line)).length;
      if (after.damage.length > 0 || after.images.length !== 60) found.unreadable += 1;
      if (ahead < 0 || ahead > 1 || different > ahead) found.lost += 1;
    }
    note(`kills while labelling: ${JSON.stringify(found)}`);
    expect(found.acknowledged).toBeGreaterThan(kills);
    expect(found).toMatchObject({ kills, recoveries, lost: 0, unreadable: 0 });
  },
);

it(
  'has every row with its whole file, and nothing twice, when core is killed during imports',
  { timeout: soakTimeoutMs },
  async () => {
    const random = namedRandom('kills while importing');
    const kills = times(4, 100);
    const count = times(60, 240);
    const folder = temporaryFolder();
    const { root: first, source } = await closedProject(folder, count);
    const contents = await Promise.all(
      Array.from({ length: count }, async (_, index) => sha256(await pngBytes(index))),
    );
    const expected = [...new Set(contents)].sort();
    const found = { kills: 0, rowsChecked: 0, unwhole: 0, twice: 0, completed: 0 };
    let root = first;
    while (found.kills < kills || found.completed === 0) {
      // The last one is left to end, and a sound import ends with all.
      const livesMs = found.kills < kills ? random.uniform(0, times(700, 1500)) : 3600_000;
      const lines = await killCore({ home: folder, root, work: ['import', source], from: 'importing', livesMs });
      const { images, damage } = readProjectRows(root);
      const paths = projectPaths(root);
      const isWhole = ({ id, format }: ProjectRows['images'][number]): boolean => {
        const file = paths.image(id, format as 'png');
        return existsSync(file) && sha256(readFileSync(file)) === id;
      };
      found.rowsChecked += images.length;
      found.unwhole += images.filter((image) => !isWhole(image)).length + damage.length;
      found.twice += images.length - new Set(images.map(({ source: from }) => from)).size;
      if (!lines.includes('completed')) {
        found.kills += 1;
        continue;
      }
      found.completed += 1;
      expect(images.map(({ id }) => id as string).sort()).toEqual(expected);
      const services = studioServices(folder);
      root = (await services.projects.create('Killed', null)).paths.root;
      await services.close();
    }
    note(`kills while importing: ${JSON.stringify(found)}`);
    expect(found).toMatchObject({ kills, unwhole: 0, twice: 0 });
  },
);

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
