import * as v from 'valibot';

function idSchema<const Brand extends string>(brand: Brand, pattern: RegExp) {
  return v.pipe(
    v.string(),
    v.maxLength(120),
    v.regex(pattern, `Expected ‹an id› for ‹${brand}›, received ‹something else›`),
    v.brand(brand),
  );
}

/** A project; made once, kept in project.json, survives moving the folder. */
export const projectIdSchema = idSchema('ProjectId', /^[0-9a-z-]{8,40}$/);
export type ProjectId = v.InferOutput<typeof projectIdSchema>;

/** An image, known by its content: the SHA-256 of the file's bytes, in hex. */
export const imageIdSchema = idSchema('ImageId', /^[0-9a-f]{64}$/);
export type ImageId = v.InferOutput<typeof imageIdSchema>;

/** A class of a dataset; stable when the class is renamed. */
export const classIdSchema = idSchema('ClassId', /^[0-9a-z-]{1,40}$/);
export type ClassId = v.InferOutput<typeof classIdSchema>;

/** A saved pipeline; also its file name without the ending. */
export const pipelineIdSchema = idSchema('PipelineId', /^[0-9a-z][0-9a-z-]{0,60}$/);
export type PipelineId = v.InferOutput<typeof pipelineIdSchema>;

/** One training; also the name of its folder below runs/. */
export const runIdSchema = idSchema('RunId', /^[0-9a-z][0-9a-z-]{0,60}$/);
export type RunId = v.InferOutput<typeof runIdSchema>;

/** One export; also the name of its folder below exports/. */
export const exportIdSchema = idSchema('ExportId', /^[0-9a-z][0-9a-z-]{0,80}$/);
export type ExportId = v.InferOutput<typeof exportIdSchema>;

/** An earlier state of a project; also the name of its folder below snapshots/. */
export const snapshotIdSchema = idSchema('SnapshotId', /^\d{8}-\d{6}-[0-9a-f]{4}$/);
export type SnapshotId = v.InferOutput<typeof snapshotIdSchema>;

/** A long work that can be watched and cancelled: an import, a runtime installation. */
export const jobIdSchema = idSchema('JobId', /^[0-9a-z-]{4,60}$/);
export type JobId = v.InferOutput<typeof jobIdSchema>;

/** A folder that the host handed out; stands for a path that the page never sees as an input. */
export const folderTokenSchema = idSchema('FolderToken', /^[0-9a-zA-Z_-]{16,64}$/);
export type FolderToken = v.InferOutput<typeof folderTokenSchema>;

/** A file that the page sent to core (drop, paste), kept until core stops. */
export const uploadIdSchema = idSchema('UploadId', /^[0-9a-zA-Z_-]{16,64}$/);
export type UploadId = v.InferOutput<typeof uploadIdSchema>;

/** A picture that core rendered for the page and keeps for a while. */
export const pictureIdSchema = idSchema('PictureId', /^[0-9a-zA-Z_-]{8,64}$/);
export type PictureId = v.InferOutput<typeof pictureIdSchema>;
