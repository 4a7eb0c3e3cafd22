/**
 * Says the sales lines of the templates in every language, has them heard, and writes the table of docs/voices.md.
 *
 *     npm run tool -- voices-table --ears 'python ears.py' [--languages zh,es] [--lines 10] [--voices if_sara,espeak | --first] [--each] [--keep DIR] [--docs] [--heard FILE]
 *
 * `--ears` is a command that takes a file of clips (columns group, wav, language, text) and prints a line a group with "errors N %"
 * and "DistillMOS N". Lines are joined to clips of half a minute, which a recogniser hears at once;
 * `--each` makes a clip of each line, where a recogniser that lost its way in one does not lose the others. Without it the clips are made and kept. `--voices` tries those instead of the ones that ship, `--first` the first of these alone. `--docs` writes
 * the rows into docs/voices.md, `--heard` those of an earlier run's output; rows of other languages stay. Kokoro has to be installed (engine model install kokoro).
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monoWav } from '../../../src/audio/mono-wav.js';
import { languageRow } from '../../../src/config/languages/language-table.js';
import { TEMPLATE_LANGUAGES } from '../../../src/config/templates/template.js';
import { loadRoom } from '../../../src/config/load-room.js';
import { silentLog } from '../../../src/core/log.js';
import { newFromTemplate } from '../../../src/templates/new-from-template.js';
import { SPEAKERS, speakerVoice } from '../../../src/speech/heart/speakers.js';
import { humanLanguage, kokoroVoice } from '../../../src/speech/kokoro/human-voices.js';
import { SpeechService } from '../../../src/speech/speech-service.js';
import { asHeard } from '../../bench/kit/as-heard.js';
import { scriptOptions } from '../../bench/kit/script-options.js';

const RATE_HZ = 48_000;
/** Of silence between two lines of a clip. */
const GAP = 0.6 * RATE_HZ;
const MAX_CLIP = 28 * RATE_HZ;

const values = scriptOptions(import.meta.url, {
  ears: { type: 'string' },
  languages: { type: 'string' },
  lines: { type: 'string', default: '10' },
  voices: { type: 'string' },
  first: { type: 'boolean', default: false },
  each: { type: 'boolean', default: false },
  keep: { type: 'string' },
  docs: { type: 'boolean', default: false },
  heard: { type: 'string' },
});
if (values.heard !== undefined) {
  writeDocs(readFileSync(values.heard, 'utf8'));
  process.exit();
}
const languages = values.languages?.split(',') ?? [...TEMPLATE_LANGUAGES];
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'voices-'));
mkdirSync(folder, { recursive: true });
const speech = new SpeechService({ log: silentLog, timeoutMs: 300_000 });
const list = join(folder, 'clips.tsv');
writeFileSync(list, 'group\twav\tlanguage\ttext\n');
try {
  await speech.start();
  for (const language of languages) {
    for (const voice of voicesOf(language)) {
      let said: { text: string; pcm: Float32Array }[] = [];
      let clip = 0;
      const flush = (): void => {
        if (said.length === 0) return;
        const wav = join(folder, `${language}-${voice}-${clip}.wav`);
        writeFileSync(wav, monoWav(joined(said.map(({ pcm }) => pcm)), RATE_HZ));
        const text = said.map((one) => one.text.replaceAll(/\s+/gu, ' ')).join(' ');
        appendFileSync(
          list,
          `${language}/${voice}\t${wav}\t${language}\t${language === 'en' ? asHeard(text) : text}\n`,
        );
        said = [];
        clip += 1;
      };
      for (const text of await linesOf(language, Number(values.lines))) {
        const provider = kokoroVoice(voice) === undefined ? undefined : 'kokoro';
        const name = voice === 'default' ? {} : { voice: voice === 'espeak' ? espeakOf(language) : voice };
        const request = { id: 'line', text, language, ...(provider === undefined ? {} : { provider }), ...name };
        const { pcm, voice: by } = await speech.speak(request, new AbortController().signal);
        if (provider !== undefined && by !== voice) throw new Error(`${voice} did not speak: ${by} did`);
        const length = [...said.map((one) => one.pcm), pcm].reduce((sum, one) => sum + one.length + GAP, 0);
        if (values.each || length > MAX_CLIP) flush();
        said.push({ text, pcm });
      }
      flush();
    }
  }
} finally {
  await speech.close();
}
if (values.ears === undefined) console.log(list);
else {
  const heard = execFileSync('/bin/sh', ['-c', `${values.ears} "$0"`, list], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.stdout.write(heard);
  if (values.docs) writeDocs(heard);
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, one) => sum + one.length + GAP, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length + GAP;
  }
  return out;
}

function voicesOf(language: string): string[] {
  if (values.voices !== undefined) return values.voices.split(',');
  if (language === 'en') return [...SPEAKERS.map((one) => speakerVoice(one).name), 'espeak'];
  const human = humanLanguage(language);
  if (human !== undefined && values.first) return [human.women[0]!];
  return human === undefined ? ['default'] : [...new Set([human.women[0]!, human.men[0]!, 'espeak'])];
}

function espeakOf(language: string): string {
  return languageRow(language)?.voice ?? language;
}

/** Different lines of the templates, one template after the other. */
async function linesOf(language: string, count: number): Promise<string[]> {
  const lines = new Set<string>();
  for (const template of ['kitchen', 'electronics', 'beauty', 'tools']) {
    if (lines.size >= count) break;
    const place = mkdtempSync(join(tmpdir(), 'voices-room-'));
    try {
      const { script } = loadRoom(
        await newFromTemplate(join(place, 'room'), { template, language, orientation: 'portrait' }),
      );
      for (const { text } of script.segments.flatMap((segment) => segment.lines)) lines.add(text);
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }
  return [...lines].slice(0, count);
}

/** A row a voice, sorted by language; those of other languages stay as they are. */
function writeDocs(heard: string): void {
  const file = new URL('../../../docs/voices.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- voices:begin -->\n', '<!-- voices:end -->'];
  const from = text.indexOf(begin) + begin.length;
  const old = text.slice(from, text.indexOf(end)).split('\n');
  const rows = new Map<string, string>();
  const anew = new Set(Array.from(heard.matchAll(/^(\S+)\/\S+\s.*errors/gmu), ([, language]) => language));
  for (const row of old) {
    const key = /^\| (\S+) \| [^|]* \| `([^`]+)`/.exec(row);
    if (key !== null && !anew.has(key[1])) rows.set(`${key[1]}/${key[2]}`, row);
  }
  for (const line of heard.split('\n')) {
    const found = /^(\S+)\/(\S+)\s.*errors\s+([\d.]+) %.*DistillMOS ([\d.]+)/.exec(line);
    if (found === null) continue;
    const [, language, voice, errors, score] = found as unknown as [string, string, string, string, string];
    const kind =
      kokoroVoice(voice) !== undefined
        ? (humanLanguage(language)?.kind ?? 'accented')
        : /^heart(?:-|$)/.test(voice)
          ? 'native'
          : 'robot';
    rows.set(
      `${language}/${voice}`,
      `| ${language} | ${languageRow(language)?.english ?? language} | \`${voice}\` | ${kind} | ${errors} | ${score} |`,
    );
  }
  const head = ['| tag | language | voice | kind | errors % | score |', '| --- | --- | --- | --- | --- | --- |'];
  const table = [...head, ...[...rows].toSorted(([a], [b]) => a.localeCompare(b, 'en')).map(([, row]) => row)];
  writeFileSync(file, `${text.slice(0, from)}${table.join('\n')}\n${text.slice(text.indexOf(end))}`);
}
