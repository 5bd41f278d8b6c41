import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

/** The renderer. Its page runs under a strict policy, so nothing is inlined and every path is relative. */
export default defineConfig({
  root: fileURLToPath(new URL('src-renderer', import.meta.url)),
  base: './',
  plugins: [svelte({ configFile: false })],
  build: {
    target: 'chrome140',
    outDir: fileURLToPath(new URL('dist/renderer', import.meta.url)),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
    // Advice for those who tune builds; a person who starts the app needs the one line that matters.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
});
