import type { Readable } from 'node:stream';
import type { SampleId } from '../../src-shared/contract/project.contract.ts';
import type { UploadBatchId } from '../../src-shared/contract/import.contract.ts';
import type { ExportId, ImageId, PictureId, ProjectId, UploadId } from '../../src-shared/domain/ids.ts';
import type { Judge } from '../../src-shared/domain/judgement.ts';

/** Bytes on their way out. */
export interface ServedBytes {
  readonly contentType: string;
  readonly body: Uint8Array | Readable;
  /** Null where it is not known before the end. */
  readonly contentLength: number | null;
  /** Named by their content or never changed: a browser may keep them for good. */
  readonly isImmutable: boolean;
  /** Makes it a download under this name. */
  readonly downloadName?: string;
}

/** Bytes on their way in; whoever reads stops at its own limit. */
export type IncomingBytes = AsyncIterable<Uint8Array>;

/** What goes by id and not as a message. Everything throws AppError('not-found') for what is not there. */
export interface ByteSource {
  /** `since` a revision, or null for all. */
  dataset(projectId: ProjectId, since: number | null): Promise<ServedBytes>;
  judgements(projectId: ProjectId, judge: Judge): Promise<ServedBytes>;
  similar(projectId: ProjectId, imageId: ImageId): Promise<ServedBytes>;
  map(projectId: ProjectId): Promise<ServedBytes>;
  thumbnail(projectId: ProjectId, imageId: ImageId, sizePx: 128 | 256 | 512): Promise<ServedBytes>;
  image(projectId: ProjectId, imageId: ImageId): Promise<ServedBytes>;
  picture(pictureId: PictureId): Promise<ServedBytes>;
  sample(sampleId: SampleId, index: number): Promise<ServedBytes>;
  upload(fileName: string, bytes: IncomingBytes): Promise<{ readonly uploadId: UploadId }>;
  uploaded(uploadId: UploadId): Promise<ServedBytes>;
  /** `path` is where the file was below the dropped folder, with forward slashes. */
  uploadToBatch(batch: UploadBatchId, path: string, bytes: IncomingBytes): Promise<void>;
  exportZip(projectId: ProjectId, exportId: ExportId): Promise<ServedBytes>;
}
