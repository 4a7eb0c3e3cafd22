import { Command } from 'commander';
import { numberBetween, requireOptions } from '../options.js';
import { writeProgress } from '../terminal/safe-output.js';

interface RenderOptions {
  room: string;
  from: number;
  to: number;
  out: string;
  seed?: number;
}

export function renderCommand(): Command {
  const seconds = numberBetween(0, 86_400, 'seconds');
  return new Command('render')
    .description(
      'Renders a stretch of a room offline, reproducibly: PNG frames into a folder, or one MP4. 离线渲染预览。',
    )
    .option('--room <file>', 'room file')
    .option('--from <seconds>', 'first second', seconds, 0)
    .option('--to <seconds>', 'end, in seconds', seconds)
    .option('--out <path>', 'a folder for PNG frames, or a file that ends in .mp4')
    .option('--seed <n>', 'seed; default: the room file’s', numberBetween(0, 0xffff_ffff, 'a whole number', true))
    .addHelpText(
      'after',
      `
Examples:
  engine render --room my-room.json --from 0 --to 10 --out preview.mp4
  engine render --room my-room.json --from 12 --to 12.5 --out frames/ --seed 7`,
    )
    .hook('preAction', requireOptions('room', 'to', 'out'))
    .action(render);
}

async function render({ room: file, from, to, out, seed }: RenderOptions): Promise<void> {
  const [{ loadRoom }, { createLog }, { renderRoom }] = await Promise.all([
    import('../../config/load-room.js'),
    import('../../core/log.js'),
    import('../../render/render-room.js'),
  ]);
  const config = loadRoom(file);
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort()).on('SIGTERM', () => stop.abort());
  const tty = process.stderr.isTTY === true;
  let shown = 0;
  const result = await renderRoom(seed === undefined ? config : { ...config, seed }, {
    fromSeconds: from,
    toSeconds: to,
    out,
    log: createLog('warn'),
    signal: stop.signal,
    onProgress(done, total) {
      if (!tty || (done - shown < 10 && done !== total)) return;
      shown = done;
      writeProgress(process.stderr, `${done}/${total} frames`);
      if (done === total) process.stderr.write('\n');
    },
  });
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
