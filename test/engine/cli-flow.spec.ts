import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { pipelineIdSchema } from '../../src-shared/domain/ids.ts';
import { classicPipeline, createStep } from '../../src-shared/domain/pipeline/pipeline.ts';
import { classNames, drawImages, makeWorkplace, type Workplace } from './cli-support.ts';

// One project from the first command to the last, on the real engine; each step goes on where the one before ended.

let workplace: Workplace;
const runs: string[] = [];

beforeAll(async () => {
  workplace = await makeWorkplace();
  await drawImages(path.join(workplace.folder, 'first', 'train'), 5, 1);
  await drawImages(path.join(workplace.folder, 'first', 'test'), 2, 2);
  await drawImages(path.join(workplace.folder, 'more', 'train'), 2, 3);
  await writeFile(path.join(workplace.folder, 'more', 'train', 'red', 'broken.png'), 'not a picture');
  const classic = classicPipeline(v.parse(pipelineIdSchema, 'mirrored'), 'Mirrored');
  const mirror = createStep('RandomVerticalFlip', 'mirror');
  await writeFile(
    path.join(workplace.folder, 'mirrored.json'),
    JSON.stringify({ ...classic, training: [mirror, ...classic.training] }),
  );
});
afterAll(() => workplace.remove());

describe('the whole job on the command line', () => {
  it('makes a project with images, and imports nothing twice', async () => {
    const made = await workplace.graft(['new', 'patches.graft', '--images', 'first', '--json']);
    expect(made).toMatchObject({ exitCode: 0, stderr: '', result: { type: 'result', imported: 21, skipped: [] } });
    const again = await workplace.graft(['import', 'patches.graft', 'first', '--json']);
    expect(again.result).toMatchObject({ imported: 0, duplicates: 21 });
    const more = await workplace.graft(['import', 'patches.graft', 'more', '--json']);
    expect(more.result).toMatchObject({ imported: 6, skipped: [{ file: 'train/red/broken.png' }] });
  });

  it.each([
    ['feature-extraction', ['--epochs', '10', '--pipeline', 'mirrored.json']],
    ['fine-tuning', ['--epochs', '1', '--pipeline', 'Classic']],
  ])('trains by %s and learns the colours', async (mode, options) => {
    const common = ['train', 'patches.graft', '--batch-size', '8', '--seed', '3', '--json'];
    const trained = await workplace.graft([...common, '--mode', mode, ...options]);
    expect(trained).toMatchObject({
      exitCode: 0,
      stderr: '',
      result: { type: 'result', status: 'completed', split: 'test' },
    });
    expect(trained.result['accuracy']).toBeGreaterThan(0.8);
    const epochs = trained.lines.filter(({ type }) => type === 'epoch');
    expect(epochs.length).toBeGreaterThan(0);
    expect(epochs.every(({ waitingShare }) => typeof waitingShare === 'number')).toBe(true);
    runs.push(String(trained.result['run']));
  });

  it('tells how much the cached features take, and clears them', async () => {
    const before = await workplace.graft(['cache', 'patches.graft', '--json']);
    expect(before.result).toMatchObject({ limitBytes: 10e9, freedBytes: 0 });
    expect(before.result['bytes']).toBeGreaterThan(21 * 1280 * 4);
    const cleared = await workplace.graft(['cache', 'patches.graft', '--clear', '--json']);
    expect(cleared.result).toMatchObject({ bytes: 0, freedBytes: before.result['bytes'] });
  });

  it('suggests a learning rate, and measures what a run takes', async () => {
    const recipe = ['--mode', 'feature-extraction', '--batch-size', '8', '--json'];
    const search = await workplace.graft(['find-learning-rate', 'patches.graft', ...recipe]);
    expect(search).toMatchObject({ exitCode: 0, stderr: '' });
    expect(search.result['valley']).toBeGreaterThan(1e-6);
    expect((search.result['points'] as unknown[]).length).toBeGreaterThan(50);
    const estimate = await workplace.graft(['estimate', 'patches.graft', ...recipe, '--epochs', '10']);
    expect(estimate).toMatchObject({ exitCode: 0, stderr: '', result: { type: 'result' } });
    expect(Number(estimate.result['totalSteps']) % 10).toBe(0);
    expect(estimate.result['totalSeconds']).toBeGreaterThan(0);
  });

  it('lists both, latest first', async () => {
    const { result } = await workplace.graft(['runs', 'patches.graft', '--json']);
    expect(result).toMatchObject({
      runs: [
        { run: runs[1], mode: 'fine-tuning', status: 'completed' },
        { run: runs[0], mode: 'feature-extraction', status: 'completed' },
      ],
    });
  });

  it('evaluates with figures that agree with each other', async () => {
    const { result } = await workplace.graft(['evaluate', 'patches.graft', '--run', runs[0]!, '--json']);
    expect(result).toMatchObject({ split: 'test', classes: classNames });
    const confusion = result['confusion'] as number[][];
    const right = confusion.reduce((sum, row, index) => sum + row[index]!, 0);
    expect(confusion.map((row) => row.reduce((sum, value) => sum + value, 0))).toEqual([2, 2, 2]);
    expect(result['accuracy']).toBeCloseTo(right / 6);
  });

  it('names what differs between the two', async () => {
    const { result } = await workplace.graft(['compare', 'patches.graft', ...runs, '--json']);
    const differences = result['differences'] as { setting: string; a: unknown; b: unknown }[];
    expect(differences).toContainEqual({ setting: 'recipe.mode', a: 'feature-extraction', b: 'fine-tuning' });
    expect(differences).toContainEqual({ setting: 'recipe.epochs', a: 10, b: 1 });
    expect(differences).toContainEqual({ setting: 'pipeline.training.1.RandomVerticalFlip', a: 'p 0.5', b: null });
    expect(differences.map(({ setting }) => setting)).not.toContain('recipe.seed');
  });

  it('predicts what it learned of a picture that it never saw', async () => {
    await drawImages(path.join(workplace.folder, 'unseen'), 1, 9);
    const pictures = classNames.map((name) => path.join('unseen', name, '0.png'));
    const { exitCode, result } = await workplace.graft([
      'predict',
      'patches.graft',
      '--run',
      runs[0]!,
      ...pictures,
      '--json',
    ]);
    expect(exitCode).toBe(0);
    const predictions = result['predictions'] as { image: string; top: { class: string; probability: number }[] }[];
    expect(predictions.map(({ image, top }) => [image, top[0]?.class])).toEqual(
      pictures.map((image, index) => [image, classNames[index]]),
    );
  });

  it('predicts the pictures that it can read, and names the others', async () => {
    await writeFile(path.join(workplace.folder, 'damaged.jpg'), 'no picture');
    const run = runs[0]!;
    const { exitCode, stderr, result } = await workplace.graft([
      ...['predict', 'patches.graft', '--run', run, '--json'],
      ...['damaged.jpg', 'nowhere.png', path.join('unseen', 'red', '0.png')],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/damaged\.jpg.*nowhere\.png/)]);
    expect(result).toMatchObject({
      predictions: [{ image: path.join('unseen', 'red', '0.png') }],
      skipped: [{ file: 'damaged.jpg' }, { file: 'nowhere.png' }],
    });
  });

  it('exports with a proof, into a folder and a zip beside it', async () => {
    const { exitCode, stderr, result } = await workplace.graft([
      'export',
      'patches.graft',
      '--run',
      runs[1]!,
      '--format',
      'tfjs',
      '--out',
      'model',
      '--json',
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(result['maxDifference']).toBeLessThanOrEqual(1e-4);
    expect(result).toMatchObject({ top1Agreement: 1 });
    expect(result['files']).toEqual(expect.arrayContaining(['tfjs/model.json', 'labels.txt', 'certificate.json']));
    expect(await readdir(workplace.folder)).toEqual(expect.arrayContaining(['model', 'model.zip']));
    const labels = await readFile(path.join(workplace.folder, 'model', 'labels.txt'), 'utf8');
    classNames.forEach((name) => expect(labels).toContain(name));

    const again = await workplace.graft([
      'export',
      'patches.graft',
      '--run',
      runs[1]!,
      '--format',
      'tfjs',
      '--out',
      'model',
    ]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr.trim()).toMatch(/not empty.*Choose/);
  });

  it('lets others read while it trains, and on Ctrl-C cancels and keeps its best weights', async () => {
    const train = ['train', 'patches.graft', '--mode', 'feature-extraction', '--epochs', '10000', '--json'];
    const { exitCode, result } = await workplace.graft(train, {
      interruptAt: '"type":"epoch"',
      meanwhile: async () => {
        const reading = await workplace.graft(['runs', 'patches.graft', '--json']);
        expect(reading.result).toMatchObject({ runs: [{ status: 'training' }, {}, {}] });
        const writing = await workplace.graft(['import', 'patches.graft', 'more']);
        expect(writing).toMatchObject({ exitCode: 1, stdout: '' });
        expect(writing.stderr).toMatch(/Graft.*process \d+/);
      },
    });
    expect(exitCode).toBe(130);
    expect(result).toMatchObject({ type: 'result', status: 'cancelled', split: 'test' });
    const listed = await workplace.graft(['runs', 'patches.graft', '--json']);
    expect(listed.result).toMatchObject({ runs: [{ run: result['run'], status: 'cancelled' }, {}, {}] });
    const predicted = await workplace.graft([
      'predict',
      'patches.graft',
      '--run',
      String(result['run']),
      'unseen/red/0.png',
    ]);
    expect(predicted).toMatchObject({ exitCode: 0, stderr: '' });
    runs.push(String(result['run']));
  });

  it('goes on with the cancelled run until the next Ctrl-C, and refuses one that is complete', async () => {
    const resume = ['resume', 'patches.graft', '--run', runs[2]!, '--json'];
    const { exitCode, lines, result } = await workplace.graft(resume, { interruptAt: '"type":"epoch"' });
    expect(exitCode).toBe(130);
    expect(lines[0]).toMatchObject({ type: 'status', run: runs[2], status: 'queued' });
    expect(result).toMatchObject({ type: 'result', run: runs[2], status: 'cancelled', split: 'test' });
    const complete = await workplace.graft(['resume', 'patches.graft', '--run', runs[0]!]);
    expect(complete).toMatchObject({ exitCode: 1, stdout: '' });
    expect(complete.stderr).toContain('complete');
  });

  it('extends a complete run as a new one, with figures for the epochs that came to it', async () => {
    const extend = ['extend', 'patches.graft', '--run', runs[0]!, '--epochs', '2', '--json'];
    const { exitCode, lines, result } = await workplace.graft(extend);
    expect({ exitCode, status: result['status'] }).toEqual({ exitCode: 0, status: 'completed' });
    expect(lines.flatMap(({ type, epoch }) => (type === 'epoch' ? [epoch] : []))).toEqual([11, 12]);
    expect(runs).not.toContain(result['run']);
  });
});

describe('what cannot be done', () => {
  it('is told in one line with its exit code', async () => {
    await mkdir(path.join(workplace.folder, 'empty'));
    const asked = [
      ['runs'],
      ['train', 'patches.graft', '--mode', 'feature_extraction'],
      ['train', 'patches.graft', '--mode', 'feature-extraction', '--learning-rate', '-1'],
      ['transform', '--out', 'x.png'],
      ['runs', 'empty'],
      ['evaluate', 'patches.graft', '--run', 'run-99-0000'],
      ['predict', 'patches.graft', '--run', runs[0]!, 'nowhere.png'],
    ];
    const answers = [];
    for (const args of asked) answers.push(await workplace.graft(args));
    expect(answers.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2, 1, 1, 1]);
    expect(answers.map(({ stdout, stderr }) => [stdout, stderr.trim().split('\n').length])).toEqual(
      asked.map(() => ['', 1]),
    );
  });
});
