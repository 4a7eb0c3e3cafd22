import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import type { FileHit, ScannedFile } from '../../admission/scan/scan-files.js';
import type { Finding } from '../../check/doctor.js';
import { languageTag } from '../options.js';
import { counted, LinePrinter, onOneLine } from '../print-lines.js';
import { writeProgress } from '../terminal/safe-output.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Checks this machine for everything a room needs; exit code 1 when a room could not run. 检查本机环境。',
    )
    .option('--voices', 'list voices instead, with their expected quality, and the services that can speak')
    .option('--lang <tag>', 'with --voices: only voices of a language, such as es or pt-BR')
    .option('--languages', 'list the languages instead: embedded voice with its expected quality, service, font')
    .option('--room <file>', 'with --voices: the voices of a room in the order in which they are tried')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Examples:
  engine doctor
  engine doctor --voices --lang es
  engine doctor --voices --room room.json
  engine doctor --languages --json
  engine doctor --json`,
    )
    .action(doctor);
}

const MARKS: Record<Finding['state'], string> = { good: '✓', fair: '!', bad: '✗' };

interface DoctorOptions {
  readonly voices?: boolean;
  readonly languages?: boolean;
  readonly lang?: string;
  readonly room?: string;
  readonly json?: boolean;
}

async function doctor({ voices, languages, lang, room, json }: DoctorOptions): Promise<void> {
  if (room !== undefined) return printChain(room, json === true);
  if (languages === true) return printLanguages(json === true);
  if (voices === true || lang !== undefined) return printVoices(lang, json === true);
  const { runDoctor } = await import('../../check/doctor.js');
  const findings = await runDoctor();
  if (findings.some((f) => f.state === 'bad')) process.exitCode = 1;
  if (json === true) {
    process.stdout.write(`${JSON.stringify(findings)}\n`);
    return;
  }
  for (const f of findings) {
    process.stdout.write(`${MARKS[f.state]} ${f.what.padEnd(14)}${f.found}\n`);
    if (f.todo !== undefined) process.stdout.write(`  ${' '.repeat(14)}→ ${f.todo}\n`);
  }
}

async function printVoices(language: string | undefined, json: boolean): Promise<void> {
  const { listVoices } = await import('../../check/list-voices.js');
  const voices = await listVoices(language);
  if (voices.length === 0) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(voices)}\n`);
    return;
  }
  const { listProviders } = await import('../../check/list-voices.js');
  const { languageVoiceLines, providerLines, voiceLines } = await import('../print-voices.js');
  const reader = terminalLanguage(process.env);
  const spoken = language === undefined ? languageVoiceLines(voices, reader) : voiceLines(voices, language, reader);
  const lines = [...spoken, ...providerLines(listProviders(process.env), reader)];
  for (const line of lines) process.stdout.write(`${line}\n`);
}

async function printLanguages(json: boolean): Promise<void> {
  const { listLanguages } = await import('../../check/list-languages.js');
  const languages = await listLanguages();
  if (json) {
    process.stdout.write(`${JSON.stringify(languages)}\n`);
    return;
  }
  const { languageLines } = await import('../print-languages.js');
  for (const line of languageLines(languages, terminalLanguage(process.env))) process.stdout.write(`${line}\n`);
}

/** Exit code 1 when a key of the chain is missing. */
async function printChain(file: string, json: boolean): Promise<void> {
  const [{ loadRoom }, { listChain }, { drawStars }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../check/list-voices.js'),
    import('../../speech/provider-table.js'),
  ]);
  const chain = listChain(loadRoom(file, { withoutKeys: true }), process.env);
  if (chain.some(({ ready }) => !ready)) process.exitCode = 1;
  if (json) {
    process.stdout.write(`${JSON.stringify(chain)}\n`);
    return;
  }
  for (const { where, voice, stars, ready, found } of chain)
    process.stdout.write(`${ready ? '✓' : '✗'} ${where.padEnd(28)}${drawStars(stars)}  ${voice}: ${found}\n`);
  process.stdout.write('  then the embedded voice of the line’s language\n');
}

interface ScanOptions {
  mode: 'admission' | 'live';
  text?: string | true;
  retailBarcodes?: boolean;
  json?: boolean;
}

export function scanCommand(): Command {
  return new Command('scan')
    .description('Scans pictures as the gate does, one line a file. 扫描图片中的二维码等违规内容。')
    .argument('<path...>', 'picture files, and folders (searched recursively)')
    .addOption(
      new Option('--mode <mode>', 'admission: the hard scan before a picture is used; live: the gate’s scan of a frame')
        .choices(['admission', 'live'])
        .default('admission'),
    )
    .option('--text [language]', 'read the text in the pictures too (about half a second each)', languageTag)
    .option('--retail-barcodes', 'count retail barcodes as codes: EAN, UPC, Code 128, Code 39, ITF, Codabar, DataBar')
    .option('--json', 'print one JSON object a line: {file, verdict, hits} or {file, error}')
    .addHelpText(
      'after',
      `
Reads PNG, JPEG, WebP, GIF, SVG, AVIF and TIFF, every picture of an animation. Boxes are in pixels of the file.
Exit code: 0 all clean, 1 a file to refuse or review, 2 a file could not be read.

Examples:
  engine scan product.jpg
  engine scan pictures/ --mode live
  engine scan pictures/ cover.png --text zh --json > report.jsonl`,
    )
    .action(scan);
}

