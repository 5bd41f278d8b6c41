import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { DatasetService } from '../services/dataset/dataset-service.ts';
import type { ExportService } from '../services/export/export-service.ts';
import type { ImageService } from '../services/image/image-service.ts';
import { pictureBytes, servePicture } from '../services/image/serve-picture.ts';
import type { UploadStore } from '../services/import/upload-store.ts';
import type { JudgementService } from '../services/judgement/judgement-service.ts';
import type { MapService } from '../services/map/map-service.ts';
import type { PictureStore } from '../services/pipeline/picture-store.ts';
import type { SampleCatalog } from '../services/project/sample-catalog.ts';
import type { ByteSource, ServedBytes } from './byte-source.ts';

/** Where each kind of bytes comes from and goes to. */
export function composeBytes(services: {
  readonly datasets: DatasetService;
  readonly judgements: JudgementService;
  readonly maps: MapService;
  readonly images: ImageService;
  readonly pictures: PictureStore;
  readonly samples: SampleCatalog;
  readonly uploads: UploadStore;
  readonly exports: ExportService;
}): ByteSource {
  const { datasets, judgements, maps, images, pictures, samples, uploads, exports } = services;
  return {
    dataset: async (projectId, since) => columnBytes(datasets.stream(projectId, since)),
    judgements: async (projectId, judge) => columnBytes(await judgements.judgements(projectId, judge)),
    similar: async (projectId, imageId) => columnBytes(await judgements.similar(projectId, imageId)),
    map: async (projectId) => columnBytes(await maps.places(projectId)),
    thumbnail: (projectId, imageId, sizePx) => images.thumbnail(projectId, imageId, sizePx),
    image: (projectId, imageId) => images.image(projectId, imageId),
    picture: async (pictureId) => pictureBytes(pictures.get(pictureId), 'image/png'),
    sample: async (sampleId, index) => await servePicture(await samples.coverFile(sampleId, index)),
    upload: (_fileName, bytes) => uploads.add(bytes),
    uploaded: async (uploadId) => await servePicture(uploads.file(uploadId)),
    uploadToBatch: (batch, path, bytes) => uploads.addToBatch(batch, path, bytes),
    async exportZip(projectId, exportId) {
      const { path, sizeBytes, downloadName } = await exports.zip(projectId, exportId);
      return {
        contentType: 'application/zip',
        body: createReadStream(path),
        contentLength: sizeBytes,
        isImmutable: true,
        downloadName,
      };
    },
  };
}

function columnBytes(frames: AsyncIterable<Uint8Array>): ServedBytes {
  const body = Readable.from(frames, { objectMode: false });
  return { contentType: 'application/octet-stream', body, contentLength: null, isImmutable: false };
}
