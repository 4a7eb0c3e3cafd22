import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { ShowReport } from '../../config/api/report-handle.js';
import { EngineError } from '../../core/errors.js';
import { durationMs } from '../options.js';
import { counted, LinePrinter } from '../print-lines.js';

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
