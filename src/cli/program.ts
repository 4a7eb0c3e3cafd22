/** The command line; main.ts loads it after the process set-up. */
import { Command } from 'commander';
import { packageVersion } from '../core/files/paths.js';
import { reportFailure } from './report-failure.js';

const program = new Command('engine')
  .description(
    'Keeps an AI presenter live and judges every frame and word before it leaves. 让 AI 主播全天在线，先审后播。',
  )
  .version(packageVersion())
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

/**
 * Commands in the order of the help. Only the one that is asked for is loaded, with its parts when it runs: a start is
 * short, and a room on air holds no code of other commands.
 */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./commands/start-command.js')).demoCommand(),
  new: async () => (await import('./commands/new-command.js')).newCommand(),
  template: async () => (await import('./commands/new-command.js')).templateCommand(),
  product: async () => (await import('./commands/product-command.js')).productCommand(),
  script: async () => (await import('./commands/script-command.js')).scriptCommand(),
  presenter: async () => (await import('./presenter/presenter-command.js')).presenterCommand(),
  voice: async () => (await import('./commands/model-command.js')).voiceCommand(),
  model: async () => (await import('./commands/model-command.js')).modelCommand(),
  start: async () => (await import('./commands/start-command.js')).startCommand(),
  studio: async () => (await import('./commands/studio-command.js')).studioCommand(),
  worker: async () => (await import('./fleet/worker-command.js')).workerCommand(),
  fleet: async () => (await import('./fleet/fleet-command.js')).fleetCommand(),
  simulate: async () => (await import('./commands/simulate-command.js')).simulateCommand(),
  check: async () => (await import('./commands/check-command.js')).checkCommand(),
  render: async () => (await import('./commands/render-command.js')).renderCommand(),
  scan: async () => (await import('./commands/check-command.js')).scanCommand(),
  judge: async () => (await import('./commands/rules-command.js')).judgeCommand(),
  ask: async () => (await import('./commands/simulate-command.js')).askCommand(),
  rules: async () => (await import('./commands/rules-command.js')).rulesCommand(),
  ledger: async () => (await import('./commands/ledger-command.js')).ledgerCommand(),
  report: async () => (await import('./commands/ledger-command.js')).reportCommand(),
  alerts: async () => (await import('./commands/alerts-command.js')).alertsCommand(),
  camera: async () => (await import('./commands/camera-command.js')).cameraCommand(),
  install: async () => (await import('./commands/install-command.js')).installCommand(),
  schema: async () => (await import('./commands/schema-command.js')).schemaCommand(),
  doctor: async () => (await import('./commands/check-command.js')).doctorCommand(),
};
const VERSION = ['--version', '-V'];

const asked = process.argv[2] ?? '';
const known = Object.keys(COMMANDS).includes(asked) ? [asked] : Object.keys(COMMANDS);
const commands = await Promise.all((VERSION.includes(asked) ? [] : known).map((name) => COMMANDS[name]!()));
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
