import { Readable } from 'node:stream';
import { AppError } from '../../src-shared/contract/app-error.ts';
import type { Handlers } from '../../src-shared/contract/contract.ts';
import type { ByteSource } from '../../src-main/core/byte-source.ts';
import type { Core } from '../../src-main/core/core.ts';
import { createDispatcher } from '../../src-main/core/dispatcher.ts';
import { createEventHub, type EventHub } from '../../src-main/core/event-hub.ts';
import type { Logger } from '../../src-main/core/logger.ts';
import { settingsContract } from '../../src-shared/contract/settings.contract.ts';

/** A logger that keeps its lines. */
export function createMemoryLogger(): Logger & { readonly errors: readonly string[] } {
  const errors: string[] = [];
  return {
    errors,
    info: () => undefined,
    error: (message, error) => void errors.push(error instanceof Error ? `${message}: ${error.message}` : message),
  };
}

const notFound = (): Promise<never> => Promise.reject(new AppError('not-found', 'It is not here.'));

/** Bytes of which only thumbnails and uploads are there: what a transport has to carry, without a project behind it. */
export function createSmallBytes(uploads: Map<string, Buffer>): ByteSource {
  return {
    thumbnail: (_projectId, imageId, sizePx) =>
      Promise.resolve({
        contentType: 'image/webp',
        body: Readable.from([Buffer.from(`${imageId.slice(0, 4)} at `), Buffer.from(String(sizePx))]),
        contentLength: 8 + String(sizePx).length,
        isImmutable: true,
      }),
    dataset: notFound,
    judgements: notFound,
    similar: notFound,
    map: notFound,
    image: notFound,
    picture: notFound,
    sample: notFound,
    uploaded: notFound,
    exportZip: notFound,
    async upload(fileName, bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      uploads.set(fileName, Buffer.concat(chunks));
      return { uploadId: 'upload-0123456789' as never };
    },
    async uploadToBatch(batch, path, bytes) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      uploads.set(`${batch}/${path}`, Buffer.concat(chunks));
    },
  };
}

type SettingsHandlers = Handlers<keyof typeof settingsContract>;

/** A core with the real dispatcher and the real hub over a handful of commands. */
export function createSmallCore(handlers: Partial<SettingsHandlers> = {}): Core & {
  readonly hub: EventHub;
  readonly uploads: Map<string, Buffer>;
  readonly logger: ReturnType<typeof createMemoryLogger>;
} {
  const logger = createMemoryLogger();
  const hub = createEventHub({ logger, checksPayloads: true });
  const uploads = new Map<string, Buffer>();
  return {
    version: '0.0.0',
    hub,
    uploads,
    logger,
    events: hub,
    bytes: createSmallBytes(uploads),
    dispatch: createDispatcher({ commands: settingsContract, handlers: handlers as SettingsHandlers, logger }),
    host: { grantFolder: notFound, grantSource: notFound, createProject: notFound, exportFolder: notFound },
    close: () => Promise.resolve(),
  };
}
