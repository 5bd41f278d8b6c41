import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FromTrainer, TrainJob, VerifyJob } from '../../src-main/jobs/trainer-protocol.ts';
import { train } from '../../src-main/trainer/train/train-job.ts';
import { verify } from '../../src-main/trainer/verify/verify-job.ts';
import { recordingLink } from '../support/recording-link.ts';
import { exportTiny } from '../support/tiny-export.ts';
import { makeTinyJob } from '../support/tiny-training.ts';

let job: TrainJob;
let folder: string;
let verifyJob: VerifyJob;

beforeAll(async () => {
  // A model with a dropout layer, which must do nothing wherever the export runs.
  job = await makeTinyJob({ dropout: 0.3 });
  await train(job, recordingLink().link);
  const pageFolder = path.dirname(job.runFolder);
  await writeFile(path.join(pageFolder, 'page.js'), 'console.log("</script><!--");');
  await writeFile(path.join(pageFolder, 'LICENSES.txt'), 'made-up 1.0 (MIT)');
  ({ folder, verifyJob } = await exportTiny(job, pageFolder));
});
afterAll(() => rm(path.dirname(job.runFolder), { recursive: true, force: true }));

async function certificateOf(
  change: Partial<VerifyJob> = {},
): Promise<Extract<FromTrainer, { type: 'verified' }>['certificate']> {
  const { link, said } = recordingLink();
  await verify({ ...verifyJob, ...change }, link);
  const last = said.at(-1);
  if (last?.type !== 'verified') throw new Error(`Expected a certificate, received ${last?.type ?? 'nothing'}`);
  return last.certificate;
}

describe('an export as TF.js', () => {
  it.each([
    ['TensorFlow', /on TensorFlow 2\.\d+\.\d+ \(cpu\)$/],
    ['WebAssembly where that is not installed', /on TensorFlow\.js 4\.22\.0 \(wasm\)$/],
  ])('is verified on %s', async (what, checkedWith) => {
    const certificate = await certificateOf(what === 'TensorFlow' ? {} : { runtime: null });
    expect(certificate).toMatchObject({ isPassed: true, imageCount: 6 });
    expect(certificate.checkedWith).toMatch(checkedWith);
  });

  it('brings every part of the layout', async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
    expect(files.sort()).toEqual([
      'LICENSES',
      'MODEL_CARD.md',
      'example/browser/index.html',
      'labels.txt',
      'preprocess.json',
      'preprocess.mjs',
      'preprocess.py',
      'signature.json',
      'test/expected.json',
      'test/image-1.png',
      'test/image-2.png',
      'test/image-3.png',
      'tfjs/model.json',
      'tfjs/weights.bin',
    ]);
    expect(await readFile(path.join(folder, 'labels.txt'), 'utf8')).toBe('red\ngreen\nblue\n');
    // The script's own "</script>" must not end it.
    expect(await readFile(path.join(folder, 'example/browser/index.html'), 'utf8')).toContain(
      String.raw`console.log("\x3c/script>\x3c!--");`,
    );
  });

  it('is certified when it predicts what the app predicts', async () => {
    const certificate = await certificateOf();
    expect(certificate).toMatchObject({ isPassed: true, imageCount: 6, top1Agreement: 1, tolerance: 1e-4 });
    expect(certificate.maxDifference).toBeLessThan(1e-5);
  });

  it('is not certified when one weight is another', async () => {
    const file = path.join(folder, 'tfjs', 'weights.bin');
    const weights = await readFile(file);
    const changed = Buffer.from(weights);
    changed.writeFloatLE(changed.readFloatLE(changed.length - 4) + 0.1, changed.length - 4);
    await writeFile(file, changed);
    const certificate = await certificateOf();
    await writeFile(file, weights);
    expect(certificate.isPassed).toBe(false);
    expect(certificate.maxDifference).toBeGreaterThan(1e-4);
  });

  it('is not certified when the exported preprocessing is another', async () => {
    const file = path.join(folder, 'preprocess.json');
    const record = await readFile(file, 'utf8');
    await writeFile(file, record.replaceAll('"bilinear"', '"nearest"'));
    const certificate = await certificateOf();
    await writeFile(file, record);
    expect(certificate.isPassed).toBe(false);
  });

  it('is certified with the largest difference after every step of its code', async () => {
    const { preprocessing } = await certificateOf();
    expect(preprocessing).toEqual({
      steps: job.pipeline.evaluation.map(({ kind }) => ({ kind, maxDifference: 0 })),
      tolerance: 1,
      isPassed: true,
    });
  });

  it('is not certified when a step of its code does something else', async () => {
    const file = path.join(folder, 'preprocess.mjs');
    const code = await readFile(file, 'utf8');
    await writeFile(file, code.replace(/mean: \[[\d.]+/, 'mean: [0.4'));
    const certificate = await certificateOf();
    await writeFile(file, code);
    expect(certificate.preprocessing).toMatchObject({ isPassed: false });
    expect(certificate).toMatchObject({ isPassed: false, top1Agreement: 1 });
  });

  it('is not certified without an image', async () => {
    expect((await certificateOf({ images: [] })).isPassed).toBe(false);
  });
});
