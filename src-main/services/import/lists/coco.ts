import * as v from 'valibot';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { SkippedFile } from '../../../../src-shared/contract/import.contract.ts';
import type { Labelling } from '../../../../src-shared/domain/labelling.ts';
import { say } from '../../../../src-shared/domain/sentence.ts';
import { splitOf } from '../found-file.ts';
import type { LabelList, ListedFile } from './label-list.ts';
import { toClassName } from './list-classes.ts';

const id = v.union([v.number(), v.string()]);
const cocoSchema = v.object({
  images: v.array(
    v.object({ id, file_name: v.string(), split: v.optional(v.string()), is_labelled: v.optional(v.boolean()) }),
  ),
  annotations: v.optional(v.array(v.object({ image_id: id, category_id: id })), []),
  categories: v.optional(v.array(v.object({ id, name: v.string() })), []),
});

/** True for the JSON of a COCO file. */
export function isCoco(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'images' in value && Array.isArray(value.images);
}

/**
 * The classes of COCO annotations: that of an image is the only category of its annotations. One with several is listed
 * without a class and told; in multi-label projects it has them all, and one without annotations has none only where `is_labelled`, a
 * field of our own, says so. Throws AppError 'bad-input' for JSON of another shape.
 */
export function listFromCoco(value: unknown, labelling: Labelling): LabelList {
  const parsed = v.safeParse(cocoSchema, value);
  if (!parsed.success)
    throw new AppError('bad-input', say('listNoCoco', { what: v.flatten(parsed.issues).root?.[0] ?? '' }));
  const { images, annotations, categories } = parsed.output;
  const names = new Map(categories.map((one) => [String(one.id), one.name]));
  const ofImage = new Map<string, Set<string>>();
  for (const { image_id: image, category_id: category } of annotations) {
    const set = ofImage.get(String(image)) ?? new Set();
    ofImage.set(String(image), set.add(String(category)));
  }
  const files: ListedFile[] = [];
  const problems: SkippedFile[] = [];
  for (const [index, image] of images.entries()) {
    const { id: imageId, file_name: file } = image;
    const split = splitOf(image.split ?? '');
    const line = index + 1;
    const found = [...(ofImage.get(String(imageId)) ?? [])].map((category) => names.get(category) ?? category);
    if (labelling === 'multi-label') {
      const names = found.map((name) => toClassName(name, null));
      if (names.includes(undefined)) problems.push({ file, reason: say('listClassUnfit', { line }) });
      const classNames = names.filter((name) => typeof name === 'string');
      const isLabelled = classNames.length > 0 || (image.is_labelled === true && found.length === 0);
      files.push({ file, line, className: null, classNames: isLabelled ? classNames : null, split });
      continue;
    }
    const className = found.length === 1 ? toClassName(found[0] ?? '', null) : null;
    if (className === undefined) problems.push({ file, reason: say('listClassUnfit', { line }) });
    if (found.length > 1) {
      const several = found.toSorted().slice(0, 8).join(', ');
      problems.push({ file, reason: say('cocoSeveral', { count: found.length, classes: several }) });
    }
    files.push({ file, line, className: className ?? null, split });
  }
  return { files, problems };
}
