import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { ByteSource, ServedBytes } from '../../src-main/core/byte-source.ts';
import { createInProcessClient } from '../../src-main/core/in-process-client.ts';
import { judgeSchema } from '../../src-shared/domain/judgement.ts';
import { imageIdSchema, projectIdSchema } from '../../src-shared/domain/ids.ts';
import * as v from 'valibot';
import { composeIn } from './compose-for-test.ts';
import { describeContract } from './contract-suite.ts';

describeContract('a direct call', {
  hasHost: false,
  async open(folder) {
    const { core } = await composeIn(folder);
    return {
      client: createInProcessClient(core),
      send: (name, input) => core.dispatch(name, input),
      chooseFolder: async (path) => (await core.host.grantFolder(path)).token,
      async fetchBytes(route) {
        const [, , kind, project = '', image = ''] = route.split('/');
        const { body, contentType } = await openRoute(core.bytes, kind, project, image);
        return { status: 200, contentType, size: body instanceof Readable ? (await text(body)).length : body.length };
      },
      close: () => core.close(),
    };
  },
});

async function openRoute(
  bytes: ByteSource,
  kind: string | undefined,
  project: string,
  image: string,
): Promise<ServedBytes> {
  if (kind === 'dataset') {
    const [id, query = ''] = project.split('?');
    const since = new URLSearchParams(query).get('since');
    return await bytes.dataset(v.parse(projectIdSchema, id), since === null ? null : Number(since));
  }
  if (kind === 'judgements')
    return await bytes.judgements(v.parse(projectIdSchema, project), v.parse(judgeSchema, image));
  const [projectId, imageId] = [v.parse(projectIdSchema, project), v.parse(imageIdSchema, image)];
  return await (kind === 'image' ? bytes.image(projectId, imageId) : bytes.thumbnail(projectId, imageId, 128));
}
