import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawImages, makeWorkplace, type Answer, type Workplace } from './cli-support.ts';

// What is left of a training that diverged, on the command line and the real engine. Decay of 1 at a rate of 10 makes each weight −9
// times itself a step.

let workplace: Workplace;

beforeAll(async () => {
  workplace = await makeWorkplace();
  await drawImages(path.join(workplace.folder, 'images', 'train'), 20, 1);
  await drawImages(path.join(workplace.folder, 'images', 'test'), 2, 2);
  await workplace.graft(['new', 'patches.graft', '--images', 'images', '--json']);
});
afterAll(() => workplace.remove());

/** Trains until it fails; answers what was said and the run. */
async function diverge(batchSize: number): Promise<{ readonly trained: Answer; readonly run: string }> {
  const rates = ['--learning-rate', '10', '--weight-decay', '1', '--epochs', '40', '--batch-size', String(batchSize)];
  const trained = await workplace.graft(['train', 'patches.graft', '--mode', 'feature-extraction', ...rates, '--json']);
  const { result } = await workplace.graft(['runs', 'patches.graft', '--json']);
  const [latest] = result['runs'] as { run: string; status: string }[];
  expect(latest?.status).toBe('failed');
  return { trained, run: latest?.run ?? '' };
}

const of = (command: string, run: string, ...more: string[]): Promise<Answer> =>
  workplace.graft([command, 'patches.graft', '--run', run, ...more, '--json']);

describe('a run that diverged after some epochs', () => {
  it('is judged, predicts and is exported with a certificate, by the weights of its best epoch', async () => {
    const { trained, run } = await diverge(8);
    expect(trained.exitCode).toBe(1);
    expect(trained.stderr).toMatch(/step \d+, in epoch \d+.*try 1 instead of 10\. The weights of epoch \d+ are kept\./);
    const onTest = await of('evaluate', run, '--split', 'test');
    expect(onTest).toMatchObject({ exitCode: 0, stderr: '', result: { split: 'test' } });
    expect(await of('predict', run, 'images/test/red/0.png')).toMatchObject({ exitCode: 0, stderr: '' });
    const exported = await of('export', run, '--format', 'tfjs', '--out', 'model');
    expect(exported).toMatchObject({ exitCode: 0, stderr: '', result: { top1Agreement: 1 } });
  });
});

describe('a run that diverged before its first epoch ended', () => {
  it('says of each that there are no weights, and leaves nothing', async () => {
    const { trained, run } = await diverge(1);
    expect(trained.stderr).toMatch(/in epoch 1\b.*No epoch had ended, so no weights are kept\./);
    for (const answer of [
      await of('evaluate', run),
      await of('evaluate', run, '--split', 'training'),
      await of('predict', run, 'images/test/red/0.png'),
      await of('export', run, '--format', 'tfjs', '--out', 'none'),
    ]) {
      expect(answer.exitCode).toBe(1);
      expect(answer.stderr).toContain('This run has no weights: it ended before its first epoch.');
    }
    expect(existsSync(path.join(workplace.folder, 'none'))).toBe(false);
  });
});
