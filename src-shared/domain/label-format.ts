import * as v from 'valibot';

/**
 * How labels leave a project: a table without images; or with them, in folders by split and class, as COCO annotations, or as Hugging
 * Face's imagefolder.
 */
export const labelFormatSchema = v.picklist(['csv', 'folders', 'coco', 'huggingface']);
export type LabelFormat = v.InferOutput<typeof labelFormatSchema>;
export const labelFormats = labelFormatSchema.options;
