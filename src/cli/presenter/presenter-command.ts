import { Command } from 'commander';
import { drawCommand } from './draw-command.js';
import { listCommand } from './list-command.js';

/** The subcommands of `engine presenter`, in the order of its help. */
const SUBCOMMANDS = [listCommand, drawCommand];

export function presenterCommand(): Command {
  const command = new Command('presenter').description('Lists, draws and makes presenters. 数字人主播。');
  for (const make of SUBCOMMANDS) command.addCommand(make());
  return command;
}
