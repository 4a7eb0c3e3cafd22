import { spawn } from 'node:child_process';
import { findFfmpeg } from '../../../src/encoder/process/find-ffmpeg.js';

export const ffmpeg = await findFfmpeg();

/** FLV tags of an H.264 film that ffmpeg draws: a red square that moves on a green backdrop. */
export async function filmTags(seconds: number, { width = 320, height = 240, extra = [] as string[] } = {}): Promise<Buffer[]> {
  const graph =
    `color=0x00ff00:s=${width}x${height}:r=30,format=yuv444p,` +
    `drawbox=x=${width / 4}:y=${height / 4}:w=${width / 2}:h=${height / 2}:color=0xc02020:t=fill`;
  const args = ['-v', 'error', '-f', 'lavfi', '-i', graph, '-t', String(seconds), ...extra];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15'];
  const child = spawn(ffmpeg.path, [...args, ...encode, '-f', 'flv', 'pipe:1'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  for await (const part of child.stdout) parts.push(part as Buffer);
  return splitTags(Buffer.concat(parts)).filter((tag) => tag[0] === 9);
}

/** The whole tags of an FLV file. */
export function splitTags(file: Buffer): Buffer[] {
  const tags: Buffer[] = [];
  for (let at = 13; at + 15 <= file.length;) {
    const whole = 15 + file.readUIntBE(at + 1, 3);
    tags.push(file.subarray(at, at + whole));
    at += whole;
  }
  return tags;
}
