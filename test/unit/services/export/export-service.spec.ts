import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import yauzl from 'yauzl';
import type { ExportJob } from '../../../../src-shared/contract/export.contract.ts';
import type { Certificate } from '../../../../src-shared/domain/export.ts';
import type { RunRecord } from '../../../../src-shared/domain/run.ts';
import type { ToTrainer } from '../../../../src-main/jobs/trainer-protocol.ts';
import {
  ExportService,
  type ExportServiceDeps,
  type WriteExportRequest,
} from '../../../../src-main/services/export/export-service.ts';
import { classicPipeline } from '../../../../src-shared/domain/pipeline/pipeline.ts';
import { chooseImages, planRecord } from '../../../../src-main/services/run/run-plan.ts';
import {
  backbone,
  imageId,
  makeBench,
  makeDataset,
  pipelineId,
  projectId,
  recipe,
  type Bench,
  type ScriptedTrainer,
} from '../run/run-support.ts';
import * as v from 'valibot';
import { runIdSchema } from '../../../../src-shared/domain/ids.ts';
import { textOf } from '../../../../src-shared/domain/sentence.ts';

const dataset = makeDataset([
  ['cat', 'training'],
  ['dog', 'training'],
  ['cat', 'test'],
]);
const certificate: Certificate = {
  format: 'tfjs',
  checkedWith: 'TF.js',
  imageCount: 1,
  maxDifference: 1e-6,
  meanDifference: 1e-7,
  top1Agreement: 1,
  tolerance: 1e-4,
  isPassed: true,
  images: [{ imageId: imageId(2), difference: 1e-6, isSameTop1: true }],
  preprocessing: null,
  secondsPerImage: 0.01,
  checkedAt: '2026-01-01T00:00:00Z',
};

let bench: Bench | undefined;
afterEach(() => bench?.remove());

function verifies(result: Certificate) {
  return (message: ToTrainer, trainer: ScriptedTrainer): void => {
    if (message.type !== 'start') return;
    trainer.say({ type: 'verified', certificate: result });
    trainer.exit(0);
  };
}

async function setUp(
  react: (message: ToTrainer, trainer: ScriptedTrainer) => void,
  writeExport: ExportServiceDeps['writeExport'] = writeTwoFiles,
) {
  const made = await makeBench(dataset, react);
  bench = made;
  const { paths, trainers, events } = made;
  const project = {
    id: projectId,
    name: 'Pets',
    paths,
    labelling: 'single-label' as const,
    readOnlyBecause: null,
    isWriterAlive: () => true,
    assertWritable: () => undefined,
  };
  const material = {
    project,
    recipe,
    pipeline: classicPipeline(pipelineId, 'Classic'),
    backbone: { record: backbone, folder: '' },
    dataset,
  };
  const facts = {
    id: v.parse(runIdSchema, 'run-1-abcd'),
    number: 1,
    createdAt: '',
    versions: {},
    machine: {},
    frozenTest: null,
  };
  const record: RunRecord = { ...planRecord(material, chooseImages(dataset, project), facts), status: 'completed' };
  const files = paths.run(record.id);
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.model, '{}');
  await writeFile(files.weights, 'weights');
  const line = { imageId: imageId(2), split: 'test', label: 0, probabilities: [0.9, 0.1] };
  await writeFile(files.predictions, `${JSON.stringify(line)}\n`);
  const service = new ExportService({
    project: () => project,
    readDataset: () => dataset,
    findBackbone: () => ({ record: backbone, folder: '' }),
    runtime: {
      ensureFor: async () => ({ kind: 'cpu', way: 'wheel', version: '', folder: '', bindingPath: '', packageRoot: '' }),
    },
    processStarter: made.processStarter,
    emit: (name, payload) => events.push({ name, payload } as (typeof events)[number]),
    now: () => new Date('2026-01-02T03:04:05Z'),
    runs: { record: async () => record, predictFile: async () => Promise.reject(new Error('not needed')) },
    writeExport,
  });
  const run = async (stop?: (job: ExportJob) => void): Promise<ExportJob> => {
    const started = await service.start({ projectId, runId: record.id, format: 'tfjs' });
    stop?.(started);
    return vi.waitFor(() => {
      const last = events
        .flatMap(({ name, payload }) => (name === 'export.changed' ? [payload.job] : []))
        .findLast(({ id }) => id === started.id);
      if (!last || ['writing', 'checking'].includes(last.status)) throw new Error('still at work');
      return last;
    });
  };
  return { service, run, paths, trainers };
}

