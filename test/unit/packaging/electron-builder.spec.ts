import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packagedModules, runsOnThisMachine } from '../../../tools/lib/packaged-modules.ts';
import { repositoryRoot } from '../../../tools/lib/repository.ts';

const yml = readFileSync(path.join(repositoryRoot, 'electron-builder.yml'), 'utf8');

test('every fuse that weakens Electron is off, and every one that protects it is on', () => {
  const section = /^electronFuses:\n((?: {2}\w+: \w+\n)+)/m.exec(yml)?.[1] ?? '';
  const pairs = [...section.matchAll(/(\w+): (\w+)/g)].map(([, name = '', value = '']) => [name, value] as const);
  const fuses: Readonly<Record<string, string>> = Object.fromEntries(pairs);
  expect(fuses).toEqual({
    runAsNode: 'false',
    enableNodeOptionsEnvironmentVariable: 'false',
    enableNodeCliInspectArguments: 'false',
    grantFileProtocolExtraPrivileges: 'false',
    enableCookieEncryption: 'true',
    enableEmbeddedAsarIntegrityValidation: 'true',
    onlyLoadAppFromAsar: 'true',
    loadBrowserProcessSpecificV8Snapshot: 'false',
  });
  expect(yml).toMatch(/^asar: true$/m);
});

test('what core and the trainer need is packaged, and nothing of what builds them', () => {
  const modules = packagedModules();
  const needed = [
    'sharp',
    'better-sqlite3',
    'ws',
    'valibot',
    '@tensorflow/tfjs',
    '@tensorflow/tfjs-node-gpu',
    'onnxruntime-node',
  ];
  expect(modules).toEqual(expect.arrayContaining(needed.map((name) => `node_modules/${name}`)));
  const tools = /node_modules\/(electron|vite|vitest|svelte|typescript|eslint|playwright|node-(linux|win|darwin)-\w+)$/;
  expect(modules.filter((folder) => tools.test(folder))).toEqual([]);
});

test('of ONNX Runtime only the program for this machine is packaged', () => {
  const programs = 'node_modules/onnxruntime-node/bin/napi-v6';
  const { platform, arch: architecture } = process;
  const kept = [
    programs,
    `${programs}/${platform}`,
    `${programs}/${platform}/${architecture}/onnxruntime_binding.node`,
  ];
  const others = [
    `${programs}/elsewhere`,
    `${programs}/elsewhere/${architecture}/a.so`,
    `${programs}/${platform}/other/a.so`,
  ];
  expect([...kept, 'node_modules/sharp/lib/index.js'].filter((file) => !runsOnThisMachine(file))).toEqual([]);
  expect(others.filter(runsOnThisMachine)).toEqual([]);
});
