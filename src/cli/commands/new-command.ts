import { relative } from 'node:path';
import { Command } from 'commander';
import { houseRooms, newRoom } from '../../engine/room/new-room.js';

export function newCommand(): Command {
  return new Command('new')
    .description('Makes a room of your own: a copy with all its files. 新建自己的直播间（含全部素材）。')
    .argument('<name>', 'folder to create; its last part becomes the room’s name')
    .option('--from <room>', 'room to copy', 'demo-portrait')
    .addHelpText('after', () => {
      const rooms = houseRooms().map(({ name, about }) => `  ${name.padEnd(16)}${about}`);
      return `
Rooms to copy 可复制的直播间:
${rooms.join('\n')}

Examples:
  engine new my-room
  engine new my-room --from demo-landscape`;
    })
    .action(make);
}

function make(name: string, { from }: { from: string }): void {
  const file = newRoom(name, from);
  const path = relative(process.cwd(), file) || file;
  const shown = /[^\w./-]/.test(path) ? JSON.stringify(path) : path;
  process.stdout.write(`Made ${path}, a copy of ${from} with all its files (已建好直播间).

  Change it in an editor (用编辑器修改), then:
  engine check ${shown}
  engine start --room ${shown}
`);
}
