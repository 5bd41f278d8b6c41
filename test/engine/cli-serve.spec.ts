import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeWorkplace, type Workplace } from './cli-support.ts';

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
});
afterAll(() => workplace.remove());

it('serves the page to whoever has the link, and to nobody else, until Ctrl-C', async () => {
  let page = '';
  let strangerStatus = 0;
  const { exitCode, lines } = await workplace.graft(['serve', '--json'], {
    interruptAt: '"type":"serving"',
    meanwhile: async (stdout) => {
      const { url } = JSON.parse(stdout.trim()) as { url: string };
      const entered = await fetch(url, { redirect: 'manual' });
      const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
      page = await (await fetch(new URL('/', url), { headers: { cookie } })).text();
      strangerStatus = (await fetch(new URL('/', url))).status;
    },
  });
  expect(page).toContain('<!doctype html>');
  expect(strangerStatus).toBe(403);
  expect(exitCode).toBe(130);
  expect(lines.map(({ type }) => type)).toEqual(['serving', 'result']);
});
