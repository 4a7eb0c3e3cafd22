import { Command } from 'commander';
import { counted } from '../print-lines.js';

export function checkCommand(): Command {
  return new Command('check')
    .description('Reads a whole room, loads every asset, judges every line; exit code 1 on any fault')
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
  const [{ loadRoom }, { progressLog }, { checkRoom }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../progress-log.js'),
    import('../../engine/check/check-room.js'),
  ]);
  const room = loadRoom(file);
  const log = progressLog();
  const report = await checkRoom(room, { log, signal: new AbortController().signal }).finally(() => log.clear());
  if (report.faults.some((f) => f.severity === 'fault')) process.exitCode = 1;
  if (json === true) {
    process.stdout.write(`${JSON.stringify(report)}\n`);
    return;
  }
  for (const fault of report.faults) {
    process.stdout.write(
      `${fault.severity === 'fault' ? '✗' : '!'} ${fault.where}: expected ${fault.expected}, found ${fault.found}${fault.rule === undefined ? '' : ` [rule ${fault.rule}]`}\n`,
    );
  }
  const { lines, assets, products } = report.checked;
  const faults = report.faults.filter((f) => f.severity === 'fault').length;
  const seen = [counted(lines, 'line'), counted(assets, 'asset'), counted(products, 'product')].join(', ');
  const warnings = report.faults.length - faults;
  process.stdout.write(
    `${faults === 0 ? '✓' : '✗'} ${room.name}: ${seen} checked; ${counted(faults, 'fault')}, ${counted(warnings, 'warning')}\n`,
  );
}
