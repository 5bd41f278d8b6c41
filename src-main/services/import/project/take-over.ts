import type { Takeover } from '../../../../src-shared/contract/import-project.contract.ts';
import type { ImageId } from '../../../../src-shared/domain/ids.ts';
import type { ImportedClass } from '../../../storage/dataset/image-intake.ts';
import type { ImportedLabel } from '../../../storage/dataset/import-notes.ts';
import type { FoundFile } from '../found-file.ts';
import { otherFile } from './other-file.ts';
import type { OtherImage, OtherProject } from './other-project.ts';

/** What an image has here. */
export interface PresentImage {
  readonly isLabelled: boolean;
  readonly mark: string | null;
  /** It came with the import that is under way: what was changed since then stays. */
  readonly isJustIn: boolean;
}

/** The images of another project as files to import. */
export function filesOf({ images, paths }: OtherProject, takeover: Takeover): readonly FoundFile[] {
  const becomes = classMapping(takeover);
  return images.map((image) => ({
    content: otherFile(paths.image(image.id, image.format)),
    contentId: image.id,
    source: image.source,
    fileName: image.fileName,
    className: becomes(image.className),
    givenSplit: takeover.splits === 'keep' ? image.split : null,
  }));
}

/** The classes that come along, with or without images, under the names that they get here. */
export function classesOf({ classes }: OtherProject, takeover: Takeover): readonly ImportedClass[] {
  const becomes = classMapping(takeover);
  return classes.flatMap((one) => {
    const name = becomes(one.name);
    return name === null ? [] : [{ ...one, name }];
  });
}

/**
 * What images that are here now get from another project: tags beside those that they have, and labels and marks as `takeover.shared`
 * says. Splits stay: an image that was trained on must not become one to judge by.
 */
export function labelsOf(
  images: readonly OtherImage[],
  takeover: Takeover,
  present: (id: ImageId) => PresentImage | undefined,
): readonly ImportedLabel[] {
  const becomes = classMapping(takeover);
  return images.flatMap(({ id, className, mark, tags }) => {
    const here = present(id);
    if (!here) return [];
    const takes = (isHere: boolean): boolean => !isHere || (takeover.shared === 'replace' && !here.isJustIn);
    return [
      {
        id,
        className: takes(here.isLabelled) && !here.isJustIn ? becomes(className) : null,
        split: null,
        mark: takes(here.mark !== null) ? mark : null,
        tags,
      },
    ];
  });
}

/** The name that a class gets here. */
export function classMapping({ classes }: Pick<Takeover, 'classes'>): (name: string | null) => string | null {
  const mapping = new Map(classes.map(({ from, to }) => [from, to?.normalize('NFC') ?? null]));
  return (name) => (name === null ? null : mapping.has(name) ? (mapping.get(name) ?? null) : name);
}
