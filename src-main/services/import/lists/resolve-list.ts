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
  for (const { file, line, className: named, split } of listed) {
    const isUnknown = named !== null && onlyClasses !== null && !onlyClasses.has(named);
    if (isUnknown) problems.push({ file, reason: say('listClassUnknown', { line, name: named.slice(0, 120) }) });
    const className = isUnknown ? null : named;
    const met = onDisk.find(file);
    if (met) {
      const source = met.segments.join('/');
      found.push({
        content: met.content,
        source,
        fileName: met.segments.at(-1) ?? source,
        className,
        givenSplit: split,
      });
      continue;
    }
    const image = inProject.find(file);
    if (image) known.push({ id: image.id, className, split });
    else {
      missing += 1;
      problems.push({ file, reason: say('listFileMissing', { line }) });
    }
  }
  return { files: found, known, problems, missing };
}

function* placed(images: ListPlaces['images']): Iterable<{ segments: readonly string[]; id: ImageId }> {
  for (const { id, source } of images) yield { segments: source.split('/'), id };
}
