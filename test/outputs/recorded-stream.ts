import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from '../../src/encoder/process/find-ffmpeg.js';

const ffmpeg = await findFfmpeg();

export function run(program: string, args: readonly string[], timeoutMs = 20_000): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: timeoutMs, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${program}: ${stderr.slice(-500)}`));
    });
  });
}

/** Records what a player gets, for a number of seconds of the stream's own time. */
export const record = (url: string, file: string, seconds: number): Promise<string> =>
  run(ffmpeg.path, ['-v', 'error', '-i', url, '-t', String(seconds), '-c', 'copy', '-y', file]);

export interface Packet {
  kind: string;
  pts: number;
}

export async function packetsOf(file: string): Promise<Packet[]> {
  const json = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'packet=codec_type,pts_time',
    '-of',
    'json',
    file,
  ]);
  const { packets } = JSON.parse(json) as { packets: { codec_type: string; pts_time: string }[] };
  return packets.map(({ codec_type, pts_time }) => ({ kind: codec_type, pts: Number(pts_time) }));
}

export const steps = (packets: readonly Packet[], kind: string): number[] => {
  const times = packets.filter((packet) => packet.kind === kind).map((packet) => packet.pts);
  return times.slice(1).map((time, i) => time - times[i]!);
};

/** Where sound and picture of each beep and flash begin, in seconds, as a decoder shows them. */
export async function onsets(file: string): Promise<{ flashes: number[]; beeps: number[] }> {
  const luma = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const frames = await run(ffmpeg.path, ['-v', 'error', '-i', file, '-vf', luma, '-an', '-f', 'null', '-']);
  const flashes: number[] = [];
  let time = 0;
  let white = true;
  for (const line of frames.split('\n')) {
    const at = /pts_time:([\d.]+)/.exec(line);
    if (at !== null) time = Number(at[1]);
    const average = /YAVG=([\d.]+)/.exec(line);
    if (average === null) continue;
    const now = Number(average[1]) > 150;
    if (now && !white) flashes.push(time);
    white = now;
  }
  const raw = join(file, '..', 'sound.f32');
  await run(ffmpeg.path, ['-v', 'error', '-i', file, '-vn', '-ac', '1', '-ar', '48000', '-f', 'f32le', '-y', raw]);
  // Sample 0 is the first sound packet's; ffmpeg counts the pictures' times from the file's first packet.
  const packets = await packetsOf(file);
  const firstSound = packets.find((packet) => packet.kind === 'audio')!.pts;
  const start = firstSound - Math.min(...packets.map((packet) => packet.pts));
  const bytes = readFileSync(raw);
  const samples = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  const beeps: number[] = [];
  let quiet = 0;
  for (let i = 0; i < samples.length; i += 1) {
    if (Math.abs(samples[i]!) > 0.05) {
      if (quiet > 4800) beeps.push(start + i / 48_000);
      quiet = 0;
    } else {
      quiet += 1;
    }
  }
  return { flashes, beeps };
}
