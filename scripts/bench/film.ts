/**
 * Measures a filmed presenter and writes strips of 30 consecutive frames to look at.
 *
 *   npm run bench -- film PACK [--out DIR] [--text TEXT] [--lang en]
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureFilm } from '../../src/filming/measure/measure-film.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { silentLog } from '../../src/core/log.js';
import { loadKernels } from '../../src/native/load-kernels.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: 'string', default: 'film-measure' },
    text: { type: 'string' },
    lang: { type: 'string', default: 'en' },
  },
});
const [pack] = positionals;
if (pack === undefined) throw new Error('usage: npm run bench -- film PACK [--out DIR] [--text TEXT] [--lang en]');
mkdirSync(values.out, { recursive: true });
const figures = await measureFilm(pack, {
  out: values.out,
  language: values.lang,
  ...(values.text === undefined ? {} : { text: values.text }),
  ffmpegPath: (await findFfmpeg()).decoder.path,
  kernels: loadKernels(),
  log: silentLog,
  signal: new AbortController().signal,
});
for (const { name, value, wanted, ok } of figures) {
  process.stdout.write(
    `${ok === undefined ? ' ' : ok ? '✓' : '✗'} ${name.padEnd(52)} ${value.padStart(10)}   ${wanted}\n`,
  );
}
process.stdout.write(`strips: ${join(values.out, 'strip-*.png')}\n`);
