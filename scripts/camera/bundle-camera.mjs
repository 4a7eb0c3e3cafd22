// Builds the browser camera, an extension and a userscript, from src/browser into dist/camera.
import { build } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ENTRIES = { page: 'iife', isolated: 'iife', background: 'iife', panel: 'esm', comments: 'iife' };

const matchLine = (site) =>
  /^(localhost|127\.)/.test(site) ? `// @match        http://${site}/*` : `// @match        https://*.${site}/*`;

/** What script managers read. The engine that serves the file replaces `@connect` and the address. */
const head = (version, sites) => `// ==UserScript==
// @name         Showroom Camera
// @name:zh-CN   Showroom 虚拟摄像头
// @namespace    showroom
// @version      ${version}
// @description  The picture and sound of a Showroom room as a camera and a microphone on live pages.
// @description:zh-CN 把 Showroom 直播间的画面和声音作为摄像头和麦克风，供直播页面选用。
${sites.map(matchLine).join('\n')}
// @run-at       document-start
// @inject-into  page
// @grant        unsafeWindow
// @grant        GM_getValue
// @grant        GM_setValue
// @grant        GM_registerMenuCommand
// @grant        GM_xmlhttpRequest
// @connect      127.0.0.1
// @connect      localhost
// @connect      *
// ==/UserScript==
`;

async function bundle(source, entry, format) {
  const { outputFiles } = await build({
    entryPoints: [join(source, entry)],
    absWorkingDir: source,
    bundle: true,
    format,
    target: 'chrome111',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0].text;
}

/** The sites as the source lists them, so that the userscript and the extension name the same ones. */
async function defaultSites(source) {
  const code = await bundle(source, 'settings.ts', 'esm');
  return (await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)).DEFAULT_SITES;
}

/**
 * Writes the camera into `out`, in place of what was there. The version is the package's.
 *
 * @param root the package's folder
 */
export async function bundleCamera(root, out) {
  const source = join(root, 'src', 'browser');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const extension = join(out, 'extension');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  cpSync(join(source, 'static'), extension, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(extension, 'manifest.json'), 'utf8'));
  writeFileSync(join(extension, 'manifest.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
  for (const [name, format] of Object.entries(ENTRIES)) {
    writeFileSync(join(extension, `${name}.js`), await bundle(source, `entries/${name}-entry.ts`, format));
  }
  const userscript =
    head(version, await defaultSites(source)) + (await bundle(source, 'entries/userscript-entry.ts', 'iife'));
  writeFileSync(join(out, 'showroom-camera.user.js'), userscript);
}
