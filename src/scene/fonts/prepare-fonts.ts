import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { languageTable } from '../../config/languages/language-table.js';
import { EngineError } from '../../core/errors.js';
import { cacheFolder, isOwnFolder, makeOwnFolder } from '../../core/files/own-folder.js';
import { hashString } from '../../core/random.js';

/** Which font files the scene uses, all from npm packages under the SIL Open Font License. */

interface FontPack {
  /** npm package that holds the WOFF2 files. */
  readonly npm: string;
  /** Family name inside the files (variable fonts use the name of their default instance). */
  readonly family: string;
  /** The only file to take from the package, without its extension; undefined: every normal weight file. */
  readonly only?: string;
}

const notoSans = (script: string, family: string, only = true): FontPack => ({
  npm: `@fontsource-variable/noto-sans-${script}`,
  family,
  ...(only ? { only: `noto-sans-${script}-${script}-wght-normal` } : {}),
});

/** By preference for a character that several of them have. */
export const FONT_PACKS: readonly FontPack[] = [
  { npm: '@fontsource-variable/noto-sans', family: 'Noto Sans' },
  notoSans('arabic', 'Noto Sans Arabic'),
  notoSans('hebrew', 'Noto Sans Hebrew Thin'),
  notoSans('devanagari', 'Noto Sans Devanagari'),
  notoSans('thai', 'Noto Sans Thai'),
  notoSans('sc', 'Noto Sans SC Thin', false),
  notoSans('jp', 'Noto Sans JP Thin', false),
  notoSans('kr', 'Noto Sans KR Thin', false),
  notoSans('tc', 'Noto Sans TC Thin', false),
  { npm: '@fontsource-variable/noto-emoji', family: 'Noto Emoji' },
];

/** Packages of further scripts, which are used where a person has installed them beside the engine. */
const optionalFonts = (): string[] => Object.values(languageTable().scripts).flatMap(({ font }) => font ?? []);

/**
 * Whether a file of an optional package is taken: the letters of its own script in every weight, or in the two that are
 * drawn where the font is not variable.
 */
function isScriptFile(npm: string, file: string): boolean {
  const base = npm.slice(npm.lastIndexOf('/') + 1);
  const script = base.slice(base.lastIndexOf('-') + 1);
  return ['wght', '400', '700'].some((weight) => file === `${base}-${script}-${weight}-normal.woff2`);
}

/**
 * Removes the named instances ("Bold", "Light") from a variable font; the weights stay available on its axis.
 *
 * fontconfig lists a variable font once for itself and once more for each of its nine instances: five hundred files
 * become 4,800 fonts, which every font lookup searches. Without instances text looks the same, takes a third of the
 * time, and the list takes 2 MB instead of 8.
 *
 * Source: OpenType 1.9.1, "fvar": its header ends in instanceCount and instanceSize. Table checksums are not updated,
 * as no reader here checks them. Other fonts are returned unchanged.
 */
export function withoutInstances(font: Uint8Array): Uint8Array {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength);
  if (font.byteLength < TABLES) return font;
  const tables = view.getUint16(4);
  for (let i = 0; i < tables; i += 1) {
    const record = TABLES + i * RECORD_BYTES;
    if (record + RECORD_BYTES > font.byteLength) return font;
    if (view.getUint32(record) !== FVAR) continue;
    const table = view.getUint32(record + 8);
    if (table + FVAR_HEADER_BYTES > font.byteLength) return font;
    const copy = new Uint8Array(font);
    new DataView(copy.buffer).setUint16(table + INSTANCE_COUNT, 0);
    return copy;
  }
  return font;
}

/** Start of the table directory, and the size of an entry. */
const TABLES = 12;
const RECORD_BYTES = 16;
const FVAR = 0x6676_6172;
const FVAR_HEADER_BYTES = 16;
const INSTANCE_COUNT = 12;

