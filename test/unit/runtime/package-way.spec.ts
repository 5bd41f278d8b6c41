import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBinding, compilerArguments } from '../../../src-main/runtime/compile-binding.ts';
import { describeRuntime } from '../../../src-main/runtime/describe-runtime.ts';
import { packageBuildFor } from '../../../src-main/runtime/package-files.ts';
import { ensureTensorFlowRuntime } from '../../../src-main/runtime/provision.ts';
import {
  chooseBuild,
  processorBuild,
  type PackageBuild,
  type PackageFile,
} from '../../../src-main/runtime/runtime-build.ts';
import type { ProvisionTools } from '../../../src-main/runtime/runtime-setup.ts';
import type { RuntimeProgress } from '../../../src-main/runtime/runtime.ts';
import { unpackTar } from '../../../src-main/runtime/unpack-tar.ts';
import { textOf } from '../../../src-shared/domain/sentence.ts';
import { failureOf } from '../../support/failure-of.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// TensorFlow as the npm package itself downloads it, from a server of this test; only loading it is a double.

let folder = '';
let server: Server;
/** What the server has, by path. */
const files = new Map<string, Buffer>();
/** Answers instead of the server's own, once each. */
let answers: ((request: IncomingMessage, response: ServerResponse) => void)[] = [];
let asked: { readonly url: string; readonly range: string | undefined }[] = [];

