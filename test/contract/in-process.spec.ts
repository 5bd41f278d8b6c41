import { text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { createInProcessClient } from '../../src-main/core/in-process-client.ts';
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
        const [, , kind, project, image] = route.split('/');
        const [projectId, imageId] = [v.parse(projectIdSchema, project), v.parse(imageIdSchema, image)];
        const { bytes } = core;
        const served = await (kind === 'image'
          ? bytes.image(projectId, imageId)
          : bytes.thumbnail(projectId, imageId, 128));
        const { body, contentType } = served;
        return { status: 200, contentType, size: body instanceof Readable ? (await text(body)).length : body.length };
      },
      close: () => core.close(),
    };
  },
});