describe('an export', () => {
  it('is a folder, a zip of it and a record, once it is proven', async () => {
    const { service, run, paths, trainers } = await setUp(verifies(certificate));
    const { status, record } = await run();
    expect(status).toBe('completed');
    expect(record?.files.map((file) => file.path)).toEqual(['certificate.json', 'labels.txt', 'tfjs/model.json']);
    expect((await service.list(projectId)).exports).toEqual([record]);
    expect(trainers[0]?.received[0]).toMatchObject({
      job: { kind: 'verify', images: [{ probabilities: [0.9, 0.1] }] },
    });

    if (!record) throw new Error('no record');
    const folder = await service.folder(projectId, record.id);
    expect(JSON.parse(await readFile(path.join(folder, 'certificate.json'), 'utf8'))).toEqual(certificate);
    const zip = await service.zip(projectId, record.id);
    expect(await readZip(zip.path)).toEqual(record.files.map((file) => `${record.id}/${file.path}`));
    expect(await readdir(paths.exports)).toEqual([record.id]);
  });

  it('leaves nothing when it predicts something else', async () => {
    const { run, paths } = await setUp(verifies({ ...certificate, isPassed: false, maxDifference: 0.02 }));
    const { status, reason } = await run();
    expect(status).toBe('failed');
    expect(textOf(reason ?? '')).toContain('differ by up to 2.0e-2');
    expect(await readdir(paths.exports)).toEqual([]);
  });

  it('says what stands in the way when its folder cannot be made, and works once that is gone', async () => {
    const { run, paths } = await setUp(verifies(certificate));
    await writeFile(paths.exports, 'a file where the folder should be');
    const { status, reason } = await run();
    expect(status).toBe('failed');
    expect(textOf(reason ?? '')).toBe(
      `Could not write the export: a file is in the way at “${paths.exports}”. Move it, then try again.`,
    );
    expect(await readFile(paths.exports, 'utf8')).toBe('a file where the folder should be');
    await rm(paths.exports);
    expect((await run()).status).toBe('completed');
  });

  it('says that writing is not permitted, and leaves nothing', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const { run, paths } = await setUp(verifies(certificate), () => Promise.reject(denied));
    const { status, reason } = await run();
    expect(status).toBe('failed');
    expect(textOf(reason ?? '')).toContain(
      `Could not write the export: writing or reading “${paths.exports}” is not permitted.`,
    );
    expect(await readdir(paths.exports)).toEqual([]);
  });

  it('leaves nothing when it is stopped while it is checked', async () => {
    const { service, run, paths } = await setUp((message, trainer) => {
      if (message.type === 'cancel') trainer.exit(0);
    });
    const { status } = await run((job) => {
      void vi
        .waitFor(async () => expect((await service.list(projectId)).jobs[0]?.status).toBe('checking'))
        .then(() => service.cancel(job.id));
    });
    expect(status).toBe('cancelled');
    expect(await readdir(paths.exports)).toEqual([]);
  });
});

async function writeTwoFiles({ folder, format, images }: WriteExportRequest): Promise<void> {
  await mkdir(path.join(folder, format));
  await writeFile(path.join(folder, format, 'model.json'), '{"format":"layers-model"}');
  await writeFile(path.join(folder, 'labels.txt'), `${images.length}\n`);
}

async function readZip(file: string): Promise<readonly string[]> {
  const zip = await yauzl.openPromise(file, { strictFileNames: true });
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) names.push(entry.fileName);
  return names;
}
