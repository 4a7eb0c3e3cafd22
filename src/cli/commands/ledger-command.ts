import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { ShowReport } from '../../config/api/report-handle.js';
import type { VerdictRecord } from '../../config/api/room-handle.js';
import { EngineError, type ErrorParts } from '../../core/errors.js';
import { durationMs } from '../options.js';
import { counted, LinePrinter, onOneLine } from '../print-lines.js';

interface ReportOptions {
  room?: string;
  store?: string;
  since: number;
  lang?: 'en' | 'zh';
  out?: string;
  json?: boolean;
}

const DAY_MS = 86_400_000;

export function reportCommand(): Command {
  return new Command('report')
    .description('Makes a report of the last shows: products, lines, comments, rules, outputs. 生成直播报告。')
    .option('--room <file>', 'room file; default: the only room below var/')
    .option('--store <file>', 'the store itself, such as var/my-room/ledger.store.sqlite')
    .option('--since <time>', 'the last 30m, 24h or 7d', durationMs, DAY_MS)
    .addOption(
      new Option('--lang <language>', 'language of the page; default: that of the terminal').choices(['en', 'zh']),
    )
    .option('--out <file>', 'where the page goes; - for standard output; default: report-ROOM-DATE.html')
    .option('--json', 'print the figures as one JSON object')
    .addHelpText(
      'after',
      `
It may be made while the room is on air. The page is one file without scripts: mail it, print it.

Examples:
  engine report
  engine report --room my-room/room.json --since 7d --lang zh --out report.html
  engine report --room my-room/room.json --json | jq .comments.unanswered`,
    )
    .action(report);
}

async function report(options: ReportOptions): Promise<void> {
  const [{ findStore }, { showReport }, { progressLog }] = await Promise.all([
    import('../../report/find-store.js'),
    import('../../report/show-report.js'),
    import('../progress-log.js'),
  ]);
  if (options.json === true && options.out !== undefined)
    throw new EngineError('E_BAD_REQUEST', {
      where: '--json',
      expected: '--json or --out',
      found: 'both',
      todo: 'leave one out; --json prints to standard output',
    });
  const { file, room } = findStore({ file: options.store, room: options.room, cwd: process.cwd() });
  const progress = progressLog();
  let figures: ShowReport;
  try {
    figures = await showReport({
      file: resolve(file),
      sinceMs: options.since,
      nowMs: Date.now(),
      room,
      onStep: (done, of) => progress.step(done, of, 'reading the store'),
    });
  } finally {
    progress.clear();
  }
  const out = new LinePrinter();
  if (options.json === true) return out.print(JSON.stringify(figures));
  const [{ reportPage }, { replaceFile }, { terminalLanguage }] = await Promise.all([
    import('../../report/page/report-page.js'),
    import('../../core/files/replace-file.js'),
    import('../terminal/terminal-language.js'),
  ]);
  const page = reportPage(figures, options.lang ?? terminalLanguage(process.env));
  if (options.out === '-') return out.print(page.trimEnd());
  const path = resolve(options.out ?? defaultName(figures));
  try {
    // Viewers' questions are in it: only its owner may read it.
    await replaceFile(path, page);
  } catch (cause) {
    throw new EngineError('E_INTERNAL', {
      where: path,
      expected: 'a place to write the report to',
      found: (cause as Error).message,
      todo: 'choose another --out',
      cause,
    });
  }
  const { sessions, lines, comments } = figures;
  await out.print(
    `✓ ${path}: ${counted(sessions.length, 'session')}, ${counted(lines.spoken, 'line')}, ${counted(comments.total, 'comment')}`,
  );
}

function defaultName({ room, createdMs }: ShowReport): string {
  const safe = room.replace(/[^A-Za-z0-9-]+/g, '-') || 'room';
  return `report-${safe}-${new Date(createdMs).toISOString().slice(0, 10)}.html`;
}

interface WhichLedger {
  room?: string;
  json?: boolean;
}

interface ShowOptions extends WhichLedger {
  rule?: string;
  since?: number;
}

export function ledgerCommand(): Command {
  return new Command('ledger')
    .description('Reads and verifies a room’s ledger of verdicts and actions. 查看和校验审核日志。')
    .addCommand(verifyCommand())
    .addCommand(showCommand())
    .addHelpText(
      'after',
      `
Examples:
  engine ledger verify --room my-room.json
  engine ledger show --rule 3.3 --since 2h`,
    );
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Verifies the hash chain through all files of a ledger; exit code 1 and the line where it breaks')
    .argument('[file]', 'ledger; default: the room’s, or the only one below var/')
    .option('--room <file>', 'room file of the ledger')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  engine ledger verify var/my-room/ledger.jsonl
  engine ledger verify --room my-room.json --json`,
    )
    .action(verify);
}

function showCommand(): Command {
  return new Command('show')
    .description('Prints the records of a ledger, oldest first')
    .argument('[file]', 'ledger; default: the room’s, or the only one below var/')
    .option('--room <file>', 'room file of the ledger')
    .option('--rule <id>', 'only this rule, such as 3.3')
    .option('--since <time>', 'only the last 30s, 5m, 2h or 7d', durationMs)
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  engine ledger show --rule 3.3 --since 2h
  engine ledger show --room my-room.json --json > ledger-of-today.jsonl`,
    )
    .action(show);
}

