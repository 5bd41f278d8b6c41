import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { configDefaults, defineConfig } from 'vitest/config';

const electronDouble = fileURLToPath(new URL('test/support/electron-double.ts', import.meta.url));
const rendererTests = ['test/component/**/*.spec.ts', 'test/unit/{renderer,src-renderer}/**/*.spec.ts'];

export default defineConfig({
  // Requiring the real package without its binary starts a download: tests get a double instead.
  resolve: { alias: existsSync(electronDouble) ? { electron: electronDouble } : {} },
  test: {
    // A busy machine may take longer than the second that is usual.
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
    passWithNoTests: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.spec.ts', 'test/rules/**/*.spec.ts'],
          exclude: [...configDefaults.exclude, ...rendererTests],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: { name: 'contract', include: ['test/contract/**/*.spec.ts'], testTimeout: 30_000, hookTimeout: 30_000 },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        // Svelte's client code, not its server code: state and components run as they do in a page.
        resolve: { conditions: ['browser', 'svelte'] },
        test: { name: 'component', include: rendererTests, testTimeout: 20_000 },
      },
      {
        extends: true,
        // A trainer takes every core and gigabytes: one at a time.
        test: {
          name: 'engine',
          include: ['test/engine/**/*.spec.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          // A page's own delays, such as saving after half a second, on a machine that has other work.
          expect: { poll: { timeout: 10_000 } },
          include: ['test/e2e/**/*.e2e.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