type Decompress = (woff2: Uint8Array) => Promise<Uint8Array>;

const require = createRequire(import.meta.url);

/**
 * Unpacks the fonts (WOFF2, which fontconfig does not read, to TTF) into a cache folder named after their versions,
 * once per machine, and returns the path of a fonts.conf that names them. The first time takes about 0.5 s and 37 MB of
 * disk; later calls a few ms. Safe to run in several processes at once: the folder is built under another name and
 * moved into place.
 */
export async function prepareFonts(cache: string = cacheFolder('fonts')): Promise<string> {
  const folders = FONT_PACKS.map((pack) => packFolder(pack.npm));
  const optional = optionalFonts().flatMap((npm) => {
    const folder = findPack(npm);
    return folder === undefined ? [] : [{ npm, folder }];
  });
  const all = [...folders, ...optional.map(({ folder }) => folder)];
  const versions = await Promise.all(all.map(async (f) => versionOf(join(f, 'package.json'))));
  const key = hashString(`2 ${versions.join(' ')}`).toString(16);
  const folder = join(cache, `fonts-${key}`);
  const conf = join(folder, 'fonts.conf');
  const isThere = (): boolean => isOwnFolder(cache) && isOwnFolder(folder) && existsSync(conf);
  if (isThere()) return conf;
  let making: string | undefined;
  try {
    await makeOwnFolder(cache);
    making = await mkdtemp(join(cache, 'fonts-making-'));
    const decompress = require('wawoff2/decompress.js') as Decompress;
    const to = making;
    const unpack = async (from: string, name: string): Promise<void> => {
      const ttf = await decompress(await readFile(join(from, name)));
      await writeFile(join(to, name.replace(/woff2$/, 'ttf')), withoutInstances(ttf));
    };
    for (const [i, pack] of FONT_PACKS.entries()) {
      const from = join(folders[i]!, 'files');
      for (const name of await readdir(from)) {
        if (!name.endsWith('-wght-normal.woff2')) continue;
        if (pack.only !== undefined && name !== `${pack.only}.woff2`) continue;
        await unpack(from, name);
      }
    }
    for (const { npm, folder: pack } of optional) {
      const from = join(pack, 'files');
      for (const name of await readdir(from)) if (isScriptFile(npm, name)) await unpack(from, name);
    }
    await writeFile(join(making, 'fonts.conf'), fontsConf(folder));
    await rename(making, folder).catch((e: NodeJS.ErrnoException) => {
      if (!isThere()) throw e;
    });
  } catch (cause) {
    throw new EngineError('E_FONT', {
      where: folder,
      expected: 'room to unpack the fonts (40 MB)',
      found: (cause as Error).message,
      todo: 'set XDG_CACHE_HOME to a folder of this user’s own',
      cause,
    });
  } finally {
    if (making !== undefined) await rm(making, { recursive: true, force: true });
  }
  return conf;
}

function packFolder(npm: string): string {
  const folder = findPack(npm);
  if (folder !== undefined) return folder;
  throw new EngineError('E_FONT', {
    where: npm,
    expected: 'the font package',
    found: 'not installed',
    todo: 'run npm install',
  });
}

function findPack(npm: string): string | undefined {
  try {
    return dirname(require.resolve(`${npm}/package.json`));
  } catch {
    return undefined;
  }
}

async function versionOf(file: string): Promise<string> {
  const { name, version } = JSON.parse(await readFile(file, 'utf8')) as { name: string; version: string };
  return `${name}@${version}`;
}

/**
 * The packaged fonts only, plus the user's own folder for a family that a room names: the same picture on every
 * machine.
 */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>${xml(folder)}</dir>
  <dir prefix="xdg">fonts</dir>
  <cachedir>${xml(join(folder, 'cache'))}</cachedir>
</fontconfig>
`;

const xml = (s: string): string => s.replace(/&/g, '&amp;').replace(/</g, '&lt;');