beforeEach(async () => {
  folder = temporaryFolder();
  files.clear();
  [answers, asked] = [[], []];
  server = createServer((request, response) => {
    const { url = '', headers } = request;
    asked.push({ url, range: headers.range });
    const answer = answers.shift() ?? serve;
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

function serve({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
  const content = files.get(url);
  if (!content) return void response.writeHead(404).end();
  const from = Number(/^bytes=(\d+)-$/u.exec(headers.range ?? '')?.[1] ?? 0);
  if (from >= content.length) return void response.writeHead(416).end();
  const body = content.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': body.length }).end(body);
}

/** Puts a gzipped tar made by the system's tar on the server. */
async function publish(url: string, fill: (place: string) => Promise<void>): Promise<PackageFile & { sha256: string }> {
  const place = path.join(folder, 'made', path.basename(url));
  await mkdir(place, { recursive: true });
  await fill(place);
  await promisify(execFile)('tar', ['-czf', `${place}.tar.gz`, '-C', place, '.']);
  const content = await readFile(`${place}.tar.gz`);
  files.set(`/${url}`, content);
  return { path: url, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

async function publishBuild(): Promise<PackageBuild> {
  const library = await publish('tensorflow/library.tar.gz', async (place) => {
    await mkdir(path.join(place, 'lib'));
    await mkdir(path.join(place, 'include', 'tensorflow'), { recursive: true });
    for (const name of ['libtensorflow', 'libtensorflow_framework']) {
      // Noise, so that packing leaves something to break off.
      const noise = Array.from({ length: 4000 }, (_, index) => Math.imul(index, 2654435761).toString(36)).join('');
      await writeFile(path.join(place, 'lib', `${name}.so.2.9.1`), name + noise);
      await symlink(`${name}.so.2.9.1`, path.join(place, 'lib', `${name}.so.2`));
    }
    await writeFile(path.join(place, 'include', 'tensorflow', 'c_api.h'), '');
    await writeFile(path.join(place, 'LICENSE'), 'Apache');
    await symlink('/etc/passwd', path.join(place, 'lib', 'libtensorflow.so'));
  });
  const binding = await publish('bindings/binding.tar.gz', async (place) => {
    await mkdir(path.join(place, 'napi-v8'));
    await writeFile(path.join(place, 'napi-v8', 'tfjs_binding.node'), 'binding');
  });
  return {
    ...{ way: 'package', kind: 'cpu', version: '2.9.1', isCompiled: false, installedBytes: 1000 },
    downloads: [library, { ...binding, sha256: null }],
  };
}

/** A machine with neither pip nor a compiler. */
function optionsFor(packageBuild: PackageBuild) {
  const port = (server.address() as AddressInfo).port;
  const tools: ProvisionTools = {
    compileBinding: () => Promise.reject(new Error('There is no compiler here.')),
    checkBinding: async (binding) => expect(await readFile(binding, 'utf8')).toBe('binding'),
    checkCard: () => Promise.reject(new Error('There is no card here.')),
  };
  return {
    tools,
    packageBuild,
    environment: {
      PATH: path.join(folder, 'programs'),
      GRAFT_CACHE_DIR: path.join(folder, 'cache'),
      TFJS_NODE_CDN_STORAGE: `http://127.0.0.1:${String(port)}/`,
    },
  };
}

const downloads = (): Promise<string[]> => readdir(path.join(folder, 'cache', 'tensorflow', 'downloads'));

describe('TensorFlow as the npm package downloads it', () => {
  it('comes without pip and compiler, lies where its binding looks for it, and says where it came from', async () => {
    const options = optionsFor(await publishBuild());
    expect(await describeRuntime(options)).toMatchObject({ kind: 'not-installed', version: '2.9.1' });
    const values: number[] = [];
    const runtime = await ensureTensorFlowRuntime({ ...options, onProgress: ({ value }) => void values.push(value) });
    expect(runtime).toMatchObject({ kind: 'cpu', way: 'package', version: '2.9.1' });
    expect(path.relative(runtime.folder, runtime.bindingPath)).toBe('lib/napi-v8/tfjs_binding.node');
    const libraries = path.join(runtime.folder, 'deps', 'lib');
    expect((await readdir(libraries)).sort()).toEqual([
      'libtensorflow.so.2',
      'libtensorflow.so.2.9.1',
      'libtensorflow_framework.so.2',
      'libtensorflow_framework.so.2.9.1',
    ]);
    expect(await readlink(path.join(libraries, 'libtensorflow.so.2'))).toBe('libtensorflow.so.2.9.1');
    expect((await readdir(runtime.folder)).sort()).toEqual(['deps', 'lib', 'runtime.json']);
    expect(await downloads()).toEqual([]);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    const { findings } = await describeRuntime(options);
    expect(textOf(findings.at(-1)?.found ?? '')).toContain('from where its npm package downloads it');
    expect(await ensureTensorFlowRuntime(options)).toEqual(runtime);
    expect(asked).toHaveLength(2);
  });

  it('is fetched once for two that want it', async () => {
    const options = optionsFor(await publishBuild());
    const [first, second] = await Promise.all([ensureTensorFlowRuntime(options), ensureTensorFlowRuntime(options)]);
    expect(first).toEqual(second);
    expect(asked).toHaveLength(2);
  });

  it('goes on where the connection broke', async () => {
    const build = await publishBuild();
    const options = optionsFor(build);
    const whole = files.get('/tensorflow/library.tar.gz') ?? Buffer.alloc(0);
    const half = Math.floor(whole.length / 2);
    answers = [
      (_request, response) => {
        response.writeHead(200, { 'content-length': whole.length }).write(whole.subarray(0, half), () => {
          setTimeout(() => response.destroy(), 100);
        });
      },
    ];
    const failure = await failureOf(ensureTensorFlowRuntime(options));
    expect(failure).toMatchObject({ code: 'runtime-missing', retry: true, detail: { missing: 'network' } });
    expect(await downloads()).toEqual(['library.tar.gz.part']);
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ way: 'package' });
    expect(asked[1]?.range).toBe(`bytes=${String(half)}-`);
  });

  it('keeps what arrived when it is stopped, and rejects with why it was', async () => {
    const options = optionsFor(await publishBuild());
    const whole = files.get('/tensorflow/library.tar.gz') ?? Buffer.alloc(0);
    answers = [
      (_request, response) => {
        response.writeHead(200, { 'content-length': whole.length }).write(whole.subarray(0, 1000));
      },
    ];
    const stop = new AbortController();
    const reason = new Error('A person stopped it.');
    const onProgress = ({ bytes }: RuntimeProgress): void => {
      if ((bytes?.done ?? 0) > 0) stop.abort(reason);
    };
    await expect(ensureTensorFlowRuntime({ ...options, signal: stop.signal, onProgress })).rejects.toBe(reason);
    expect(await downloads()).toEqual(['library.tar.gz.part']);
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ way: 'package' });
  });

  it('begins anew where what is there is the beginning of another file', async () => {
    const options = optionsFor(await publishBuild());
    const place = path.join(folder, 'cache', 'tensorflow', 'downloads');
    await mkdir(place, { recursive: true });
    await writeFile(path.join(place, 'library.tar.gz.part'), 'another file');
    expect(await failureOf(ensureTensorFlowRuntime(options))).toMatchObject({ code: 'damaged-file' });
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ way: 'package' });
  });

  it('names a host that is not there, and one that does not give the file out', async () => {
    const options = optionsFor(await publishBuild());
    const nowhere = {
      ...options,
      environment: { ...options.environment, TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9' },
    };
    const unreachable = await failureOf(ensureTensorFlowRuntime(nowhere));
    expect(unreachable).toMatchObject({ retry: true, detail: { missing: 'network' } });
    expect(unreachable.message).toContain('127.0.0.1:9 cannot be reached');
    files.delete('/bindings/binding.tar.gz');
    const refused = await failureOf(ensureTensorFlowRuntime(options));
    expect(refused).toMatchObject({ detail: { missing: 'download', status: 404 } });
    expect(refused.message).toContain('/bindings/binding.tar.gz (it answered 404)');
  });

  it('throws away what has another hash, what the server itself calls damaged, and what cannot be unpacked', async () => {
    const build = await publishBuild();
    const [library, binding] = build.downloads;
    const wrong: PackageBuild = { ...build, downloads: [{ ...library, sha256: '0'.repeat(64) }] };
    expect(await failureOf(ensureTensorFlowRuntime(optionsFor(wrong)))).toMatchObject({ code: 'damaged-file' });
    expect(await downloads()).toEqual([]);

    const damaged = Buffer.from('no archive');
    const md5 = createHash('md5').update('an archive').digest('base64');
    answers = [
      serve,
      (_request, response) => response.writeHead(200, { 'x-goog-hash': `crc32c=AAAA,md5=${md5}` }).end(damaged),
      (_request, response) => response.writeHead(200).end(damaged),
    ];
    const options = optionsFor({ ...build, downloads: [library, binding ?? library] });
    for (const _answer of ['by the server', 'by the archive']) {
      expect(await failureOf(ensureTensorFlowRuntime(options))).toMatchObject({ detail: { missing: 'integrity' } });
      expect(await downloads()).toEqual(['library.tar.gz']);
    }
    expect(await ensureTensorFlowRuntime(options)).toMatchObject({ way: 'package' });
  });

  it('is not used where it does not compute', async () => {
    const options = optionsFor(await publishBuild());
    const tools = { ...options.tools, checkBinding: () => Promise.reject(new Error('Another product')) };
    await expect(ensureTensorFlowRuntime({ ...options, tools })).rejects.toThrow('Another product');
    expect(await describeRuntime(options)).toMatchObject({ kind: 'not-installed' });
  });

  it('asks for room before it asks for the file, and says when a disk filled up meanwhile', async () => {
    const build = await publishBuild();
    const huge = await failureOf(ensureTensorFlowRuntime(optionsFor({ ...build, installedBytes: 1e15 })));
    expect(huge).toMatchObject({ code: 'disk-full', detail: { missing: 'space' } });
    expect(asked).toEqual([]);
    const place = path.join(folder, 'cache', 'tensorflow', 'downloads');
    await mkdir(place, { recursive: true });
    await symlink('/dev/full', path.join(place, 'library.tar.gz.part'));
    expect(await failureOf(ensureTensorFlowRuntime(optionsFor(build)))).toMatchObject({ code: 'disk-full' });
  });
});

describe('the way that TensorFlow comes', () => {
  const wheel = { requirement: 't', version: '2', pipPlatform: 'any', fileName: 't.whl', sha256: '0', bytes: 1 };
  const fromWheel = { build: processorBuild(wheel) };
  const onLinux = { build: packageBuildFor('linux', 'x64') ?? fromWheel.build };
  const onMac = { build: packageBuildFor('darwin', 'arm64') ?? fromWheel.build };

  it.each([
    { has: 'pip and a compiler', tools: { hasPip: true, hasCompiler: true }, way: fromWheel },
    { has: 'a compiler only', tools: { hasPip: false, hasCompiler: true }, way: onLinux },
    { has: 'pip only', tools: { hasPip: true, hasCompiler: false }, way: onLinux },
    { has: 'neither', tools: { hasPip: false, hasCompiler: false }, way: onLinux },
  ])('on Linux with $has', ({ tools, way }) => {
    expect(chooseBuild([fromWheel, onLinux], tools)).toBe(way);
    // Where there is one way only, it says itself what it misses.
    expect(chooseBuild([fromWheel], tools)).toBe(fromWheel);
    expect(chooseBuild([onMac], tools)).toBe(onMac);
  });

  it('leads nowhere where no binding is published and none can be compiled', () => {
    expect(packageBuildFor('win32', 'x64')).toBeUndefined();
    expect(packageBuildFor('linux', 'arm64')).toBeUndefined();
    expect(packageBuildFor('darwin', 'arm64')?.isCompiled).toBe(true);
  });

  it('is compiled on a Mac by Clang, which leaves Node’s own symbols open', () => {
    const request = {
      ...{ packageRoot: '/n/tf', nodeHeadersFolder: '/n/h', folder: '/r', environment: {} },
      layout: { libraries: ['deps/lib/libtensorflow.2.dylib'], headers: 'deps/include' },
    };
    const onDarwin = compilerArguments(request, 'darwin').join(' ');
    expect(onDarwin).toContain('-bundle -undefined dynamic_lookup');
    expect(onDarwin).toContain('/r/deps/lib/libtensorflow.2.dylib -Wl,-rpath,@loader_path/deps/lib');
    expect(compilerArguments(request, 'linux').join(' ')).toContain('-Wl,-rpath,$ORIGIN/deps/lib');
  });
});

describe('a binding that was downloaded', () => {
  const tensors = 'exports.createTensor = () => 1; exports.executeOp = () => [{ id: 2 }];';

  it.each([
    ['computes the known product', `${tensors} exports.tensorDataSync = () => new Float32Array(4096).fill(64);`, true],
    ['computes another', `${tensors} exports.tensorDataSync = () => new Float32Array(4096).fill(63);`, false],
    ['does not load', 'throw new Error("no library");', false],
  ])('is used only when it %s', async (_does, body, isGood) => {
    const file = path.join(folder, 'binding.cjs');
    await writeFile(file, body);
    const checked = checkBinding(file, process.env);
    await (isGood ? expect(checked).resolves.toBeUndefined() : expect(checked).rejects.toThrow('does not load'));
  });
});

describe('unpackTar', () => {
  const unpack = (archivePath: string) =>
    unpackTar({ archivePath, folder: path.join(folder, 'out'), placeOf: (name) => name });

  it.each([
    ['cut off', (archive: Buffer) => archive.subarray(0, archive.length - 20)],
    ['cut off inside', (archive: Buffer) => gzipSync(gunzipSync(archive).subarray(0, 2000))],
    [
      'damaged',
      (archive: Buffer) => Buffer.concat([archive.subarray(0, 60), Buffer.alloc(20, 7), archive.subarray(80)]),
    ],
  ])('refuses an archive that is %s', async (_how, damage) => {
    await publishBuild();
    const archive = path.join(folder, 'damaged.tar.gz');
    await writeFile(archive, damage(files.get('/tensorflow/library.tar.gz') ?? Buffer.alloc(0)));
    await expect(unpack(archive)).rejects.toThrow();
  });
});
