import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as yazl from 'yazl';
import { checkCard, willRepeat } from '../../../src-main/runtime/check-card.ts';
import { cudaWheels } from '../../../src-main/runtime/cuda-wheels.ts';
import { describeRuntime } from '../../../src-main/runtime/describe-runtime.ts';
import { findGraphicsCard } from '../../../src-main/runtime/graphics-card.ts';
import { neededBytes } from '../../../src-main/runtime/install-build.ts';
import { headerEntries, libraryEntries, type PinnedWheel } from '../../../src-main/runtime/pinned-wheel.ts';
import { installCudaRuntime } from '../../../src-main/runtime/provision-cuda.ts';
import { ensureTensorFlowRuntime } from '../../../src-main/runtime/provision.ts';
import { cudaSetup, type EnsureOptions, type ProvisionTools } from '../../../src-main/runtime/runtime-setup.ts';
import type { RuntimeProgress } from '../../../src-main/runtime/runtime.ts';
import { say, textOf } from '../../../src-shared/domain/sentence.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { failureOf } from '../../support/failure-of.ts';

// No card is needed: nvidia-smi, pip and TensorFlow's own steps are doubles, the wheels are tiny.

let folder = '';
/** What the card says when TensorFlow is tried on it; null when it computes. */
let verdict: string | null = null;
let checks = 0;

