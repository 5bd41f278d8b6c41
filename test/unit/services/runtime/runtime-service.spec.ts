import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { textOf } from '../../../../src-shared/domain/sentence.ts';
import { AppError } from '../../../../src-shared/contract/app-error.ts';
import type { RuntimeStatus } from '../../../../src-shared/contract/settings.contract.ts';
import type { EnsureOptions } from '../../../../src-main/runtime/runtime-setup.ts';
import type { RuntimeDescription, TensorFlowRuntime } from '../../../../src-main/runtime/runtime.ts';
import { writeFiles } from '../../../support/picture-files.ts';
import { runtimeStatus } from '../../../../src-main/services/runtime/runtime-status.ts';
import { RuntimeService } from '../../../../src-main/services/runtime/runtime-service.ts';

const runtime: TensorFlowRuntime = {
  kind: 'cpu',
  way: 'wheel',
  version: '2.21.0',
  folder: '/c',
  bindingPath: '/c/b',
  packageRoot: '/p',
};
const noCard = { kind: 'none', card: null, reason: 'There is no card.' } as const;
const missing: RuntimeDescription = {
  kind: 'not-installed',
  version: '2.21.0',
  downloadBytes: 274e6,
  diskBytes: 860e6,
  folder: '/c',
  findings: [],
  card: noCard,
  trainsHeads: false,
};

/** A provisioner that installs when the test says so. */
function setUp(trainsHeads = false, cacheFolder = '/c') {
  const installs: (PromiseWithResolvers<TensorFlowRuntime> & { readonly options: EnsureOptions | undefined })[] = [];
  const told: RuntimeStatus[] = [];
  let description: RuntimeDescription = { ...missing, trainsHeads };
  const describeMachine = vi.fn(async () => description);
  const service = new RuntimeService({
    cacheFolder,
    emit: (_name, payload) => {
      if ('status' in payload) told.push(payload.status);
    },
    provisioner: {
      describe: describeMachine,
      installCuda: () => Promise.reject(new AppError('unsupported', 'The card is too old.')),
      ensure: (options) => {
        const install = { ...Promise.withResolvers<TensorFlowRuntime>(), options };
        options?.signal?.addEventListener('abort', () => install.reject(options.signal?.reason));
        installs.push(install);
        return install.promise;
      },
    },
  });
  const finish = (): void => {
    description = { kind: 'ready', runtime, card: noCard, findings: [], trainsHeads };
    installs.at(-1)?.resolve(runtime);
  };
  return { service, installs, told, finish, describeMachine };
}

const patient = new AbortController().signal;

