import type { SkippedFile } from '../../../../src-shared/contract/import.contract.ts';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import type { FoundFile, MetFile } from '../found-file.ts';
import { FileIndex } from './file-index.ts';
import type { ListedFile } from './label-list.ts';

/** An image that the project has and a list names. */
export interface KnownImage {
  readonly id: ImageId;
  readonly className: string | null;
  readonly classNames?: readonly string[] | null;
  readonly split: ListedFile['split'];
}

/** What the files of a list are. */
export interface ResolvedList {
  /** In the order of the list. */
  readonly files: readonly FoundFile[];
  readonly known: readonly KnownImage[];
  readonly problems: readonly SkippedFile[];
  readonly missing: number;
}

export interface ListPlaces {
  /** The files beside the list, or in the folder that was chosen. */
  readonly files: Iterable<MetFile>;
  /** The images that the project has, by where they came from. */
  readonly images: Iterable<{ readonly id: ImageId; readonly source: string }>;
  /** Null: classes that the project lacks are made. */
  readonly onlyClasses: ReadonlySet<string> | null;
}

/** Finds the files that a list names: on the disk first, then among the images that the project has. */
export function resolveList(listed: readonly ListedFile[], { files, images, onlyClasses }: ListPlaces): ResolvedList {
  const onDisk = new FileIndex(files);
  const inProject = new FileIndex(placed(images));
  const found: FoundFile[] = [];
  const known: KnownImage[] = [];
  const problems: SkippedFile[] = [];
  let missing = 0;
  for (const { file, line, className: named, classNames, split } of listed) {
    const isKnown = (name: string): boolean => onlyClasses === null || onlyClasses.has(name);
    for (const name of classNames ?? [named]) {
      if (name === null || isKnown(name)) continue;
      problems.push({ file, reason: say('listClassUnknown', { line, name: name.slice(0, 120) }) });
    }
    const classes = {
      className: named !== null && isKnown(named) ? named : null,
      ...(classNames !== undefined && { classNames: onlyKnown(classNames, isKnown) }),
    };
    const met = onDisk.find(file);
    if (met) {
      const source = met.segments.join('/');
      found.push({
        content: met.content,
        source,
        fileName: met.segments.at(-1) ?? source,
        ...classes,
        givenSplit: split,
      });
      continue;
    }
    const image = inProject.find(file);
    if (image) known.push({ id: image.id, ...classes, split });
    else {
      missing += 1;
      problems.push({ file, reason: say('listFileMissing', { line }) });
    }
  }
  return { files: found, known, problems, missing };
}

/** An image of which every class is unknown is not one that has none of them. */
function onlyKnown(names: readonly string[] | null, isKnown: (name: string) => boolean): readonly string[] | null {
  const known = names?.filter(isKnown) ?? null;
  return known?.length === 0 && names?.length !== 0 ? null : known;
}

function* placed(images: ListPlaces['images']): Iterable<{ segments: readonly string[]; id: ImageId }> {
  for (const { id, source } of images) yield { segments: source.split('/'), id };
}
