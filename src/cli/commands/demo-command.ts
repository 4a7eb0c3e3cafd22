import { Command } from 'commander';
import type { Closeable } from '../../core/closeable.js';
import { templatePath } from '../../core/files/paths.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import { perMinute } from '../options.js';
import type { ShowConsole } from '../terminal/show-console.js';
import { addShowOptions, putOnAir, type ShowOptions } from './start-command.js';

interface DemoOptions extends ShowOptions {
  /** A minute; false with `--no-viewers`. */
  viewers: number | false;
}

const DEMO_ROOM = 'demo-portrait';
const VIEWERS_PER_MINUTE = 12;
const VIEWERS_SEED = 7;

export function demoCommand(): Command {
  const command = new Command('demo')
    .description('Puts the demo room on air, on this machine only. 在本机播出演示直播间。')
    .option('--viewers <rate>', 'simulated viewers, such as 20/min', perMinute, VIEWERS_PER_MINUTE)
    .option('--no-viewers', 'no simulated viewers');
  return addShowOptions(command)
    .addHelpText(
      'after',
      `
Simulated viewers ask, greet and order in three languages; the terminal shows each question with its answer. A few of their
comments are hostile or hold contacts: those are neither shown nor answered. \`engine start\` never simulates anybody.
演示带有模拟观众，用三种语言提问；终端会显示问题和回答。

Examples:
  engine demo
  engine demo --viewers 30/min
  engine demo --no-viewers --port 9000 --for 60
  engine new my-room --from ${DEMO_ROOM}     a copy to change`,
    )
    .action(({ viewers, ...options }: DemoOptions) =>
      putOnAir(templatePath('rooms', DEMO_ROOM, 'room.json'), {
        ...options,
        ...(viewers === false
          ? {}
          : { whileOnAir: (room, shown) => withViewers(room, shown, viewers, options.seed ?? VIEWERS_SEED) }),
      }),
    );
}

async function withViewers(room: RoomHandle, shown: ShowConsole, rate: number, seed: number): Promise<Closeable> {
  const [{ playViewers }, { ViewerTalk }] = await Promise.all([
    import('../play-viewers.js'),
    import('../terminal/viewer-talk.js'),
  ]);
  const { terminal, columns } = shown;
  const print = (line: string): void => shown.print(line);
  const talk = terminal && new ViewerTalk({ events: room.events, language: terminal, print, columns });
  const viewers = playViewers({ events: room.events, perMinute: rate, seed, run: Date.now().toString(36) });
  return {
    async close() {
      await viewers.close();
      await talk?.close();
    },
  };
}
