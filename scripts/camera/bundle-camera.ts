import { build } from 'esbuild';
import { join } from 'node:path';
import { templatePath } from '../../src/core/files/paths.js';
import { DEFAULT_SITES } from '../../templates/camera/source/sites.js';

const ENTRIES = { page: 'iife', isolated: 'iife', background: 'iife', panel: 'esm' } as const;

const matches = DEFAULT_SITES.map((site) =>
  /^(localhost|127\.)/.test(site) ? `// @match        http://${site}/*` : `// @match        https://*.${site}/*`,
).join('\n');

/** The script managers' header; an engine that serves the file rewrites `@connect` and the address. */
const head = (version: string): string => `// ==UserScript==
// @name         Showroom Camera
// @name:zh-CN   Showroom 虚拟摄像头
// @namespace    showroom
// @version      ${version}
// @description  The picture and sound of a Showroom room as a camera and a microphone on live pages.
// @description:zh-CN 把 Showroom 直播间的画面和声音作为摄像头和麦克风，供直播页面选用。
${matches}
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

/** Files of the extension and the userscript, by their path in `templates/camera`, from one source. */
export async function bundleCamera(version: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [name, format] of Object.entries(ENTRIES)) {
    files[`extension/${name}.js`] = await bundle(`${name}-entry.ts`, format);
  }
  files['showroom-camera.user.js'] = head(version) + (await bundle('userscript-entry.ts', 'iife'));
  return files;
}

async function bundle(entry: string, format: 'iife' | 'esm'): Promise<string> {
  const source = templatePath('camera', 'source');
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
  return outputFiles[0]!.text;
}
