import { Command, InvalidArgumentError, Option } from 'commander';
import { writeProgress } from '../terminal/safe-output.js';
import { resolve, basename } from 'node:path';
import { languageTag } from '../options.js';
import { GESTURES, type GestureName } from '../../cast/pack-voices.js';
import { EngineError } from '../../core/errors.js';
import { progressLog } from '../progress-log.js';

interface DrawOptions {
  readonly out: string;
  readonly look?: string;
}

const drawCommand = (): Command =>
  new Command('draw')
    .description('Writes a presenter as a pack with its drawings, to change by hand. 导出主播的全部图形。')
    .argument('<name>', 'an embedded presenter, or the folder of a pack with a spec')
    .requiredOption('--out <folder>', 'folder of the new pack')
    .option('--look <name>', 'a look of its wardrobe, or an outfit of the library')
    .addHelpText('after', '\nExample:\n  engine presenter draw aiko --look festival --out my-aiko')
    .action(draw);

async function draw(name: string, { out, look }: DrawOptions): Promise<void> {
  const [
    { readPresenterCard, readPresenterPack },
    { resolvePack },
    { writePack },
    { lookNamed },
    { EngineError },
    path,
  ] = await Promise.all([
    import('../../avatar/presenter-pack.js'),
    import('../../config/resolve-room.js'),
    import('../../cast/write-pack.js'),
    import('../../cast/spec-pack.js'),
    import('../../core/errors.js'),
    import('node:path'),
  ]);
  const dir = resolvePack(name, (ref) => path.resolve(ref));
  const { spec } = await readPresenterCard(dir);
  if (spec === undefined)
    throw new EngineError('E_PRESENTER_INVALID', {
      where: path.join(dir, 'pack.json'),
      expected: 'a presenter made from a spec',
      found: 'a pack that has its drawings already',
    });
  await readPresenterPack(dir, look); // an unknown look is refused with the known ones
  const files = await writePack(spec, out, look === undefined ? undefined : lookNamed(spec, look));
  process.stderr.write(`Wrote ${files.length} files to ${out} 已导出\n`);
}

interface ListOptions {
  readonly html?: string;
  readonly json?: boolean;
}

const listCommand = (): Command =>
  new Command('list')
    .description('Names and descriptions of all embedded presenters. 列出全部主播。')
    .option('--html <file>', 'write a page with a portrait of each')
    .option('--json', 'print one JSON array instead of text')
    .addHelpText('after', '\nExamples:\n  engine presenter list\n  engine presenter list --html presenters.html')
    .action(list);

async function list({ html, json }: ListOptions): Promise<void> {
  const { listCast } = await import('../../avatar/list-cast.js');
  const people = await listCast();
  if (html !== undefined) {
    const [{ castPage }, { replaceFile }] = await Promise.all([
      import('../../templates/cast-page.js'),
      import('../../core/files/replace-file.js'),
    ]);
    const page = await castPage(people, (done) => {
      if (process.stderr.isTTY) writeProgress(process.stderr, `${done}/${people.length}`);
    });
    await replaceFile(html, page, { mode: 0o644 });
    if (process.stderr.isTTY) writeProgress(process.stderr, '');
    process.stderr.write(`Wrote ${html} 已生成页面\n`);
  }
  if (json === true) {
    const entries = people.map(({ dir: _dir, ...rest }) => rest);
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
  } else if (html === undefined) {
    const lines = people.map(({ name, country = '', ageYears, gender = '', about }) =>
      `${name.padEnd(12)}${country.padEnd(4)}${String(ageYears).padEnd(4)}${gender.padEnd(8)}${about.en} ${about.zh}`.trimEnd(),
    );
    process.stdout.write(`${lines.join('\n')}\n\nIn a room file: "presenter": "${people[0]!.name}"\n`);
  }
}

interface MeasureOptions {
  out: string;
  text?: string;
  lang: string;
  json?: boolean;
}

const measureCommand = (): Command =>
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

const filmCommand = (): Command =>
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

/** The subcommands of `engine presenter`, in the order of its help. */
const SUBCOMMANDS = [listCommand, drawCommand, filmCommand, measureCommand];

export function presenterCommand(): Command {
  const command = new Command('presenter')
    .description('Lists, draws, films and measures presenters. 数字人主播。')
    .addHelpText(
      'after',
      '\nExamples:\n  engine presenter list --html presenters.html\n  engine presenter film --base silent.mp4 --out presenters/ana --consent ana-consent.json',
    );
  for (const make of SUBCOMMANDS) command.addCommand(make());
  return command;
}
