import { Command } from 'commander';
import { templatePath } from '../../core/files/paths.js';
import { addShowOptions, putOnAir, type ShowOptions } from './start-command.js';

const DEMO_ROOM = 'demo-portrait';

export function demoCommand(): Command {
  const command = new Command('demo').description(
    'Puts the demo room on air, on this machine only. 在本机播出演示直播间。',
  );
  return addShowOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  engine demo
  engine demo --port 9000 --for 60
  engine new my-room --from ${DEMO_ROOM}     a copy to change`,
    )
    .action((options: ShowOptions) => putOnAir(templatePath('rooms', DEMO_ROOM, 'room.json'), options));
}
