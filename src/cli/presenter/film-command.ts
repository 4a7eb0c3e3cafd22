import { basename, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { GESTURES, type GestureName } from '../../cast/pack-voices.js';
import { EngineError } from '../../core/errors.js';
import { languageTag } from '../parse-language.js';
import { progressLog } from '../progress-log.js';

/** The talk film has 60 s at most. */
const MAX_TEXT_BYTES = 1024 * 1024;

interface FilmOptions {
  base?: string;
  talk?: string;
  lang?: string;
  text?: string;
  out?: string;
  name?: string;
  title?: string;
  age?: number;
  matte: 'auto' | 'green' | 'person' | 'none';
  gesture: Gesture[];
  script?: boolean;
  consent?: string;
  consentWho?: string;
  consentDate?: string;
  consentUse?: string;
  consentDocument?: string;
  adult?: boolean;
  json?: boolean;
}
interface Gesture {
  readonly name: GestureName;
  readonly fromMs: number;
  readonly toMs: number;
}
const FILM_HELP = `
The base film shows the person at rest, silent, looking into the camera, for 5 to 60 s. The talk film shows the same person in the
same place reading the text that --script prints; without it, mouths are made from the resting one, which is good in a
bust and poor in a close-up. A green or blue screen is found and taken out.

The consent of the person is recorded in the pack; without it nothing is made. The file of --consent is JSON:
  {"who": "Ana Torres", "date": "2026-05-02", "use": "live sales of Torres Ltd, all platforms", "document": "contracts/ana.pdf",
   "adult": true, "onePerson": true}
The AI label stays on the picture. 素材须经本人书面授权并为成年人；画面始终带 AI 标识。

Examples:
  engine presenter film --script --lang es
  engine presenter film --base silent.mp4 --out presenters/ana --consent ana-consent.json
  engine presenter film --base silent.mp4 --talk talk.mp4 --lang es --out presenters/ana --consent ana-consent.json
  engine presenter film --base silent.mp4 --out presenters/ana --gesture wave:12.0-14.2 --consent-who "Ana Torres" \\
    --consent-date 2026-05-02 --consent-use "live sales of Torres Ltd" --consent-document contracts/ana.pdf --adult`;

export const filmCommand = (): Command =>
  new Command('film')
    .description('Makes a presenter from films of a person. 由本人视频制作主播。')
    .option('--base <file>', 'film of the person at rest, silent')
    .option('--talk <file>', 'film of the same person reading the text of --script')
    .option('--lang <language>', 'language of the text', languageTag, 'en')
    .option('--text <file>', 'text that was read, where it is not that of --script')
    .option('--out <folder>', 'folder of the pack; one with a pack is replaced')
    .option('--name <name>', 'name of the presenter; default: that of the folder')
    .option('--title <text>', 'name shown to people')
    .option('--age <years>', 'age of the person, 18 or more', age)
    .addOption(
      new Option('--matte <kind>', 'background: found, a screen, cut out by a net, or kept')
        .choices(['auto', 'green', 'person', 'none'])
        .default('auto'),
    )
    .option(
      '--gesture <name:from-to>',
      'a gesture in the base film, in seconds: wave:12.0-14.2; may be repeated',
      gesture,
      [],
    )
    .option('--script', 'print the text to read, about 90 s, and end')
    .option('--consent <file>', 'record of consent, JSON')
    .option('--consent-who <name>', 'full name of the person')
    .option('--consent-date <date>', 'when consent was given, YYYY-MM-DD')
    .option('--consent-use <text>', 'what the person agreed to')
    .option('--consent-document <path>', 'where the signed document is kept')
    .option('--adult', 'declares that all footage shows this one person, an adult')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', FILM_HELP)
    .action(film);

function age(text: string): number {
  const years = Number(text);
  if (Number.isInteger(years) && years >= 18 && years <= 120) return years;
  throw new InvalidArgumentError(`expected 18 to 120 years, found "${text}".`);
}

function gesture(text: string, before: Gesture[]): Gesture[] {
  const found = /^([a-z-]+):(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(text);
  const name = GESTURES.find((one) => one === found?.[1]);
  if (found !== null && name !== undefined && Number(found[3]) > Number(found[2]))
    return [...before, { name, fromMs: Number(found[2]) * 1000, toMs: Number(found[3]) * 1000 }];
  throw new InvalidArgumentError(
    `expected one of ${GESTURES.join(', ')} and two times in seconds such as wave:12.0-14.2, found "${text}".`,
  );
}

async function film(options: FilmOptions): Promise<void> {
  const { readingText } = await import('../../filming/text/reading-text.js');
  const { lang: language = 'en' } = options;
  if (options.script === true) {
    process.stdout.write(`${readingText(language)}\n`);
    return;
  }
  const { base, out } = options;
  if (base === undefined) throw missing('--base', 'a film of the person at rest');
  if (out === undefined) throw missing('--out', 'a folder for the pack');
  const [{ readRegularFile }, { filmPresenter }, { readConsent }, { findFfmpeg }, { createLog }, { stopSignals }] =
    await Promise.all([
      import('../../core/files/regular-file.js'),
      import('../../filming/film-presenter.js'),
      import('../../filming/read-consent.js'),
      import('../../encoder/process/find-ffmpeg.js'),
      import('../../core/log.js'),
      import('../stop-signals.js'),
    ]);
  const consent = await readConsent({
    file: options.consent,
    who: options.consentWho,
    date: options.consentDate,
    use: options.consentUse,
    document: options.consentDocument,
    adult: options.adult,
  });
  const text =
    options.text === undefined
      ? readingText(language)
      : await readRegularFile(options.text, { maxBytes: MAX_TEXT_BYTES }).then(String, (cause: Error) => {
          const expected = 'a file with the text that was read';
          throw new EngineError('E_BAD_REQUEST', {
            where: `--text ${options.text}`,
            expected,
            found: cause.message,
            cause,
          });
        });
  const progress = progressLog();
  const stop = stopSignals();
  try {
    const ffmpeg = await findFfmpeg();
    const result = await filmPresenter({
      base,
      ...(options.talk === undefined ? {} : { talk: options.talk, text, language }),
      out: resolve(out),
      name: options.name ?? basename(resolve(out)),
      title: options.title,
      ageYears: options.age,
      matte: options.matte,
      gestures: options.gesture,
      consent,
      ffmpegPath: ffmpeg.path,
      decoderPath: ffmpeg.decoder.path,
      log: createLog('error'),
      signal: stop.signal,
      onProgress: (done, of, what) => progress.step(done, of, what),
    });
    progress.clear();
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
      return;
    }
    for (const warning of result.warnings) process.stderr.write(`! ${warning}\n`);
    const share = Math.round((100 * result.usable) / result.frames);
    process.stdout.write(
      `${result.dir}: ${result.frames} frames, ${share} % usable, ${result.mouths} mouths ` +
        `(${result.source === 'talk' ? 'filmed' : 'made from the resting one'}), background ${result.alpha ? 'cut out' : 'kept'}\n` +
        `Look at ${result.report} 请查看质量报告\n` +
        `In a room file: "presenter": {"pack": "${out}"}\n`,
    );
  } finally {
    progress.clear();
    stop.close();
  }
}

const missing = (where: string, expected: string): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where,
    expected,
    found: 'the option is missing',
    todo: 'engine presenter film --help has examples',
  });
