import { stringify } from 'csv-stringify/sync';
import type { Dataset, DatasetImage, Split } from '../../../src-shared/domain/dataset.ts';
import type { LabelFormat } from '../../../src-shared/domain/label-format.ts';
import { FreeNames, safeName } from './safe-names.ts';

/** What an export of labels consists of: texts, and copies of images under their new names. Ways have forward slashes. */
export interface LabelLayout {
  readonly texts: readonly { readonly way: string; readonly text: string }[];
  readonly copies: readonly { readonly way: string; readonly image: DatasetImage }[];
}

interface LabelledImage {
  readonly image: DatasetImage;
  readonly className: string | null;
}

const splitWords: Readonly<Record<Split, string>> = { training: 'train', validation: 'val', test: 'test' };
/** As Hugging Face calls its splits. */
const huggingFaceWords: Readonly<Record<Split, string>> = { ...splitWords, validation: 'validation' };

/** Lays a dataset out in a format. Every name is one that every file system takes, and none stands for two images. */
export function layOutLabels(
  format: LabelFormat,
  { images, classes }: Pick<Dataset, 'images' | 'classes'>,
): LabelLayout {
  const names = new Map(classes.map(({ id, name }) => [id, name]));
  const labelled = images.map((image) => ({
    image,
    className: image.classId === null ? null : (names.get(image.classId) ?? null),
  }));
  switch (format) {
    case 'csv':
      return {
        texts: [{ way: 'labels.csv', text: table(labelled.map((one) => ({ ...one, way: one.image.source }))) }],
        copies: [],
      };
    case 'folders':
      return withCopies(placeInFolders(labelled), 'labels.csv');
    case 'huggingface':
      return withCopies(placeBySplit(labelled), 'metadata.csv');
    case 'coco':
      return coco(
        placeTogether(labelled),
        classes.map(({ name }) => name),
      );
  }
}

interface PlacedImage extends LabelledImage {
  readonly way: string;
}

/** `train/<class>/<file>`; images without a class lie in the split's own folder. Class folders are told apart like files. */
function placeInFolders(images: readonly LabelledImage[]): readonly PlacedImage[] {
  const folders = new FreeNames();
  const ofClass = new Map<string, string>();
  const names = new Map<string, FreeNames>();
  return images.map(({ image, className }) => {
    const split = splitWords[image.split];
    if (className !== null && !ofClass.has(className)) ofClass.set(className, folders.take(className));
    const folder = className === null ? split : `${split}/${ofClass.get(className) ?? safeName(className)}`;
    return { image, className, way: `${folder}/${takeName(names, folder, image)}` };
  });
}

function placeBySplit(images: readonly LabelledImage[]): readonly PlacedImage[] {
  const names = new Map<string, FreeNames>();
  return images.map(({ image, className }) => {
    const folder = huggingFaceWords[image.split];
    return { image, className, way: `${folder}/${takeName(names, folder, image)}` };
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

function withCopies(images: readonly PlacedImage[], list: string): LabelLayout {
  return { texts: [{ way: list, text: table(images) }], copies: images.map(({ way, image }) => ({ way, image })) };
}

function table(images: readonly PlacedImage[]): string {
  const rows = images.map(({ way, className, image }) => [way, className ?? '', splitWords[image.split]]);
  return stringify([['file_name', 'label', 'split'], ...rows]);
}

/** One annotation over the whole image for each that has a class; `split` is a field of our own, which readers of COCO pass over. */
function coco(images: readonly PlacedImage[], classes: readonly string[]): LabelLayout {
  const ids = new Map(classes.map((name, index) => [name, index + 1]));
  const listed = images.map(({ way, image, className }, index) => ({ id: index + 1, way, image, className }));
  const content = {
    info: { description: 'Image-level classes: one annotation over the whole image' },
    images: listed.map(({ id, way, image }) => ({
      id,
      file_name: way,
      width: image.width,
      height: image.height,
      split: splitWords[image.split],
    })),
    annotations: listed.flatMap(({ id, image: { width, height }, className }) => {
      const category = className === null ? undefined : ids.get(className);
      if (category === undefined) return [];
      return [
        { id, image_id: id, category_id: category, bbox: [0, 0, width, height], area: width * height, iscrowd: 0 },
      ];
    }),
    categories: classes.map((name, index) => ({ id: index + 1, name, supercategory: '' })),
  };
  return {
    texts: [{ way: 'annotations.json', text: `${JSON.stringify(content, null, 1)}\n` }],
    copies: images.map(({ way, image }) => ({ way, image })),
  };
}
