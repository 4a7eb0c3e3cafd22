import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { licences } from '../../scripts/licences.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = `${root}dist/studio`;
/** `npx vite -c src/studio/vite.config.mjs` serves the pages with changes at once, before a studio on this address. */
const studio = process.env['STUDIO'] ?? 'http://127.0.0.1:8070';

/** The licences of what is in the pages go with them. */
const withLicences = () => ({
  name: 'licences',
  generateBundle(_options, bundle) {
    const inputs = Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? one.moduleIds : []));
    const fonts = ['node_modules/@fontsource-variable/inter/index.css'];
    this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source: licences(root, [...inputs, ...fonts]) });
  },
});

export default defineConfig({
  root: here,
  base: '/',
  plugins: [svelte({ configFile: false }), withLicences()],
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
