import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { counted, onOneLine } from '../print-lines.js';
import { terminalLanguage } from '../terminal/terminal-language.js';

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
