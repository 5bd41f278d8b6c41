import { describe, expect, it } from 'vitest';
import type { ToTrainer } from '../../../src-main/jobs/trainer-protocol.ts';
import { createJobLink } from '../../../src-main/trainer/job-link.ts';

type Message = Exclude<ToTrainer, { readonly type: 'start' }>;

describe('the requests of a predict job', () => {
  it('come 32 together, without those that were withdrawn meanwhile', async () => {
    const { link, deliver } = createJobLink(() => undefined);
    const tell = (message: Message) => deliver({ type: 'message', message });
    for (let id = 1; id <= 70; id += 1) tell({ type: 'predict', id, path: `${String(id)}.png` });
    const batches: number[][] = [];
    for await (const requests of link.predictRequests()) {
      batches.push(requests.map(({ id }) => id));
      if (batches.length === 1) tell({ type: 'withdraw', ids: Array.from({ length: 69 }, (_, index) => index + 1) });
      else tell({ type: 'cancel' });
    }
    expect(batches).toEqual([Array.from({ length: 32 }, (_, index) => index + 1), [70]]);
  });
});
