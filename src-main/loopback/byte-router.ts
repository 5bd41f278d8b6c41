import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { say } from '../../src-shared/domain/sentence.ts';
import { AppError } from '../../src-shared/contract/app-error.ts';
import { uploadBatchIdSchema } from '../../src-shared/contract/import.contract.ts';
import { sampleIdSchema } from '../../src-shared/contract/project.contract.ts';
import {
  exportIdSchema,
  imageIdSchema,
  pictureIdSchema,
  projectIdSchema,
  uploadIdSchema,
} from '../../src-shared/domain/ids.ts';
import { judgeSchema } from '../../src-shared/domain/judgement.ts';
import type { ByteSource, ServedBytes } from '../core/byte-source.ts';
import { limitBody } from './read-body.ts';
import type { RequestPath } from './request-path.ts';
import { sendBytes, sendJson } from './respond.ts';

/** Most bytes of one uploaded file. */
export const maxUploadBytes = 200 * 1024 * 1024;
/** Most bytes of an archive that is going to be imported; it is streamed to the disk. */
const maxArchiveBytes = 10e9;

const thumbnailSizes: Readonly<Record<string, 128 | 256 | 512>> = { '128': 128, '256': 256, '512': 512 };

/** Answers what byte-routes.ts names; throws AppError, not-found for every other path. */
export async function answerBytes(
  request: IncomingMessage,
  response: ServerResponse,
  source: ByteSource,
  path: RequestPath,
): Promise<void> {
  if (request.method === 'PUT' || request.method === 'POST') {
    sendJson(response, 200, await receive(request, source, path));
  } else {
    await sendBytes(request, response, await open(source, path));
  }
}

async function open(source: ByteSource, { segments, query }: RequestPath): Promise<ServedBytes> {
  const [, kind = '', first = '', second = '', third = ''] = segments;
  switch (`${kind}/${segments.length}`) {
    case 'dataset/3': {
      const since = query.get('since');
      if (since !== null && !/^\d{1,15}$/.test(since)) throw nothingThere();
      return await source.dataset(id(projectIdSchema, first), since === null ? null : Number(since));
    }
    case 'judgements/4':
      return await source.judgements(id(projectIdSchema, first), id(judgeSchema, second));
    case 'similar/4':
      return await source.similar(id(projectIdSchema, first), id(imageIdSchema, second));
    case 'map/3':
      return await source.map(id(projectIdSchema, first));
    case 'thumbnail/5': {
      const sizePx = Object.hasOwn(thumbnailSizes, third) ? thumbnailSizes[third] : undefined;
      if (sizePx === undefined) throw nothingThere();
      return await source.thumbnail(id(projectIdSchema, first), id(imageIdSchema, second), sizePx);
    }
    case 'image/4':
      return await source.image(id(projectIdSchema, first), id(imageIdSchema, second));
    case 'picture/3':
      return await source.picture(id(pictureIdSchema, first));
    case 'sample/4':
      if (!/^\d{1,4}$/.test(second)) throw nothingThere();
      return await source.sample(id(sampleIdSchema, first), Number(second));
    case 'uploaded/3':
      return await source.uploaded(id(uploadIdSchema, first));
    case 'export/4':
      if (!second.endsWith('.zip')) throw nothingThere();
      return await source.exportZip(id(projectIdSchema, first), id(exportIdSchema, second.slice(0, -'.zip'.length)));
    default:
      throw nothingThere();
  }
}

async function receive(request: IncomingMessage, source: ByteSource, path: RequestPath): Promise<unknown> {
  const [, kind = '', name = ''] = path.segments;
  if (path.segments.length !== 3 || name === '') throw nothingThere();
  if (kind === 'upload') return await source.upload(name, limitBody(request, maxUploadBytes));
  if (kind !== 'batch') throw nothingThere();
  const place = pathBelow(path.query.get('path') ?? '');
  const bytes = limitBody(request, place.toLowerCase().endsWith('.zip') ? maxArchiveBytes : maxUploadBytes);
  await source.uploadToBatch(id(uploadBatchIdSchema, name), place, bytes);
  return { done: true };
}

/** Where a dropped file was below its folder. It is never used as a path of this machine as it is, and still: */
function pathBelow(path: string): string {
  const parts = path.split('/');
  const isBelow = parts.every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\\0]/.test(part));
  if (isBelow && path.length <= 1024) return path;
  const facts = { expected: say('pathBelowDropped'), field: 'path', received: say('somethingElse') };
  throw new AppError('bad-input', say('expectedFor', facts));
}

function id<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, text);
  if (!parsed.success) throw nothingThere();
  return parsed.output;
}

function nothingThere(): AppError {
  return new AppError('not-found', say('nothingAtAddress'));
}
