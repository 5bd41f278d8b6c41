import { stringify } from 'csv-stringify/sync';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import { joinClassNames } from '../../../src-shared/domain/class-list.ts';
import type { LabelFormat } from '../../../src-shared/domain/label-format.ts';
import type { Labelling } from '../../../src-shared/domain/labelling.ts';
import { say } from '../../../src-shared/domain/sentence.ts';
import { refuseInMultiLabel } from '../project/labelling.ts';
import { FreeNames, safeName } from './safe-names.ts';

/** What an export of labels consists of: texts, and copies of images under their new names. Ways have forward slashes. */
export interface LabelLayout {
  readonly texts: readonly { readonly way: string; readonly text: string }[];
  readonly copies: readonly { readonly way: string; readonly image: DatasetImage }[];
}

interface LabelledImage {
  readonly image: DatasetImage;
  /** One name in single-label projects; null: not labelled. */
  readonly names: readonly string[] | null;
}

/** How labels stand in a cell of a table. */
interface LabelCells {
  readonly header: 'label' | 'labels';
  readonly write: (names: readonly string[] | null) => string;
}

const splitWords: Readonly<Record<Split, string>> = { training: 'train', validation: 'val', test: 'test' };
/** As Hugging Face calls its splits. */
const huggingFaceWords: Readonly<Record<Split, string>> = { ...splitWords, validation: 'validation' };

/**
 * Lays the dataset of a project of a kind out in a format. Every name is one that every file system takes, and none stands for two images.
 *
 * Throws AppError 'unsupported' for class folders of a multi-label project.
 */
export function layOutLabels(
  format: LabelFormat,
  { images, classes }: Pick<Dataset, 'images' | 'classes'>,
  labelling: Labelling,
): LabelLayout {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const labelled = images.map((image): LabelledImage => {
    const classIds = image.classIds ?? (image.classId === null ? null : [image.classId]);
    return { image, names: classIds?.flatMap((id) => names.get(id) ?? []) ?? null };
  });
  const cells = cellsOf(labelling, [...names.values()]);
  switch (format) {
    case 'csv':
      return {
        texts: [
          {
            way: 'labels.csv',
            text: table(
              labelled.map((one) => ({ ...one, way: one.image.source })),
              cells,
            ),
          },
        ],
        copies: [],
      };
    case 'folders':
      refuseInMultiLabel({ labelling }, say('whatClassFolders'));
      return withCopies(placeInFolders(labelled), { way: 'labels.csv', cells });
    case 'huggingface':
      return withCopies(placeBySplit(labelled), { way: 'metadata.csv', cells });
    case 'coco':
      return coco(
        placeTogether(labelled),
        classes.map(({ name }) => name),
        labelling,
      );
  }
}

function cellsOf(labelling: Labelling, allNames: readonly string[]): LabelCells {
  return labelling === 'multi-label'
    ? { header: 'labels', write: (names) => joinClassNames(names, allNames) }
    : { header: 'label', write: (names) => names?.[0] ?? '' };
}

interface PlacedImage extends LabelledImage {
  readonly way: string;
}

/** `train/<class>/<file>`; images without a class lie in the split's own folder. Class folders are told apart like files. */
function placeInFolders(images: readonly LabelledImage[]): readonly PlacedImage[] {
  const folders = new FreeNames();
  const ofClass = new Map<string, string>();
  const names = new Map<string, FreeNames>();
  return images.map(({ image, names: ofImage }) => {
    const className = ofImage?.[0] ?? null;
    const split = splitWords[image.split];
    if (className !== null && !ofClass.has(className)) ofClass.set(className, folders.take(className));
    const folder = className === null ? split : `${split}/${ofClass.get(className) ?? safeName(className)}`;
    return { image, names: ofImage, way: `${folder}/${takeName(names, folder, image)}` };
  });
}

function placeBySplit(images: readonly LabelledImage[]): readonly PlacedImage[] {
  const names = new Map<string, FreeNames>();
  return images.map(({ image, names: ofImage }) => {
    const folder = huggingFaceWords[image.split];
    return { image, names: ofImage, way: `${folder}/${takeName(names, folder, image)}` };
  });
}

function placeTogether(images: readonly LabelledImage[]): readonly PlacedImage[] {
  const names = new Map<string, FreeNames>();
  return images.map((one) => ({ ...one, way: `images/${takeName(names, 'images', one.image)}` }));
}

function takeName(names: Map<string, FreeNames>, folder: string, image: DatasetImage): string {
  const free = names.get(folder) ?? new FreeNames();
  names.set(folder, free);
  return free.take(image.fileName);
}

function withCopies(
  images: readonly PlacedImage[],
  { way: list, cells }: { readonly way: string; readonly cells: LabelCells },
): LabelLayout {
  return {
    texts: [{ way: list, text: table(images, cells) }],
    copies: images.map(({ way, image }) => ({ way, image })),
  };
}

function table(images: readonly PlacedImage[], { header, write }: LabelCells): string {
  const rows = images.map(({ way, names, image }) => [way, write(names), splitWords[image.split]]);
  return stringify([['file_name', header, 'split'], ...rows]);
}

/**
 * One annotation over the whole image for each class that it has; `split` is a field of our own, which readers of COCO pass over, and in
 * multi-label projects `is_labelled`: an image without annotations may have none of the classes, or not be labelled.
 */
function coco(images: readonly PlacedImage[], classes: readonly string[], labelling: Labelling): LabelLayout {
  const ids = new Map(classes.map((name, index) => [name, index + 1]));
  const listed = images.map(({ way, image, names }, index) => ({ id: index + 1, way, image, names }));
  const content = {
    info: { description: 'Image-level classes: one annotation over the whole image' },
    images: listed.map(({ id, way, image, names }) => ({
      id,
      file_name: way,
      width: image.width,
      height: image.height,
      split: splitWords[image.split],
      ...(labelling === 'multi-label' && { is_labelled: names !== null }),
    })),
    annotations: listed
      .flatMap(({ id, image: { width, height }, names }) =>
        (names ?? []).flatMap((name) => {
          const category = ids.get(name);
          if (category === undefined) return [];
          return [
            { image_id: id, category_id: category, bbox: [0, 0, width, height], area: width * height, iscrowd: 0 },
          ];
        }),
      )
      .map((annotation, index) => ({ id: index + 1, ...annotation })),
    categories: classes.map((name, index) => ({ id: index + 1, name, supercategory: '' })),
  };
  return {
    texts: [{ way: 'annotations.json', text: `${JSON.stringify(content, null, 1)}\n` }],
    copies: images.map(({ way, image }) => ({ way, image })),
  };
}
