import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as yazl from 'yazl';
import { cudaWheels } from '../../../src-main/runtime/cuda-wheels.ts';
import { describeRuntime } from '../../../src-main/runtime/describe-runtime.ts';
import { headerEntries, libraryEntries, type PinnedWheel } from '../../../src-main/runtime/pinned-wheel.ts';
import { ensureTensorFlowRuntime } from '../../../src-main/runtime/provision.ts';
import { markInUseSync } from '../../../src-main/runtime/runtime-use.ts';
import type { ProvisionTools } from '../../../src-main/runtime/runtime-setup.ts';
import type { RuntimeProgress } from '../../../src-main/runtime/runtime.ts';
import { say, textOf } from '../../../src-shared/domain/sentence.ts';
import { failureOf } from '../../support/failure-of.ts';

let folder = '';
let compilations = 0;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'graft-runtime-'));
  await mkdir(path.join(folder, 'programs'));
  compilations = 0;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const tools: ProvisionTools = {
  async compileBinding(request) {
    compilations += 1;
    await writeFile(path.join(request.folder, 'tfjs_binding.node'), 'binding');
    return 'tfjs_binding.node';
  },
  checkBinding: async () => undefined,
  checkCard: () => Promise.reject(new Error('There is no card here.')),
};

/** The machine as the provisioner sees it: only the programs of this test are on the PATH. */
function environment(): NodeJS.ProcessEnv {
  return { PATH: path.join(folder, 'programs'), GRAFT_CACHE_DIR: path.join(folder, 'cache') };
}