async function scan(paths: string[], { mode, text, retailBarcodes = false, json }: ScanOptions): Promise<void> {
  const [{ createLog }, { scanFiles }, { findPictures }] = await Promise.all([
    import('../../core/log.js'),
    import('../../admission/scan/scan-files.js'),
    import('../../admission/scan/find-pictures.js'),
  ]);
  const files = await findPictures(paths);
  const out = new LinePrinter();
  const progress = new Progress(files.length);
  const textLanguage = text === true ? 'en' : text;
  let unread = 0;
  let bad = 0;
  for await (const result of scanFiles(files, { mode, textLanguage, retailBarcodes, log: createLog('error') })) {
    if ('error' in result) unread += 1;
    else if (result.verdict !== 'clean') bad += 1;
    progress.clear();
    await out.print(json === true ? JSON.stringify(result) : inWords(result));
    if (out.closed) break;
    progress.step(bad, unread);
  }
  progress.clear();
  process.exitCode = unread > 0 ? 2 : bad > 0 ? 1 : 0;
}

function inWords(result: ScannedFile): string {
  const file = onOneLine(result.file, 4096);
  if ('error' in result) return `error      ${onOneLine(result.error, 4096)}`;
  return [result.verdict.padEnd(10), file, ...result.hits.map(hitInWords)].join(' ').trimEnd();
}

function hitInWords({ rule, kind, text, box, page }: FileHit): string {
  const place = box === undefined ? '' : ` at ${box.x},${box.y} ${box.width}×${box.height}`;
  const said = text === undefined ? '' : ` "${onOneLine(text)}"`;
  return `[${rule} ${kind}${said}${place}${page === undefined ? '' : ` in picture ${page}`}]`;
}

/** Progress, shown when standard error is a terminal. */
class Progress {
  private done = 0;
  private shownAtMs = -Infinity;

  constructor(private readonly total: number) {}

  step(bad: number, unread: number): void {
    this.done += 1;
    if (process.stderr.isTTY !== true || performance.now() - this.shownAtMs < 100) return;
    this.shownAtMs = performance.now();
    writeProgress(process.stderr, `${this.done}/${this.total} files, ${bad} not clean, ${unread} unreadable`);
  }

  clear(): void {
    if (process.stderr.isTTY === true) writeProgress(process.stderr, '');
  }
}

/** A finding may quote a file. */
const MAX_FINDING = 2000;

export function checkCommand(): Command {
  return new Command('check')
    .description(
      'Checks a whole room: loads every asset, judges every line; exit code 1 on any fault. 检查整个直播间。',
    )
    .argument('<file>', 'room file')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      `
Examples:
  engine check my-room/room.json
  engine check my-room/room.json --json`,
    )
    .action(check);
}

async function check(file: string, { json }: { json?: boolean }): Promise<void> {
  const [{ loadRoom }, { jsonPlaces }, { progressLog }, { checkRoom }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../config/json-text.js'),
    import('../progress-log.js'),
    import('../../check/check-room.js'),
  ]);
  const room = loadRoom(file);
  const places = jsonPlaces(readFileSync(room.file, 'utf8'));
  const log = progressLog();
  const report = await checkRoom(room, {
    log,
    signal: new AbortController().signal,
    onStep: (step, of, what) => log.step(step, of, `checking ${what}`),
  }).finally(() => log.clear());
  const findings = report.faults.map((fault) => ({ ...fault, line: places.lineOf(fault.where) }));
  if (findings.some((f) => f.severity === 'fault')) process.exitCode = 1;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ ...report, faults: findings })}\n`);
    return;
  }
  for (const { severity, line, where, expected, found, rule, todo } of findings) {
    const place = line === undefined ? where : `line ${line}, ${where}`;
    const more = `${rule === undefined ? '' : ` [rule ${rule}]`}${todo === undefined ? '' : `; ${todo}`}`;
    const text = onOneLine(`${place}: expected ${expected}, found ${found}${more}`, MAX_FINDING);
    process.stdout.write(`${severity === 'fault' ? '✗' : '!'} ${text}\n`);
  }
  const { missingModels } = await import('../../check/missing-models.js');
  for (const { text } of missingModels(room)) process.stdout.write(`i ${text[terminalLanguage(process.env)]}\n`);
  const { lines, assets, products } = report.checked;
  const faults = findings.filter((f) => f.severity === 'fault').length;
  const seen = [counted(lines, 'line'), counted(assets, 'asset'), counted(products, 'product')].join(', ');
  const warnings = findings.length - faults;
  process.stdout.write(
    `${faults === 0 ? '✓' : '✗'} ${room.name}: ${seen} checked; ${counted(faults, 'fault')}, ${counted(warnings, 'warning')}\n`,
  );
}
