import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** A file that breaks exactly one rule, or that keeps them all. */
interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly imports: string;
}

const configuration = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as Configuration;

const services = [
  'settings',
  'project',
  'image',
  'dataset',
  'quality',
  'backbone',
  'pipeline',
  'run',
  'probe',
  'features',
  'map',
  'suggestion',
  'judgement',
  'export',
];
const domain = [
  'ids',
  'backbone',
  'dataset',
  'quality',
  'pipeline',
  'recipe',
  'run',
  'probe',
  'evaluation',
  'features',
  'suggestion',
  'judgement',
  'export',
];

const plants: readonly Plant[] = [
  { rule: 'shared-stands-alone', file: 'src-shared/lib/plant.ts', imports: 'node:fs' },
  { rule: 'renderer-uses-shared-only', file: 'src-renderer/plant-main.ts', imports: '../src-main/storage/fine.ts' },
  { rule: 'renderer-has-no-node', file: 'src-renderer/plant-node.ts', imports: 'node:path' },
  { rule: 'only-electron-imports-electron', file: 'src-main/core/plant-electron.ts', imports: 'electron' },
  { rule: 'only-imaging-imports-sharp', file: 'src-main/services/image/plant-sharp.ts', imports: 'sharp' },
  { rule: 'only-trainer-imports-tensors', file: 'src-main/exporters/plant.ts', imports: '@tensorflow/tfjs' },
  { rule: 'only-loopback-listens', file: 'src-main/core/plant-http.ts', imports: 'node:http' },
  { rule: 'only-storage-opens-databases', file: 'src-main/core/plant-database.ts', imports: 'better-sqlite3' },
  { rule: 'services-know-no-host', file: 'src-main/services/run/plant-host.ts', imports: '../../loopback/fine.ts' },
  { rule: 'hosts-are-thin', file: 'src-main/loopback/plant.ts', imports: '../storage/fine.ts' },
  { rule: 'preload-uses-shared-only', file: 'src-main/electron/preload.ts', imports: '../runtime/fine.ts' },
  { rule: 'trainer-is-a-process', file: 'src-main/core/plant-trainer.ts', imports: '../trainer/fine.ts' },
  { rule: 'trainer-knows-no-product', file: 'src-main/trainer/plant.ts', imports: '../services/run/fine.ts' },
  { rule: 'parts-know-no-product', file: 'src-main/imaging/plant.ts', imports: '../services/image/fine.ts' },
  { rule: 'network-is-pure', file: 'src-main/network/plant.ts', imports: '../storage/fine.ts' },
  { rule: 'exported-page-is-a-page', file: 'src-main/exporters/browser-page/plant.ts', imports: 'node:path' },
  { rule: 'sources-know-no-tools', file: 'src-main/core/plant-tool.ts', imports: '../../tools/fine.ts' },
  { rule: 'no-development-packages', file: 'src-main/core/plant-package.ts', imports: 'vite' },
  { rule: 'no-unresolvable', file: 'src-main/core/plant-nowhere.ts', imports: './nowhere.ts' },
  { rule: 'no-cycles', file: 'src-main/core/plant-cycle-back.ts', imports: './plant-cycle.ts' },
  ...services.slice(0, -1).map((noun, index) => ({
    rule: `service-order-${noun}`,
    file: `src-main/services/${noun}/plant.ts`,
    imports: `../${services[index + 1]!}/fine.ts`,
  })),
  ...domain.slice(0, -1).map((noun, index) => ({
    rule: `domain-order-${noun}`,
    file: `src-shared/domain/${noun}.ts`,
    imports: `./${domain[index + 1]!}.ts`,
  })),
];

/** Imports that the rules must let through: a rule that refuses everything would pass every test above. */
const allowed: readonly Omit<Plant, 'rule'>[] = [
  { file: 'src-shared/contract/allowed.ts', imports: 'valibot' },
  { file: 'src-renderer/allowed.ts', imports: '../src-shared/domain/export.ts' },
  { file: 'src-main/electron/allowed.ts', imports: 'electron' },
  { file: 'src-main/imaging/allowed.ts', imports: 'sharp' },
  { file: 'src-main/trainer/allowed.ts', imports: '@tensorflow/tfjs' },
  { file: 'src-main/loopback/allowed.ts', imports: 'node:http' },
  { file: 'src-main/storage/allowed.ts', imports: 'better-sqlite3' },
  { file: 'src-main/services/run/allowed.ts', imports: '../dataset/fine.ts' },
  { file: 'src-main/services/run/allowed-port.ts', imports: '../../core/ports.ts' },
  { file: 'src-main/cli/allowed.ts', imports: '../core/compose.ts' },
  { file: 'src-main/cli/allowed-serve.ts', imports: '../loopback/fine.ts' },
];

const dependencies = ['electron', 'sharp', '@tensorflow/tfjs', 'better-sqlite3', 'valibot'];
const developmentDependencies = ['vite'];

let folder = '';
let found: ReadonlySet<string> = new Set();

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'graft-rules-')));
  plantTree(folder);
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { output } = await cruise(
      ['src-shared', 'src-main', 'src-renderer', 'tools'],
      {
        ...configuration.options,
        baseDir: folder,
        validate: true,
        ruleSet: { forbidden: [...configuration.forbidden] },
      } as Parameters<typeof cruise>[1],
      { ...(configuration.options.enhancedResolveOptions as object) },
    );
    const { violations } = (output as ICruiseResult).summary;
    found = new Set(violations.map(({ rule, from }) => `${rule.name} ${from}`));
  } finally {
    process.chdir(before);
  }
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the import rules', () => {
  it.each(plants)('$rule is broken by $file importing $imports', ({ rule, file }) => {
    expect(found).toContain(`${rule} ${file}`);
  });

  it('find a file that nothing imports and that imports nothing', () => {
    expect(found).toContain('no-orphans src-main/core/alone.ts');
  });

  it.each(allowed)('let $file import $imports', ({ file }) => {
    expect([...found].filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });

  it('are each shown red above', () => {
    const shown = new Set([...plants.map(({ rule }) => rule), 'no-orphans']);
    expect(configuration.forbidden.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([]);
  });
});

function plantTree(root: string): void {
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const record = { dependencies: versions(dependencies), devDependencies: versions(developmentDependencies) };
  write('package.json', JSON.stringify({ name: 'planted', type: 'module', ...record }));
  write('tsconfig.base.json', JSON.stringify({ compilerOptions: { module: 'nodenext', noEmit: true } }));
  for (const name of [...dependencies, ...developmentDependencies]) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, 'module.exports = {};\n');
  }
  const leaves = ['storage', 'loopback', 'runtime', 'trainer', ...services.map((noun) => `services/${noun}`)];
  for (const leaf of [...leaves.map((name) => `src-main/${name}`), 'tools']) write(`${leaf}/fine.ts`, 'export {};\n');
  for (const file of ['ports', 'compose', 'alone']) write(`src-main/core/${file}.ts`, 'export {};\n');
  write(`src-shared/domain/${domain.at(-1)!}.ts`, 'export {};\n');
  write('src-main/core/plant-cycle.ts', "import './plant-cycle-back.ts';\n");
  for (const { file, imports } of [...plants, ...allowed]) write(file, `import '${imports}';\n`);
}