async function putProgram(name: string, script: string): Promise<void> {
  const file = path.join(folder, 'programs', name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** A zip with the names of the real wheel and a few bytes each, and a python3 whose pip "downloads" it. */
async function putIndexWithWheel(): Promise<PinnedWheel> {
  const zip = new yazl.ZipFile();
  for (const name of [...libraryEntries, ...headerEntries, 'tensorflow/python/unused.py'])
    zip.addBuffer(Buffer.from(name), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(Buffer.from(chunk));
  const bytes = Buffer.concat(chunks);
  const source = path.join(folder, 'tiny.whl');
  await writeFile(source, bytes);
  await putProgram('python3', `[ "$3" = --version ] && exit 0\nexec /bin/cp ${source} "$TMPDIR/tiny.whl"`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    requirement: 'tensorflow-cpu==0',
    version: '0',
    pipPlatform: 'any',
    fileName: 'tiny.whl',
    sha256,
    bytes: bytes.length,
  };
}

function cacheEntries(): Promise<string[]> {
  return readdir(path.join(folder, 'cache', 'tensorflow'));
}

describe('ensureTensorFlowRuntime', () => {
  it('unpacks only libraries and headers, keeps nothing else, and is instant the second time', async () => {
    const wheel = await putIndexWithWheel();
    const progress: RuntimeProgress[] = [];
    const options = {
      wheel,
      tools,
      environment: environment(),
      onProgress: (step: RuntimeProgress) => void progress.push(step),
    };
    const runtime = await ensureTensorFlowRuntime(options);
    const again = await ensureTensorFlowRuntime({ ...options, environment: { ...environment(), PATH: '' } });

    expect(again).toEqual(runtime);
    expect(compilations).toBe(1);
    expect((await readdir(runtime.folder)).sort()).toEqual(['runtime.json', 'tensorflow', 'tfjs_binding.node']);
    expect((await readdir(path.join(runtime.folder, 'tensorflow'))).sort()).toEqual([
      'include',
      'libtensorflow_cc.so.2',
      'libtensorflow_framework.so.2',
    ]);
    expect((await cacheEntries()).sort()).toEqual([path.basename(runtime.folder), 'downloads']);
    expect(progress.at(-1)).toMatchObject({ stage: 'ready', value: 1 });
    expect(progress.map(({ value }) => value)).toEqual(progress.map(({ value }) => value).sort((a, b) => a - b));
  });

  it('installs again when a library was cut off', async () => {
    const options = { wheel: await putIndexWithWheel(), tools, environment: environment() };
    const runtime = await ensureTensorFlowRuntime(options);
    await writeFile(path.join(runtime.folder, 'tensorflow', 'libtensorflow_cc.so.2'), 'cut');
    expect((await describeRuntime(options)).kind).not.toBe('ready');
    await ensureTensorFlowRuntime(options);
    expect(compilations).toBe(2);
  });

  it('keeps a whole download when a later step fails, and removes half-finished folders', async () => {
    const wheel = await putIndexWithWheel();
    const failing: ProvisionTools = { ...tools, compileBinding: async () => Promise.reject(new Error('killed')) };
    await expect(ensureTensorFlowRuntime({ wheel, tools: failing, environment: environment() })).rejects.toThrow(
      'killed',
    );
    expect(await cacheEntries()).toEqual(['downloads']);
    await rm(path.join(folder, 'programs', 'python3'));
    await ensureTensorFlowRuntime({ wheel, tools, environment: environment() });
    expect(compilations).toBe(1);
  });

  it('lets one of two callers install while the other waits', async () => {
    const options = { wheel: await putIndexWithWheel(), environment: environment() };
    const slow: ProvisionTools = {
      ...tools,
      async compileBinding(request) {
        await new Promise((resolve) => setTimeout(resolve, 800));
        return tools.compileBinding(request);
      },
    };
    const first = ensureTensorFlowRuntime({ ...options, tools: slow });
    const second = ensureTensorFlowRuntime({ ...options, tools: slow });
    expect(await second).toEqual(await first);
    expect(compilations).toBe(1);
  });

  it('takes over the lock of a process that is gone', async () => {
    const options = { wheel: await putIndexWithWheel(), tools, environment: environment() };
    const runtime = await ensureTensorFlowRuntime(options);
    await rm(runtime.folder, { recursive: true });
    const holder = {
      pid: process.pid,
      host: os.hostname(),
      startedAt: 'another start',
      value: 0.5,
      words: 'Unpacking',
    };
    await writeFile(`${runtime.folder}.lock`, JSON.stringify(holder));
    await ensureTensorFlowRuntime(options);
    expect((await cacheEntries()).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('stops when aborted while another process installs', async () => {
    const options = { wheel: await putIndexWithWheel(), tools, environment: environment() };
    const runtime = await ensureTensorFlowRuntime(options);
    await rm(runtime.folder, { recursive: true });
    const foreign = { pid: 1, host: 'another-host', startedAt: '', value: 0.5, words: 'Unpacking' };
    await writeFile(`${runtime.folder}.lock`, JSON.stringify(foreign));
    const controller = new AbortController();
    const waits: RuntimeProgress[] = [];
    const onProgress = (progress: RuntimeProgress): void => {
      waits.push(progress);
      controller.abort();
    };
    await expect(ensureTensorFlowRuntime({ ...options, signal: controller.signal, onProgress })).rejects.toThrow(
      /abort/i,
    );
    expect(waits).toEqual([
      { stage: 'waiting', value: 0.5, words: say('installElsewhere', { process: '1', words: 'Unpacking' }) },
    ]);
  });

  it('throws away a download with another content than the pinned one', async () => {
    const wheel = { ...(await putIndexWithWheel()), sha256: '0'.repeat(64) };
    const error = await failureOf(ensureTensorFlowRuntime({ wheel, tools, environment: environment() }));
    expect(error).toMatchObject({ code: 'damaged-file', retry: true });
    expect(await readdir(path.join(folder, 'cache', 'tensorflow', 'downloads'))).toEqual([]);
  });

  it.each([
    ['pip', 'exit 1', 'there is none on the PATH'],
    [
      'network',
      '[ "$3" = --version ] && exit 0\necho "Failed to establish: NewConnectionError"; exit 1',
      'cannot be reached',
    ],
    ['download', '[ "$3" = --version ] && exit 0\necho "No matching distribution found"; exit 1', 'could not download'],
    [
      'space',
      '[ "$3" = --version ] && exit 0\necho "OSError: [Errno 28] No space left on device"; exit 1',
      'GRAFT_CACHE_DIR',
    ],
  ])('names the missing %s and what to do', async (missing, python, words) => {
    const wheel = await putIndexWithWheel();
    await putProgram('python3', python);
    const error = await failureOf(ensureTensorFlowRuntime({ wheel, tools, environment: environment() }));
    expect(error).toMatchObject({ retry: true, detail: { missing } });
    expect(error.message).toContain(words);
  });

  it('asks for the compiler before it downloads anything', async () => {
    const wheel = await putIndexWithWheel();
    const error = await failureOf(ensureTensorFlowRuntime({ wheel, environment: environment() }));
    expect(error).toMatchObject({ code: 'runtime-missing', detail: { missing: 'g++' } });
    expect(await cacheEntries()).toEqual([]);
  });
});

describe('what a new runtime replaces', () => {
  /** An installed runtime of another version, as an earlier Graft left it. */
  async function putRuntime(key: string, kind = 'cpu'): Promise<string> {
    const place = path.join(folder, 'cache', 'tensorflow', key);
    await mkdir(place, { recursive: true });
    await writeFile(
      path.join(place, 'runtime.json'),
      JSON.stringify({ schemaVersion: 1, version: '1', kind, files: {} }),
    );
    return place;
  }
  /** Its number was given away again. */
  const ended = { pid: process.pid, host: os.hostname(), startedAt: 'another start', value: 0, words: '' };

  it('goes when it works, with broken-off folders and downloads that nobody wants', async () => {
    const wheel = await putIndexWithWheel();
    await putRuntime('1-old-binding-4');
    await putRuntime('1-cuda-old-binding-4', 'cuda');
    await mkdir(path.join(folder, 'cache', 'tensorflow', '1-old-binding-4.partial-a'));
    await writeFile(path.join(folder, 'cache', 'tensorflow', '1-old-binding-4.lock'), JSON.stringify(ended));
    const downloads = path.join(folder, 'cache', 'tensorflow', 'downloads');
    await mkdir(downloads);
    const ofTheCard = cudaWheels[1]?.fileName ?? '';
    for (const name of [ofTheCard, 'tensorflow-1.whl', 'libtensorflow-1.tar.gz.part']) {
      await writeFile(path.join(downloads, name), '');
    }
    const failing: ProvisionTools = { ...tools, checkBinding: async () => Promise.reject(new Error('does not load')) };
    await expect(ensureTensorFlowRuntime({ wheel, tools: failing, environment: environment() })).rejects.toThrow();
    expect(await cacheEntries()).toContain('1-old-binding-4');

    const runtime = await ensureTensorFlowRuntime({ wheel, tools, environment: environment() });
    expect((await cacheEntries()).sort()).toEqual(
      [path.basename(runtime.folder), '1-cuda-old-binding-4', 'downloads'].sort(),
    );
    expect(await readdir(downloads)).toEqual([ofTheCard]);
  });

  it('stays while a process uses or installs it', async () => {
    const wheel = await putIndexWithWheel();
    markInUseSync(await putRuntime('1-used-binding-4'));
    const left = await putRuntime('1-left-binding-4');
    await mkdir(path.join(left, 'in-use'));
    await writeFile(path.join(left, 'in-use', '7'), JSON.stringify(ended));
    await putRuntime('1-locked-binding-4');
    const elsewhere = { pid: 1, host: 'another-host', startedAt: '', value: 0.5, words: '' };
    const root = path.join(folder, 'cache', 'tensorflow');
    await writeFile(path.join(root, '1-locked-binding-4.lock'), JSON.stringify(elsewhere));
    await mkdir(path.join(root, '1-locked-binding-4.partial-a'));
    await mkdir(path.join(root, 'downloads'));
    await writeFile(path.join(root, 'downloads', 'theirs.whl'), '');
    await ensureTensorFlowRuntime({ wheel, tools, environment: environment() });
    expect((await cacheEntries()).filter((name) => name.startsWith('1-')).sort()).toEqual([
      '1-locked-binding-4',
      '1-locked-binding-4.lock',
      '1-locked-binding-4.partial-a',
      '1-used-binding-4',
    ]);
    expect(await readdir(path.join(root, 'downloads'))).toEqual(['theirs.whl']);
  });
});

describe('describeRuntime', () => {
  it('says what an installation would take, and writes nothing', async () => {
    const wheel = await putIndexWithWheel();
    await putProgram('g++', 'exit 0');
    const description = await describeRuntime({ wheel, environment: environment() });
    expect(description).toMatchObject({ kind: 'not-installed', version: '0', downloadBytes: wheel.bytes });
    expect(await readdir(folder)).not.toContain('cache');
  });

  it('names the missing compiler', async () => {
    const wheel = await putIndexWithWheel();
    const description = await describeRuntime({ wheel, environment: environment() });
    expect(description.kind === 'unavailable' && textOf(description.reason)).toContain('g++');
    expect(description.findings.filter(({ isGood }) => !isGood).map(({ what }) => textOf(what))).toEqual([
      'Graphics card',
      'TensorFlow',
      'C++ compiler',
    ]);
  });
});
