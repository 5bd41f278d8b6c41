import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type InlineConfig, type Plugin } from 'vite';
import { bundledLicences } from './bundled-licences.ts';
import { runCaptured } from './child.ts';
import { filesBelow, packageProgram, repositoryRoot } from './repository.ts';

/**
 * What can be built: the renderer's page, the page and the preprocessing code that an export carries, the sandboxed preload, and
 * the JavaScript of src-main and src-shared that Electron and packages run.
 */
export const buildNames = ['renderer', 'export-page', 'export-code', 'preload', 'main'] as const;
export type BuildName = (typeof buildNames)[number];

/** A build's inputs and their hashes, kept beside its output: as long as they are the same there is nothing to do. */
type Stamp = Readonly<Record<string, string>>;

interface Build {
  /** Without this file there is nothing to build yet. */
  readonly entry: string;
  /** Every file below these folders is an input, whether a module imports it or not. */
  readonly folders: readonly string[];
  /** Builds into dist and answers the modules that went in. */
  readonly run: () => Promise<Iterable<string>>;
}

const builds: Readonly<Record<BuildName, Build>> = {
  renderer: {
    entry: 'src-renderer/index.html',
    folders: ['src-renderer'],
    run: () => bundle({ configFile: path.join(repositoryRoot, 'vite.config.ts') }, [writeLicences('LICENSES.txt')]),
  },
  'export-page': {
    entry: 'src-main/exporters/browser-page/main.ts',
    folders: ['src-main/exporters/browser-page'],
    run: () =>
      bundle(singleFile('src-main/exporters/browser-page/main.ts', 'dist/export-page', 'page.js', 'iife'), [
        writeLicences('LICENSES.txt'),
      ]),
  },
  'export-code': {
    entry: 'src-main/exporters/preprocess-code/library.ts',
    folders: [],
    run: () =>
      bundle(singleFile('src-main/exporters/preprocess-code/library.ts', 'dist/export-code', 'library.js', 'es')),
  },
  preload: {
    entry: 'src-main/electron/preload.ts',
    folders: [],
    run: () => bundle(singleFile('src-main/electron/preload.ts', 'dist/preload', 'preload.cjs', 'cjs')),
  },
  main: { entry: 'src-main/core/main.ts', folders: ['src-main', 'src-shared'], run: emitMain },
};

/** Every build also depends on the tools that make it. */
const commonInputs = [
  'package-lock.json',
  'tsconfig.base.json',
  'tsconfig.build.json',
  'vite.config.ts',
  'tools/lib/builds.ts',
  'tools/lib/bundled-licences.ts',
];

const sourceFile = /\.\w+$/;

/** Brings the named builds up to date; those whose inputs are unchanged are left alone. Throws where one fails. */
export async function ensureBuilt(names: readonly BuildName[], print: (line: string) => void): Promise<void> {
  for (const name of names) {
    const { entry, folders, run } = builds[name];
    if (!existsSync(path.join(repositoryRoot, entry)) || isUpToDate(name)) continue;
    const startMs = performance.now();
    rmSync(stampPath(name), { force: true });
    const modules = await run();
    writeStamp(name, [...modules, ...folders.flatMap((folder) => filesBelow(folder, sourceFile))]);
    print(`✓ build ${name}  ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  }
}

async function bundle(config: InlineConfig, plugins: readonly Plugin[] = []): Promise<Iterable<string>> {
  const modules = new Set<string>();
  await build({ logLevel: 'warn', ...config, plugins: [collectModules(modules), ...plugins] });
  return modules;
}

function collectModules(modules: Set<string>): Plugin {
  return {
    name: 'graft:collect-modules',
    buildEnd() {
      for (const id of this.getModuleIds()) modules.add(id.replace(/\?.*$/, ''));
    },
  };
}

/** Lays the licences of all that is in a bundle beside it. */
function writeLicences(fileName: string): Plugin {
  return {
    name: 'graft:write-licences',
    generateBundle(_, outputs) {
      const modules = Object.values(outputs).flatMap((output) =>
        output.type === 'chunk' ? output.moduleIds : output.originalFileNames,
      );
      this.emitFile({ type: 'asset', fileName, source: bundledLicences(modules) });
    },
  };
}

/** One file that imports nothing: a script for a page opened from disk, or a preload, which may require only electron. */
function singleFile(entry: string, folder: string, fileName: string, format: 'iife' | 'cjs' | 'es'): InlineConfig {
  return {
    configFile: false,
    root: repositoryRoot,
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2022',
      outDir: path.join(repositoryRoot, folder),
      emptyOutDir: true,
      modulePreload: false,
      chunkSizeWarningLimit: 4096,
      // A module is there to be read as well, and nothing may drop what it exports.
      minify: format !== 'es',
      rolldownOptions: {
        input: path.join(repositoryRoot, entry),
        preserveEntrySignatures: 'strict',
        external: format === 'cjs' ? ['electron'] : [],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  };
}

async function emitMain(): Promise<Iterable<string>> {
  for (const folder of ['src-main', 'src-shared']) {
    rmSync(path.join(repositoryRoot, 'dist', folder), { recursive: true, force: true });
  }
  const { exitCode, output } = await runCaptured(
    packageProgram('typescript', 'tsc', '--project', 'tsconfig.build.json'),
  );
  if (exitCode !== 0) throw new Error(`The JavaScript of src-main could not be written:\n${output}`);
  return [];
}

function isUpToDate(name: BuildName): boolean {
  if (!existsSync(stampPath(name))) return false;
  const stamp = JSON.parse(readFileSync(stampPath(name), 'utf8')) as Stamp;
  // A file that was added is in no stamp, so the list counts as well as the contents.
  const isComplete = builds[name].folders
    .flatMap((folder) => filesBelow(folder, sourceFile))
    .every((file) => file in stamp);
  return isComplete && Object.entries(stamp).every(([file, hash]) => hashOf(file) === hash);
}

function writeStamp(name: BuildName, inputs: Iterable<string>): void {
  const files = [...inputs]
    .filter((file) => !file.startsWith('\0'))
    .map((file) => path.relative(repositoryRoot, path.resolve(repositoryRoot, file)).replaceAll(path.sep, '/'))
    .filter((file) => !file.startsWith('..') && !file.startsWith('node_modules/'));
  const stamp = Object.fromEntries(
    [...new Set([...files, ...commonInputs])].sort().flatMap((file) => {
      const hash = hashOf(file);
      return hash === undefined ? [] : [[file, hash]];
    }),
  );
  mkdirSync(path.dirname(stampPath(name)), { recursive: true });
  writeFileSync(stampPath(name), JSON.stringify(stamp, null, 1));
}

function stampPath(name: BuildName): string {
  return path.join(repositoryRoot, 'dist', '.stamps', `${name}.json`);
}

function hashOf(file: string): string | undefined {
  const absolute = path.join(repositoryRoot, file);
  return existsSync(absolute) ? createHash('sha256').update(readFileSync(absolute)).digest('hex') : undefined;
}
