import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kerasModels } from '../support/keras-models.ts';
import { classNames, drawImages, makeWorkplace, type Workplace } from './cli-support.ts';

// One backbone from somebody else's file to an export, on the real engine; each step goes on where the one before ended.

let workplace: Workplace;
let name = '';
let run = '';
const licence = ['--licence', 'CC0-1.0', '--json'];

beforeAll(async () => {
  workplace = await makeWorkplace();
  await drawImages(path.join(workplace.folder, 'first', 'train'), 5, 1);
  await drawImages(path.join(workplace.folder, 'first', 'test'), 2, 2);
  await cp(path.join(kerasModels, 'gated'), path.join(workplace.folder, 'gated'), { recursive: true });
  await workplace.graft(['new', 'patches.graft', '--images', 'first']);
});
afterAll(() => workplace.remove());

it('imports a model of Keras once, with the preprocessing asked for', async () => {
  const args = ['backbone', 'import', 'gated/model.json', '--name', 'Gated net', '--scale', '0-255', ...licence];
  const { result, stderr, exitCode } = await workplace.graft(args);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  expect(result).toMatchObject({
    backbone: {
      title: 'Gated net',
      inputSize: 32,
      featureCount: 8,
      licence: 'CC0-1.0',
      stages: [
        { name: 'stage1', outputShape: [16, 16, 8] },
        { name: 'stage2', outputShape: [8, 8, 8] },
      ],
    },
  });
  name = (result['backbone'] as { name: string }).name;
  expect(name).toMatch(/^gated-net-[0-9a-f]{12}$/);
  expect((await workplace.graft(args)).result).toEqual(result);
  const listed = await workplace.graft(['backbone', 'list']);
  expect(listed.stdout.split('\n').filter((line) => line.startsWith(name))).toHaveLength(1);
  const other = await workplace.graft(args.map((arg) => (arg === '0-255' ? '0-1' : arg)));
  expect((other.result['backbone'] as { name: string }).name).not.toBe(name);
});

it.each(['feature-extraction', 'fine-tuning'])('trains on it by %s, and predicts', async (mode) => {
  const options = ['--backbone', name, '--mode', mode, '--epochs', '3', '--batch-size', '8', '--learning-rate', '0.01'];
  const trained = await workplace.graft(['train', 'patches.graft', ...options, '--seed', '3', '--json']);
  expect(trained).toMatchObject({ exitCode: 0, stderr: '', result: { status: 'completed', split: 'test' } });
  run = String(trained.result['run']);
  const photo = path.join('first', 'test', 'red', '0.png');
  const predicted = await workplace.graft(['predict', 'patches.graft', photo, '--run', run, '--json']);
  expect(predicted.exitCode).toBe(0);
  for (const className of classNames) expect(predicted.stdout).toContain(className);
});

it('exports it with a certificate, and its licence', async () => {
  const args = ['export', 'patches.graft', '--run', run, '--format', 'tfjs', '--out', 'exported', '--json'];
  const exported = await workplace.graft(args);
  expect(exported).toMatchObject({ exitCode: 0, result: { top1Agreement: 1 } });
  expect(exported.result['maxDifference']).toBeLessThanOrEqual(1e-4);
  expect(await readFile(path.join(workplace.folder, 'exported', 'LICENSES'), 'utf8')).toContain('CC0-1.0');
});

it('keeps it while runs need it, and removes what none needs', async () => {
  const kept = await workplace.graft(['backbone', 'remove', name]);
  expect(kept).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('runs in patches need it') as string });
  const listed = await workplace.graft(['backbone', 'list']);
  const other = listed.stdout.split('\n').find((line) => line.startsWith('gated-net-') && !line.startsWith(name));
  const otherName = other?.split(' ')[0] ?? '';
  expect(await workplace.graft(['backbone', 'remove', otherName])).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await workplace.graft(['backbone', 'list'])).stdout).not.toContain(otherName);
});

it('says what to do when the backbone is damaged or gone', async () => {
  const folder = path.join(workplace.folder, 'config', 'backbones', name);
  const photo = path.join('first', 'test', 'red', '0.png');
  await writeFile(path.join(folder, 'weights.bin'), 'other');
  const damaged = await workplace.graft(['predict', 'patches.graft', photo, '--run', run]);
  await rm(folder, { recursive: true });
  const gone = await workplace.graft(['predict', 'patches.graft', photo, '--run', run]);
  for (const { exitCode, stderr } of [damaged, gone]) {
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`“${name}” was imported by hand`);
  }
});