beforeEach(async () => {
  folder = temporaryFolder();
  await mkdir(path.join(folder, 'programs'));
  [verdict, checks] = [null, 0];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const tools: ProvisionTools = {
  async compileBinding(request) {
    await writeFile(path.join(request.folder, 'tfjs_binding.node'), 'binding');
    return 'tfjs_binding.node';
  },
  checkBinding: async () => undefined,
  checkCard: async () => {
    checks += 1;
    return verdict;
  },
};

async function putProgram(name: string, script: string): Promise<void> {
  const file = path.join(folder, 'programs', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

async function putCard(line = 'NVIDIA GeForce RTX 3060, 550.54.14, 12288, 8.6'): Promise<void> {
  await putProgram('nvidia-smi', `echo "${line}"`);
}

/** A wheel with these files, of a few bytes each, in a folder from which the pip double takes it. */
async function makeWheel(name: string, entries: readonly string[]): Promise<PinnedWheel> {
  const zip = new yazl.ZipFile();
  for (const entry of entries) zip.addBuffer(Buffer.from(entry), entry);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  await mkdir(path.join(folder, 'index'), { recursive: true });
  await writeFile(path.join(folder, 'index', `${name}.whl`), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const fileName = `${name}.whl`;
  return { requirement: name, version: '0', pipPlatform: 'any', fileName, sha256, bytes: bytes.length };
}

/** A machine with a card, a pip and the wheels; the log of pip names what was asked for. */
async function setUp(): Promise<EnsureOptions & { readonly cudaWheels: readonly PinnedWheel[] }> {
  await putCard();
  const index = path.join(folder, 'index');
  const log = path.join(folder, 'asked');
  const copy = `for name; do :; done; echo "$name" >> ${log}; exec /bin/cp ${index}/$name.whl "$TMPDIR/"`;
  await putProgram('python3', `[ "$3" = --version ] && exit 0\n${copy}`);
  const tensorFlow = [...libraryEntries, ...headerEntries];
  const library = 'nvidia/cublas/lib/libcublas.so.12';
  return {
    tools,
    environment: { PATH: path.join(folder, 'programs'), GRAFT_CACHE_DIR: path.join(folder, 'cache') },
    wheel: await makeWheel('cpu', tensorFlow),
    cudaWheels: [
      await makeWheel('cuda', [...tensorFlow, 'tensorflow/python/unused.py']),
      await makeWheel('cublas', [library, 'nvidia/cublas/include/cublas.h', 'nvidia/__init__.py']),
      await makeWheel('nvcc', ['nvidia/cuda_nvcc/nvvm/lib64/libnvvm.so.4.0.0', 'nvidia/cuda_nvcc/bin/ptxas']),
    ],
  };
}

describe('the runtime for a graphics card', () => {
  it('puts NVIDIA’s libraries beside TensorFlow, where its own look for them, and then trains on the card', async () => {
    const options = await setUp();
    const progress: RuntimeProgress[] = [];
    const runtime = await installCudaRuntime({ ...options, onProgress: (step) => void progress.push(step) });
    expect(runtime).toMatchObject({ kind: 'cuda', version: '0' });
    const files = await readdir(path.join(runtime.folder, 'nvidia'), { recursive: true });
    expect(files.filter((name) => name.includes('.')).sort()).toEqual([
      'cublas/lib/libcublas.so.12',
      'cuda_nvcc/nvvm/lib64/libnvvm.so.4.0.0',
    ]);
    const values = progress.map(({ value }) => value);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(progress[0]?.bytes?.total).toBe(options.cudaWheels.reduce((sum, { bytes }) => sum + bytes, 0));
    expect(await ensureTensorFlowRuntime(options)).toEqual(runtime);
    expect(await describeRuntime(options)).toMatchObject({ kind: 'ready', runtime: { kind: 'cuda' } });
    expect(checks).toBe(1);
  });

  it('is never downloaded by itself, and says how much it would be', async () => {
    const options = await setUp();
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cpu' });
    const description = await describeRuntime(options);
    const downloadBytes = options.cudaWheels.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(description).toMatchObject({ kind: 'ready', card: { kind: 'not-installed', downloadBytes } });
  });

  it('leaves the processor to train where the card fails its first operation, remembers why, and tries again when asked', async () => {
    const options = await setUp();
    verdict = 'no kernel image is available';
    expect(await failureOf(installCudaRuntime(options))).toMatchObject({ code: 'unsupported', message: verdict });
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cpu' });
    expect(await describeRuntime(options)).toMatchObject({
      runtime: { kind: 'cpu' },
      card: { kind: 'refused', reason: verdict },
    });
    expect(checks).toBe(1);
    verdict = null;
    expect(await installCudaRuntime(options)).toMatchObject({ kind: 'cuda' });
    expect(checks).toBe(2);
  });

  it('forgets a fault that may pass with the process that met it, and tries again when asked', async () => {
    const options = await setUp();
    verdict = 'A first operation on the graphics card failed (180 s).';
    expect(await failureOf(installCudaRuntime(options))).toMatchObject({ code: 'unsupported', message: verdict });
    expect(await describeRuntime(options)).toMatchObject({ card: { kind: 'refused', reason: verdict } });
    expect(checks).toBe(1);
    verdict = null;
    vi.resetModules();
    const next = await import('../../../src-main/runtime/provision.ts');
    expect(await next.ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cuda' });
    expect(checks).toBe(2);
    // The process that met it asks only when a person does.
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cpu' });
    expect(await installCudaRuntime(options)).toMatchObject({ kind: 'cuda' });
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cuda' });
  });

  it('does not believe a passing fault that an earlier version wrote down', async () => {
    const options = await setUp();
    const { folder: place } = await installCudaRuntime(options);
    const record = path.join(place, 'card.json');
    const written: unknown = JSON.parse(await readFile(record, 'utf8'));
    await writeFile(record, JSON.stringify({ ...Object(written), verdict: 'CUDA_ERROR_OUT_OF_MEMORY' }));
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cuda' });
    expect(checks).toBe(2);
  });

  it('is tried anew with another driver, and left alone when the card is gone or not wanted', async () => {
    const options = await setUp();
    await installCudaRuntime(options);
    await putCard('NVIDIA GeForce RTX 3060, 575.10, 12288, 8.6');
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cuda' });
    expect(checks).toBe(2);
    const unwanted = { ...options, environment: { ...options.environment, GRAFT_DEVICE: 'cpu' } };
    expect(await ensureTensorFlowRuntime(unwanted)).toMatchObject({ kind: 'cpu' });
    await rm(path.join(folder, 'programs', 'nvidia-smi'));
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ kind: 'cpu' });
  });

  it('goes on at the wheel where a download broke off', async () => {
    const options = await setUp();
    const hidden = path.join(folder, 'index', 'cublas.whl');
    const bytes = await stat(hidden);
    const [first, second, third] = options.cudaWheels;
    if (!first || !second || !third) throw new Error('Three wheels');
    const broken = { ...options, cudaWheels: [first, { ...second, requirement: 'absent' }, third] };
    expect(await failureOf(installCudaRuntime(broken))).toMatchObject({ detail: { missing: 'download' } });
    expect(bytes.size).toBe(second.bytes);
    await writeFile(path.join(folder, 'asked'), '');
    await rm(path.join(folder, 'index', 'cuda.whl'));
    expect(await installCudaRuntime(options)).toMatchObject({ kind: 'cuda' });
  });

  it('does not ask for room again for what is downloaded already', async () => {
    const options = await setUp();
    const [first, ...others] = options.cudaWheels;
    if (!first) throw new Error('Three wheels');
    const setup = cudaSetup(options);
    if (!setup) throw new Error('Linux on x64');
    const neededAtFirst = await neededBytes(setup);
    const absent = others.map((wheel) => ({ ...wheel, requirement: 'absent' }));
    await failureOf(installCudaRuntime({ ...options, cudaWheels: [first, ...absent] }));
    expect(await neededBytes(setup)).toBe(neededAtFirst - first.bytes);
  });

  it('throws away a wheel with another content than the pinned one, and installs nothing', async () => {
    const options = await setUp();
    const wrong = options.cudaWheels.map((wheel, index) =>
      index === 1 ? { ...wheel, sha256: '0'.repeat(64) } : wheel,
    );
    expect(await failureOf(installCudaRuntime({ ...options, cudaWheels: wrong }))).toMatchObject({
      code: 'damaged-file',
      detail: { fileName: 'cublas.whl' },
    });
    expect(await readdir(path.join(folder, 'cache', 'tensorflow'))).toEqual(['downloads']);
  });

  it.each([
    ['network', 'echo "NewConnectionError: Name or service not known"; exit 1'],
    ['space', 'echo "OSError: [Errno 28] No space left on device"; exit 1'],
  ])('names the missing %s', async (missing, script) => {
    const options = await setUp();
    await putProgram('python3', `[ "$3" = --version ] && exit 0\n${script}`);
    expect(await failureOf(installCudaRuntime(options))).toMatchObject({ detail: { missing } });
  });

  it('asks for the room that it needs before it downloads anything', async () => {
    const options = await setUp();
    const huge = options.cudaWheels.map((wheel) => ({ ...wheel, bytes: 1e15 }));
    const failure = await failureOf(installCudaRuntime({ ...options, cudaWheels: huge }));
    expect(failure).toMatchObject({ code: 'disk-full', detail: { missing: 'space' } });
    await expect(stat(path.join(folder, 'asked'))).rejects.toThrow('ENOENT');
  });

  it('is pinned file by file', () => {
    expect(cudaWheels[0]?.fileName).toMatch(/^tensorflow-.*manylinux.*x86_64\.whl$/u);
    for (const { sha256, bytes, fileName, requirement } of cudaWheels) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/u);
      expect(bytes).toBeGreaterThan(1e6);
      expect(fileName.startsWith(requirement.replace('==', '-').replaceAll('-cu12', '_cu12').split('-')[0] ?? '')).toBe(
        true,
      );
    }
  });
});

describe('a graphics card', () => {
  const environment = (): NodeJS.ProcessEnv => ({ PATH: path.join(folder, 'programs') });
  const versionFile = (): string => path.join(folder, 'version');
  const reasonOf = async (): Promise<string> => {
    const found = await findGraphicsCard(environment(), { versionFile: versionFile() });
    return found.kind === 'usable' ? 'usable' : textOf(found.reason);
  };

  it.each([
    ['NVIDIA GeForce RTX 3060, 550.54.14, 12288, 8.6', 'usable'],
    ['NVIDIA H100 80GB HBM3, 525.60.13, 81559, 9.0', 'usable'],
    ['Tesla K80, 470.82.01, 11441, 3.7', 'driver 470.82.01 is too old. Install 525.60.13 or newer'],
    ['GeForce GTX 970, 550.54.14, 4096, 5.2', 'compute capability is 5.2'],
    ['GeForce GT 1030, 550.54.14, 1024, 6.1', 'it has 1.1 GB of memory'],
    ['No devices were found', 'no graphics card'],
  ])('%s: %s', async (line, words) => {
    await putCard(line);
    expect(await reasonOf()).toContain(words);
  });

  it('counts where it is not the first', async () => {
    await putProgram('nvidia-smi', 'echo "Old, 550.1, 4096, 5.2"; echo "New, 550.1, 12288, 8.6"');
    expect(await findGraphicsCard(environment())).toMatchObject({ kind: 'usable', card: { name: 'New' } });
  });

  it('is not waited for long where its driver hangs', async () => {
    await putProgram('nvidia-smi', 'while :; do :; done');
    const found = await findGraphicsCard(environment(), { versionFile: versionFile(), patienceMs: 50 });
    expect(found).toMatchObject({ kind: 'unusable', card: null });
    expect(found.kind === 'unusable' && textOf(found.reason)).toContain('gave no answer');
  });

  it('is none without a driver, and one that does not answer with a broken one', async () => {
    expect(await reasonOf()).toContain('No NVIDIA driver was found');
    await putProgram('nvidia-smi', 'echo "NVIDIA-SMI has failed because it could not communicate"; exit 9');
    expect(await reasonOf()).toContain('“NVIDIA-SMI has failed because it could not communicate”');
    await writeFile(versionFile(), 'NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22\n');
    expect(await reasonOf()).toContain('The NVIDIA driver 550.54.14 is loaded');
  });
});

describe('the first operation on a card', () => {
  /** A module in place of the compiled binding. */
  async function binding(body: string): Promise<string> {
    const file = path.join(folder, 'binding.cjs');
    await writeFile(file, body);
    return file;
  }
  const seen = 'exports.isUsingGpuDevice = () => true; exports.createTensor = () => 1;';
  const product = (value: number): string =>
    `exports.executeOp = () => [{ id: 2 }]; exports.tensorDataSync = () => new Float32Array(4096).fill(${String(value)});`;

  it('is good when the product is right', async () => {
    expect(await checkCard(await binding(seen + product(64)), process.env)).toBeNull();
  });

  it.each([
    ['CUDA_ERROR_NO_BINARY_FOR_GPU: no kernel image is available for execution on the device', true],
    ['CUDA driver version is insufficient for CUDA runtime version', true],
    ['Could not load dynamic library: libcudnn.so.9: cannot open shared object file', true],
    ['failed to allocate 16.00M: CUDA_ERROR_OUT_OF_MEMORY: out of memory', false],
    ['all CUDA-capable devices are busy or unavailable', false],
    ['…', false],
  ])('is refused for good only by what will be so again: %s', (words, isForGood) => {
    expect(willRepeat(say('cardFails', { how: 'exit code 1', words }))).toBe(isForGood);
    expect(willRepeat(say('cardNotSeen', { words }))).toBe(isForGood);
  });

  it.each([
    ['exports.isUsingGpuDevice = () => false;', 'does not see it'],
    [seen + product(1), 'exit code 5'],
    [`${seen} exports.executeOp = () => { throw new Error('CUDA_ERROR_NO_DEVICE') };`, 'CUDA_ERROR_NO_DEVICE'],
    ['process.kill(process.pid, "SIGSEGV"); setTimeout(() => undefined, 1000);', 'SIGSEGV'],
  ])('says what went wrong: %s', async (body, words) => {
    const failed = await checkCard(await binding(body), process.env);
    expect(failed === null ? null : textOf(failed)).toContain(words);
  });
});
