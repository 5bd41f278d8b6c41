import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { appPaths, programRoot, programVersion } from '../../../src-main/core/paths.ts';

test('a person’s folders can be moved, and are absolute', () => {
  const paths = appPaths({ GRAFT_CONFIG_DIR: 'a', GRAFT_CACHE_DIR: '/b', GRAFT_PROJECTS_DIR: '/c' });
  expect(paths).toMatchObject({ config: path.resolve('a'), cache: path.resolve('/b'), projects: path.resolve('/c') });
});

test('each has its own default', () => {
  const { config, cache, projects } = appPaths({});
  expect(new Set([config, cache, projects]).size).toBe(3);
  expect([config, cache, projects].every((folder) => path.isAbsolute(folder))).toBe(true);
});

test('the program’s own files are found from where this code lies', () => {
  const { assets, dist } = appPaths({});
  expect({ isThere: existsSync(path.join(assets, 'samples')), dist }).toEqual({
    isThere: true,
    dist: path.join(programRoot(), 'dist'),
  });
  expect(programVersion()).toMatch(/^\d+\.\d+\.\d+$/);
});
