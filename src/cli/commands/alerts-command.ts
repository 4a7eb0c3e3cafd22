import { Command } from 'commander';

export function alertsCommand(): Command {
  const alerts = new Command('alerts')
    .description('Tests who is alerted when something goes wrong. 测试告警接收方。')
    .addHelpText(
      'after',
      `
Example:
  engine alerts test --room my-room.json`,
    );
  return alerts.addCommand(
    new Command('test')
      .description('Sends a test alert to every receiver in the room file’s alerts; exit code 1 if one fails')
      .requiredOption('--room <file>', 'room file')
      .addHelpText(
        'after',
        `
Example:
  DING_SECRET=… engine alerts test --room my-room.json`,
      )
      .action(test),
  );
}

const TEST_MS = 30_000;

async function test({ room: file }: { room: string }): Promise<void> {
  const [{ loadRoom }, { EngineError }, { alertSinks }, { testNotice }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../core/errors.js'),
    import('../../alerts/alert-sinks.js'),
    import('../../alerts/alarm.js'),
  ]);
  const room = loadRoom(file);
  const sinks = alertSinks(room.alerts, room.name, room.language);
  if (sinks.length === 0) {
    throw new EngineError('E_ROOM_INVALID', {
      where: `${room.file}: alerts`,
      expected: 'at least one of webhooks and exec',
      found: 'no receiver',
      todo: 'docs/alerts.md has an example',
    });
  }
  const notice = testNotice(new Date().toISOString());
  const faults = await Promise.all(sinks.map((sink) => sink.send(notice, 0, AbortSignal.timeout(TEST_MS))));
  sinks.forEach(({ name }, i) => {
    const fault = faults[i]!;
    process.stdout.write(fault === '' ? `✓ ${name}\n` : `✗ ${name}: ${fault}\n`);
  });
  if (faults.some((fault) => fault !== '')) process.exitCode = 1;
}
