import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { ErrorParts } from '../../core/errors.js';
import type { VerdictRecord } from '../../config/api/room-handle.js';
import { durationMs } from '../options.js';
import { counted, LinePrinter, onOneLine } from '../print-lines.js';

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
