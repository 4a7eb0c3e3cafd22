/** The command line; main.ts loads it after the process set-up. */
import { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../core/files/paths.js';
import { alertsCommand } from './commands/alerts-command.js';
import { cameraCommand } from './commands/camera-command.js';
import { checkCommand, doctorCommand, scanCommand } from './commands/check-command.js';
import { demoCommand, startCommand } from './commands/start-command.js';
import { installCommand } from './commands/install-command.js';
import { askCommand, simulateCommand } from './commands/simulate-command.js';
import { judgeCommand, rulesCommand } from './commands/rules-command.js';
import { ledgerCommand, reportCommand } from './commands/ledger-command.js';
import { modelCommand, voiceCommand } from './commands/model-command.js';
import { newCommand, templateCommand } from './commands/new-command.js';
import { productCommand } from './commands/product-command.js';
import { renderCommand } from './commands/render-command.js';
import { schemaCommand } from './commands/schema-command.js';
import { scriptCommand } from './commands/script-command.js';
import { studioCommand } from './commands/studio-command.js';
import { presenterCommand } from './presenter/presenter-command.js';
import { fleetCommand } from './fleet/fleet-command.js';
import { workerCommand } from './fleet/worker-command.js';
import { reportFailure } from './report-failure.js';

const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };

const program = new Command('engine')
  .description(
    'Keeps an AI presenter live and judges every frame and word before it leaves. 让 AI 主播全天在线，先审后播。',
  )
  .version(version)
  .showHelpAfterError('(engine --help lists the commands)')
  .addHelpText(
    'after',
    `
Examples:
  engine studio
  engine demo
  engine new my-room --from demo-portrait
  engine new my-kitchen --template kitchen --language es
  engine presenter list --html presenters.html
  engine product page.html --out my-room/room.json
  engine check my-room/room.json
  engine start --room my-room/room.json
  engine simulate --room my-room/room.json --rate 20/min
  engine render --room my-room/room.json --from 0 --to 10 --out preview.mp4
  engine voice say "你好，欢迎！" --language zh --out hello.wav
  engine model install kokoro
  engine presenter film --base silent.mp4 --out presenters/ana --consent consent.json
  engine scan pictures/
  engine judge --lang zh < script.txt
  engine ledger show --since 2h
  engine report --since 24h
  engine worker --redis redis://10.0.0.5 --store /mnt/showroom --key fleet.key
  engine doctor`,
  );
// Each command loads its parts when it runs, so that a room on air holds no code of other commands.
const commands = [
  demoCommand(),
  newCommand(),
  templateCommand(),
  productCommand(),
  scriptCommand(),
  presenterCommand(),
  voiceCommand(),
  modelCommand(),
  startCommand(),
  studioCommand(),
  workerCommand(),
  fleetCommand(),
  simulateCommand(),
  checkCommand(),
  renderCommand(),
  scanCommand(),
  judgeCommand(),
  askCommand(),
  rulesCommand(),
  ledgerCommand(),
  reportCommand(),
  alertsCommand(),
  cameraCommand(),
  installCommand(),
  schemaCommand(),
  doctorCommand(),
];
for (const command of commands) {
  program.addCommand(command);
  for (const one of [command, ...command.commands]) {
    const name = one === command ? one.name() : `${command.name()} ${one.name()}`;
    one.showHelpAfterError(`(engine ${name} --help has the options and examples)`);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error);
}
