import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { backboneRecordSchema } from '../../../src-shared/domain/backbone.ts';
import { pipelineIdSchema } from '../../../src-shared/domain/ids.ts';
import { classicPipeline } from '../../../src-shared/domain/pipeline/pipeline.ts';
import { resolveSteps } from '../../../src-shared/domain/pipeline/resolve.ts';
import { createRandom } from '../../../src-shared/lib/seeded-random.ts';
import { describePreprocessing, readPreprocessing, toNetworkInput } from '../../../src-main/exporters/preprocessing.ts';
import { applyPipeline } from '../../../src-main/imaging/apply-pipeline.ts';

const recordFile = fileURLToPath(
  new URL('../../../assets/backbones/efficientnet-lite1/backbone.json', import.meta.url),
);
const backbone = v.parse(backboneRecordSchema, JSON.parse(await readFile(recordFile, 'utf8')));
const { evaluation } = classicPipeline(v.parse(pipelineIdSchema, 'classic'), 'Classic');

it('writes out everything that the pipeline took from the backbone', () => {
  const { steps, input } = describePreprocessing(evaluation, backbone);
  expect(input).toMatchObject({ width: 240, height: 240 });
  expect(steps.map(({ kind, parameters }) => ({ kind, parameters }))).toEqual([
    { kind: 'Resize', parameters: { size: 240, interpolation: 'bilinear', max_size: null, antialias: true } },
    { kind: 'CenterCrop', parameters: { size: 240 } },
    { kind: 'ToTensor', parameters: {} },
    { kind: 'Normalize', parameters: { statistics: { mean: backbone.mean, std: backbone.std } } },
  ]);
});

it('makes the numbers of the run’s own pipeline after a trip through its file', () => {
  const random = createRandom(3);
  const image = { width: 31, height: 19, data: Uint8Array.from({ length: 31 * 19 * 3 }, () => random.integer(256)) };
  const record = readPreprocessing(JSON.stringify(describePreprocessing(evaluation, backbone)));
  const own = applyPipeline(image, resolveSteps(evaluation, backbone), 0);
  expect(toNetworkInput(image, record)).toEqual({ viewCount: 1, data: own.type === 'tensor' && own.tensor.data });
});

it('refuses a file that is something else', () => {
  expect(() => readPreprocessing('{"schemaVersion":1}')).toThrow('preprocess.json');
});
