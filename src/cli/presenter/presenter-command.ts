import { Command } from 'commander';
import { drawCommand } from './draw-command.js';
import { filmCommand } from './film-command.js';
import { listCommand } from './list-command.js';
import { measureCommand } from './measure-command.js';

/** The subcommands of `engine presenter`, in the order of its help. */
const SUBCOMMANDS = [listCommand, drawCommand, filmCommand, measureCommand];

export function presenterCommand(): Command {
  const command = new Command('presenter')
    .description('Lists, draws, films and measures presenters. 数字人主播。')
    .addHelpText(
      'after',
      '\nExamples:\n  engine presenter list --html presenters.html\n  engine presenter film --base silent.mp4 --out presenters/ana --consent ana-consent.json',
    );
  for (const make of SUBCOMMANDS) command.addCommand(make());
  return command;
}
