import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { OtherProjectPreview } from '../../../../src-shared/contract/import-project.contract.ts';
import type { Dataset, Split } from '../../../../src-shared/domain/dataset.ts';
import type { ClassId } from '../../../../src-shared/domain/ids.ts';
import type { ProjectPaths } from '../../../storage/project-paths.ts';
import { similarKey } from '../../dataset/similar-key.ts';
import type { OtherImage, OtherProject } from './other-project.ts';

const mostPairs = 2000;

/** What a project has that could be taken over into this dataset. */
export async function previewProject(
  other: OtherProject,
  ours: Pick<Dataset, 'classes' | 'images'>,
): Promise<OtherProjectPreview> {
  const { name, paths, images } = other;
  const classes = countClasses(other, ours);
  const names = new Map(ours.classes.map((one) => [one.id, one.name]));
  const here = new Map(ours.images.map((image) => [image.id, labelOf(image, names)]));
  const shared = images.filter(({ id }) => here.has(id));
  const count = (is: (image: OtherImage) => boolean): number => images.filter(is).length;
  const inSplit = (split: Split): number => count((image) => image.split === split);
  const files = await listFiles(paths, images);
  const pairs = shared.map(({ id, className }) => ({ theirs: className, ours: here.get(id) ?? null }));
  return {
    name,
    path: paths.root,
    imageCount: images.length,
    sharedCount: shared.length,
    missingCount: count(({ id, format }) => !files.has(basename(paths.image(id, format)))),
    unlabelledCount: count(({ className }) => className === null),
    markedCount: count(({ mark }) => mark !== null),
    taggedCount: count(({ tags }) => tags.length > 0),
    splits: { training: inSplit('training'), validation: inSplit('validation'), test: inSplit('test') },
    classes,
    pairs: [...Map.groupBy(pairs, (pair) => JSON.stringify([pair.theirs, pair.ours])).values()]
      .flatMap((group) => (group[0] ? [{ ...group[0], count: group.length }] : []))
      .sort((a, b) => b.count - a.count)
      .slice(0, mostPairs),
  };
}

/** Of an image of several classes all their names, so that it is the same as one class only where it is that class alone. */
function labelOf({ classId, classIds }: Dataset['images'][number], names: ReadonlyMap<ClassId, string>): string | null {
  if (classIds) return classIds.map((id) => names.get(id)).join(', ');
  return classId === null ? null : (names.get(classId) ?? null);
}

function countClasses(
  { images, classes }: OtherProject,
  ours: Pick<Dataset, 'classes'>,
): OtherProjectPreview['classes'] {
  const counts = Map.groupBy(images, ({ className }) => className);
  const here = new Set(ours.classes.map(({ name }) => name));
  const similar = new Map(ours.classes.map(({ name }) => [similarKey(name), name]));
  return classes.map(({ name }) => {
    const isHere = here.has(name);
    return {
      name,
      count: counts.get(name)?.length ?? 0,
      isHere,
      similar: isHere ? null : (similar.get(similarKey(name)) ?? null),
    };
  });
}

/** The names of the files that there are. A folder that cannot be read has none. */
async function listFiles(paths: ProjectPaths, images: readonly OtherImage[]): Promise<ReadonlySet<string>> {
  const folders = new Set(images.map(({ id, format }) => dirname(paths.image(id, format))));
  const files = new Set<string>();
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) files.add(name);
  }
  return files;
}