async function verify(file: string | undefined, { room, json }: WhichLedger): Promise<void> {
  const [{ findLedger }, { placeInWords, verifyLedger }, { EngineError }] = await Promise.all([
    import('../../check/check-ledger.js'),
    import('../../compliance/ledger/verify-ledger.js'),
    import('../../core/errors.js'),
  ]);
  const path = findLedger({ file, room, cwd: process.cwd() });
  const check = await verifyLedger(path);
  if (file !== undefined && check.ok && check.records === 0) throw new EngineError('E_LEDGER', emptyLedger(path));
  if (!check.ok) process.exitCode = 1;
  const out = new LinePrinter();
  if (json === true) return out.print(JSON.stringify(check));
  const seen = `${counted(check.records, 'record')} in ${counted(check.files, 'file')}`;
  if (check.begins !== undefined) {
    const { seq, why } = check.begins;
    const because =
      why === 'retention'
        ? 'older records were removed after their retention'
        : 'older records are missing without an explanation';
    await out.print(`! it begins at #${seq}: ${because}`);
  }
  for (const place of check.torn)
    await out.print(`! ${placeInWords(place)}: cut off by a crash; the next line records it`);
  for (const note of check.notes) await out.print(`! ${placeInWords(note)}: ${note.reason}`);
  for (const { file: at, line, reason } of check.faults) {
    const place = at === undefined || line === undefined ? path : placeInWords({ file: at, line });
    await out.print(`✗ ${place}: ${reason}`);
  }
  const { whole, gone, unwritten, changed } = check.evidence;
  for (const place of changed) {
    await out.print(`✗ ${placeInWords(place)}: its evidence does not match the line: the file was changed`);
  }
  if (gone > 0)
    await out.print(`! ${counted(gone, 'piece')} of evidence no longer there (removed by size limit or retention)`);
  if (unwritten > 0)
    await out.print(`! ${counted(unwritten, 'piece')} of evidence never written, as a later line records`);
  const kept = whole === 0 ? '' : `, ${counted(whole, 'piece')} of evidence intact`;
  if (check.broken === undefined) {
    const mark = check.ok ? '✓' : '✗';
    const but = check.faults.length === 0 ? '' : ', but its evidence was changed';
    return out.print(`${mark} ${path}: ${seen}, the chain is whole${but}${kept}`);
  }
  await out.print(`✗ ${placeInWords(check.broken)}: ${check.broken.reason}`);
  await out.print(`✗ ${path}: the chain breaks after ${seen}`);
}

/** A file that somebody named is another one when it holds nothing; a room's own may be new. */
const emptyLedger = (where: string): ErrorParts => ({
  where,
  expected: 'the records of a ledger',
  found: 'an empty file',
});

async function show(file: string | undefined, { room, rule, since, json }: ShowOptions): Promise<void> {
  const [{ findLedger }, { evidencePath }, { readLedger }, { EngineError }, { ruleById, RULES }] = await Promise.all([
    import('../../check/check-ledger.js'),
    import('../../compliance/ledger/evidence-count.js'),
    import('../../compliance/ledger/verify-ledger.js'),
    import('../../core/errors.js'),
    import('../../moderation/packs/index.js'),
  ]);
  if (rule !== undefined && ruleById(rule) === undefined) {
    const expected = `one of ${RULES.map((r) => r.id).join(', ')}`;
    throw new EngineError('E_BAD_REQUEST', { where: '--rule', expected, found: `"${rule}"` });
  }
  const sinceMs = since === undefined ? undefined : Date.now() - since;
  const out = new LinePrinter();
  const ledger = findLedger({ file, room, cwd: process.cwd() });
  let [records, others] = [0, 0];
  const onLine = (isRecord: boolean): void => void (isRecord ? (records += 1) : (others += 1));
  for await (const record of readLedger(ledger, { rule, sinceMs, onLine })) {
    const path = record.file && evidencePath(ledger, record.file);
    const there = path !== undefined && existsSync(path);
    const evidence = path === undefined ? '' : there ? `file=${path}` : `file=${path} (no longer there)`;
    await out.print(
      json === true ? JSON.stringify(record) : [inWords(record), onOneLine(evidence, 400)].join(' ').trimEnd(),
    );
    if (out.closed) break;
  }
  if (file !== undefined && records + others === 0) throw new EngineError('E_LEDGER', emptyLedger(ledger));
  if (others === 0) return;
  const found = others === 1 ? '1 line that is not a record' : `${others} lines that are not records`;
  if (records === 0) throw new EngineError('E_LEDGER', { where: ledger, expected: 'the records of a ledger', found });
  process.stderr.write(`engine: ${ledger}: ${found}; \`engine ledger verify\` shows which\n`);
}

function inWords(record: VerdictRecord): string {
  const { seq, at, kind, rule, surface, action, frame, startSample, endSample, evidence, detail } = record;
  // The file may be anybody's: a line break in a field would print a record that is not there.
  const cell = (text: string, width = 0): string => onOneLine(text, 60).padEnd(width);
  const cells = [cell(at), `#${seq}`.padEnd(7), cell(rule ?? '-', 5), cell(surface ?? kind, 9), cell(action, 12)];
  if (frame !== undefined) cells.push(`frame ${frame}`);
  if (startSample !== undefined) cells.push(`samples ${startSample}–${endSample ?? ''}`);
  if (evidence !== undefined) cells.push(`"${onOneLine(evidence, 200)}"`);
  for (const [name, value] of Object.entries(detail ?? {})) cells.push(`${cell(name)}=${onOneLine(String(value))}`);
  return cells.join(' ').trimEnd();
}
