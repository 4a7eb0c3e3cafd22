import { resolve } from 'node:path';
import { Command } from 'commander';
import { languageTag } from '../parse-language.js';

interface MeasureOptions {
  out: string;
  text?: string;
  lang: string;
  json?: boolean;
}

export const measureCommand = (): Command =>
  new Command('measure')
    .description('Measures the mouth of a filmed presenter and writes pictures to look at. 检查口型质量。')
    .argument('<folder>', 'folder of the pack')
    .option('--out <folder>', 'where the pictures go', 'film-measure')
    .option('--text <text>', 'what is said; default: an English text of many closed and open mouths')
    .option('--lang <language>', 'its language', languageTag, 'en')
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      `
Says a line with the embedded voice, draws it as on air, and looks at each frame with the face net: lips closed on m, b and p, open
on a and o, still in silence. Each strip is 30 consecutive frames.

Examples:
  engine presenter measure presenters/ana
  engine presenter measure presenters/ana --lang zh --text "妈妈买了一把漂亮的茶壶" --out ana-zh`,
    )
    .action(measure);

async function measure(folder: string, { out, text, lang, json }: MeasureOptions): Promise<void> {
  const [{ mkdir }, { measureFilm }, { findFfmpeg }, { loadKernels }, { createLog }, { stopSignals }] =
    await Promise.all([
      import('node:fs/promises'),
      import('../../filming/measure/measure-film.js'),
      import('../../encoder/process/find-ffmpeg.js'),
      import('../../native/load-kernels.js'),
      import('../../core/log.js'),
      import('../stop-signals.js'),
    ]);
  await mkdir(out, { recursive: true });
  const stop = stopSignals();
  try {
    const figures = await measureFilm(resolve(folder), {
      out,
      language: lang,
      ...(text === undefined ? {} : { text }),
      ffmpegPath: (await findFfmpeg()).decoder.path,
      kernels: loadKernels(),
      log: createLog('error'),
      signal: stop.signal,
    });
    if (json === true) process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    else {
      for (const { name, value, wanted, ok } of figures) {
        const mark = ok === undefined ? ' ' : ok ? '✓' : '✗';
        process.stdout.write(`${mark} ${name.padEnd(52)} ${value.padStart(10)}   ${wanted}\n`);
      }
      process.stdout.write(`Strips of 30 frames: ${out}\n`);
    }
    if (figures.some(({ ok }) => ok === false)) process.exitCode = 1;
  } finally {
    stop.close();
  }
}
