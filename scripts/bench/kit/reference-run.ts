import { readTree } from './process-tree.js';
import { runTool } from './run-tool.js';

export interface RawShow {
  readonly video: string;
  readonly audio: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
}

export interface ReferenceResult {
  readonly cpuMsPerFrame: number;
  readonly frames: number;
  readonly file: string;
}

/**
 * The reference: ffmpeg's x264 "veryfast zerolatency" and AAC alone, on the same raw frames and samples, paced in real
 * time, same bitrates and GOP. CPU is taken over the middle of the run, so neither start-up nor shut-down counts.
 */
export async function referenceRun(
  ffmpeg: string,
  show: RawShow,
  { seconds, videoKbps, aacKbps, file }: { seconds: number; videoKbps: number; aacKbps: number; file: string },
): Promise<ReferenceResult> {
  const size = `${show.width}x${show.height}`;
  const rate = ['-b:v', `${videoKbps}k`, '-maxrate', `${videoKbps}k`, '-bufsize', `${videoKbps}k`];
  const args = [
    ...['-hide_banner', '-nostdin', '-y', '-loglevel', 'error'],
    ...[
      '-re',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-video_size',
      size,
      '-framerate',
      String(show.fps),
      '-i',
      show.video,
    ],
    ...[
      '-re',
      '-f',
      'f32le',
      '-ar',
      '48000',
      '-ac',
      '2',
      '-i',
      show.audio,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-t',
      String(seconds),
    ],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency', ...rate, '-g', String(show.fps * 2)],
    ...['-c:a', 'aac', '-b:a', `${aacKbps}k`, '-f', 'flv', file],
  ];
  let from: { at: number; cpu: number } | undefined;
  let to: { at: number; cpu: number } | undefined;
  const timers: NodeJS.Timeout[] = [];
  await runTool(ffmpeg, args, (child) => {
    const read = () => ({ at: performance.now(), cpu: readTree(child.pid!).cpuSeconds });
    timers.push(setTimeout(() => (from = read()), 2000));
    timers.push(setTimeout(() => (to = read()), (seconds - 1) * 1000));
  });
  for (const timer of timers) clearTimeout(timer);
  if (from === undefined || to === undefined) throw new Error('the reference run ended too early to be measured');
  const frames = ((to.at - from.at) / 1000) * show.fps;
  return { cpuMsPerFrame: ((to.cpu - from.cpu) * 1000) / frames, frames: Math.round(frames), file };
}