describe('the TensorFlow runtime', () => {
  it('is installed once for all who need it, and tells how it goes', async () => {
    const { service, installs, told, finish } = setUp();
    const both = Promise.all([service.ensure(patient), service.ensure(patient)]);
    installs[0]?.options?.onProgress?.({ stage: 'downloading', value: 0.3, words: 'Downloading TensorFlow 2.21.0' });
    await vi.waitFor(() =>
      expect(told.at(-1)).toMatchObject({ state: 'installing', progress: { value: 0.3, stage: 'downloading' } }),
    );
    finish();
    expect(await both).toEqual([runtime, runtime]);
    expect(installs).toHaveLength(1);
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ state: 'ready', version: '2.21.0', progress: null }));
  });

  it('does not look at the machine again for every step of an installation', async () => {
    const { service, installs, told, finish, describeMachine } = setUp();
    const ready = service.ensure(patient);
    const stages = ['downloading', 'unpacking', 'compiling', 'checking'] as const;
    for (const stage of stages) installs[0]?.options?.onProgress?.({ stage, value: 0.5, words: stage });
    await vi.waitFor(() => expect(told).toHaveLength(stages.length));
    expect(describeMachine).toHaveBeenCalledTimes(1);
    finish();
    await ready;
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ state: 'ready' }));
  });

  it('lets go of who stops waiting, also while the machine does not answer', async () => {
    const { service, describeMachine } = setUp(true);
    describeMachine.mockReturnValue(new Promise(() => undefined));
    const abort = new AbortController();
    const waiting = service.ensureFor('feature-extraction', abort.signal);
    abort.abort(new AppError('cancelled', 'stopped'));
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('measures the folder that it fills', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'graft-cache-'));
    await writeFiles(folder, { 'tensorflow/a.so': 'four', 'uploads/b': 'five5' });
    const { service } = setUp(false, folder);
    expect(await service.measureCache()).toEqual({ folder, sizeBytes: 9 });
    await rm(folder, { recursive: true });
    expect(await service.measureCache()).toEqual({ folder, sizeBytes: 0 });
  });

  it('says what it trains on and why not on a graphics card', async () => {
    const { service, finish } = setUp();
    finish();
    const { machine, threads, advice } = await service.describe();
    expect(machine.cores).toBe(threads);
    expect(machine.memoryBytes).toBeGreaterThan(machine.freeMemoryBytes);
    expect(advice.map(textOf)).toEqual(['The processor trains. There is no card.']);
  });

  it('goes on being installed for the others when one stops waiting', async () => {
    const { service, finish } = setUp();
    const abort = new AbortController();
    const impatient = service.ensure(abort.signal);
    const other = service.ensure(patient);
    abort.abort(new AppError('cancelled', 'stopped'));
    await expect(impatient).rejects.toMatchObject({ code: 'cancelled' });
    finish();
    expect(await other).toEqual(runtime);
  });

  it('says why its installation failed until the next one, and can be stopped', async () => {
    const { service, installs } = setUp();
    expect((await service.install('cpu')).state).toBe('installing');
    installs[0]?.reject(new AppError('disk-full', 'There is no room.', { retry: true }));
    await vi.waitFor(async () => expect((await service.describe()).advice[0]).toBe('There is no room.'));

    const waiting = service.ensure(patient);
    service.cancel();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    const { state, advice } = await service.describe();
    expect([state, ...advice.map(textOf)]).toEqual(['not-installed', expect.stringContaining('274 MB')]);
  });

  it('says why the card cannot be used, and goes on with the processor', async () => {
    const { service, told, finish } = setUp();
    finish();
    await service.install('cuda');
    await vi.waitFor(() => expect(told.at(-1)?.progress).toBeNull());
    expect(await service.describe()).toMatchObject({ state: 'ready', kind: 'cpu', cardDownloadBytes: null });
    expect((await service.describe()).advice.map(textOf)[0]).toBe('The card is too old.');
    const forTraining = service.ensure(patient);
    finish();
    expect(await forTraining).toEqual(runtime);
  });

  it('offers to try a card again only where the latest try of it failed', () => {
    const card = { name: 'RTX', driver: '550.1', memoryBytes: 12e9, computeCapability: 8.6 };
    const machine = { processor: '', cores: 1, memoryBytes: 1, freeMemoryBytes: 1, system: '' };
    const here = { threads: 1, onnxProviders: ['cpu'], machine } as const;
    const isRefused = (kind: 'refused' | 'unwanted' | 'none'): boolean =>
      runtimeStatus({ ...missing, card: { kind, card, reason: 'No.' } }, { kind: 'none' }, here).isCardRefused;
    expect([isRefused('refused'), isRefused('unwanted'), isRefused('none')]).toEqual([true, false, false]);
  });

  it('is not installed for what ONNX Runtime does alone, but used to verify exports where it is there', async () => {
    const { service, installs, finish } = setUp(true);
    for (const work of ['feature-extraction', 'prediction', 'verification'] as const) {
      expect(await service.ensureFor(work, patient)).toBeNull();
    }
    expect(installs).toHaveLength(0);
    const forFineTuning = service.ensureFor('fine-tuning', patient);
    await vi.waitFor(() => expect(installs).toHaveLength(1));
    finish();
    expect(await forFineTuning).toEqual(runtime);
    expect(await service.ensureFor('feature-extraction', patient)).toBeNull();
    expect(await service.ensureFor('verification', patient)).toEqual(runtime);
  });

  it('is installed for everything where ONNX Runtime has no program', async () => {
    const { service, installs, finish } = setUp(false);
    const waiting = service.ensureFor('prediction', patient);
    await vi.waitFor(() => expect(installs).toHaveLength(1));
    finish();
    expect(await waiting).toEqual(runtime);
  });

  it('is told apart from what trains without it', async () => {
    expect(textOf((await setUp(true).service.describe()).verdict)).toMatch(/^Feature extraction trains at once/);
    expect(textOf((await setUp(false).service.describe()).verdict)).toMatch(/^TensorFlow is not installed yet/);
  });
});
