import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = fileURLToPath(new URL('../../dist/studio', import.meta.url));
/** `npx vite -c src/studio/vite.config.ts` serves the pages with changes at once, before a studio on this address. */
const studio = process.env['STUDIO'] ?? 'http://127.0.0.1:8070';

export default defineConfig({
  root: here,
  base: '/',
  plugins: [svelte({ configFile: false })],
  logLevel: 'warn',
  build: {
    outDir: dist,
    emptyOutDir: true,
    target: 'chrome111',
    assetsDir: 'assets',
    // A data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: { input: { index: `${here}index.html`, desk: `${here}desk.html` } },
  },
  server: { proxy: { '/api': { target: studio, ws: true }, '/openapi.json': studio } },
});
