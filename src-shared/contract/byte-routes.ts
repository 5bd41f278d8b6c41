import type { ExportId, ImageId, PictureId, ProjectId, UploadId } from '../domain/ids.ts';
import type { Judge } from '../domain/judgement.ts';
import type { SampleId } from './project.contract.ts';
import type { UploadBatchId } from './import.contract.ts';

// Bytes are not messages: pictures, uploads and downloads go by id below /bytes/, on the page's own origin.

export const byteRoutes = {
  /**
   * Classes and images of a project, as dataset-stream.ts says; with a revision, only the images that changed since,
   * where that is still known.
   */
  dataset: (projectId: ProjectId, since: number | null): string =>
    `/bytes/dataset/${projectId}${since === null ? '' : `?since=${String(since)}`}`,
  /** What a judge says of images, as judgement-stream.ts says. */
  judgements: (projectId: ProjectId, judge: Judge): string => `/bytes/judgements/${projectId}/${judge}`,
  /** How like one image all others are, as judgement-stream.ts says. */
  similar: (projectId: ProjectId, imageId: ImageId): string => `/bytes/similar/${projectId}/${imageId}`,
  /** Where the images lie on the map, as map.contract.ts says. */
  map: (projectId: ProjectId): string => `/bytes/map/${projectId}`,
  /** WebP, fits in sizePx × sizePx (128, 256 or 512). */
  thumbnail: (projectId: ProjectId, imageId: ImageId, sizePx: 128 | 256 | 512): string =>
    `/bytes/thumbnail/${projectId}/${imageId}/${String(sizePx)}`,
  /** The whole image in a format that browsers show, oriented. */
  image: (projectId: ProjectId, imageId: ImageId): string => `/bytes/image/${projectId}/${imageId}`,
  /** A picture that core rendered, e.g. for a preview. PNG. */
  picture: (pictureId: PictureId): string => `/bytes/picture/${pictureId}`,
  /** The nth picture of a bundled sample, for the home page. */
  sample: (sampleId: SampleId, index: number): string => `/bytes/sample/${sampleId}/${String(index)}`,
  /** PUT or POST one file; answers { uploadId }. */
  upload: (fileName: string): string => `/bytes/upload/${encodeURIComponent(fileName)}`,
  /** GET an uploaded picture in a format that browsers show. */
  uploaded: (uploadId: UploadId): string => `/bytes/uploaded/${uploadId}`,
  /** PUT one file of a batch that is going to be imported; `path` is its place below the dropped folder. */
  uploadToBatch: (batch: UploadBatchId, path: string): string =>
    `/bytes/batch/${batch}?path=${encodeURIComponent(path)}`,
  /** The zip of an export, as a download. */
  exportZip: (projectId: ProjectId, exportId: ExportId): string => `/bytes/export/${projectId}/${exportId}.zip`,
} as const;
