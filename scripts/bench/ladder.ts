/**
 * Compares the steps of the quality ladder on given raw frames: CPU of the encoder per frame, and SSIM against
 * the frames.
 *
 *     npm run bench -- ladder FRAMES.yuv --size 1280x720 [--fps 30] [--kbps 2500]
 *
 * FRAMES.yuv is I420, as `engine render` or `ffmpeg … -f rawvideo -pix_fmt yuv420p` writes it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { encoder } from '../../src/config/sections/encoder.js';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';
import { x264Args } from '../../src/encoder/adapt-bitrate.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    size: { type: 'string', default: '1280x720' },
    fps: { type: 'string', default: '30' },
    kbps: { type: 'string', default: '2500' },
  },
});
const [frames] = positionals;
if (frames === undefined) {
  console.error('usage: npm run bench -- ladder FRAMES.yuv --size 1280x720 [--fps 30] [--kbps 2500]');
  process.exit(2);
}
const ffmpeg = await findFfmpeg();
const rate = { num: Number(values.fps), den: 1 };
const input = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', values.size, '-framerate', values.fps];

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(ffmpeg.path, ['-hide_banner', '-nostdin', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(text.slice(-500)))));
  });
}

const reference = ['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', '-bf', '0', '-g', '60'];
const cbr = ['-b:v', `${values.kbps}k`, '-maxrate', `${values.kbps}k`, '-bufsize', `${values.kbps}k`];
const settings = (quality: 'economy' | 'balanced' | 'fine', latency: 'normal' | 'low'): string[] =>
  x264Args(encoder.parse({ videoKbps: Number(values.kbps), quality, latency }), rate, ffmpeg.major);
const cases: [string, string[]][] = [
  ['reference: veryfast zerolatency', [...reference, ...cbr, '-threads', '1']],
  ['economy', settings('economy', 'normal')],
  ['balanced', settings('balanced', 'normal')],
  ['fine', settings('fine', 'normal')],
  ['low latency, economy', settings('economy', 'low')],
];

const folder = mkdtempSync(join(tmpdir(), 'ladder-'));
try {
  console.log('step                               CPU ms/frame   SSIM     kbit/s');
  for (const [name, args] of cases) {
    const file = join(folder, 'out.flv');
    const log = await run(['-benchmark', '-y', ...input, '-i', frames, ...args, '-f', 'flv', file]);
    const cpu = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(log);
    const count = Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(log)?.[1] ?? 0);
    const kbps = /bitrate=\s*([\d.]+)kbits\/s(?![\s\S]*bitrate=)/.exec(log)?.[1] ?? '?';
    const compared = await run([...input, '-i', frames, '-i', file, '-lavfi', '[0:v][1:v]ssim', '-f', 'null', '-']);
    const ssim = /All:([\d.]+)/.exec(compared)?.[1] ?? '?';
    const ms = ((Number(cpu?.[1]) + Number(cpu?.[2])) * 1000) / count;
    console.log(`${name.padEnd(36)} ${ms.toFixed(2).padStart(9)}   ${ssim.padEnd(8)} ${kbps.padStart(7)}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
