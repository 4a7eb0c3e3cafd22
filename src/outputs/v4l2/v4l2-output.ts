/**
 * The room as a local camera, through a v4l2loopback device.
 *
 * Problem: programs that use a system camera (browsers, meeting tools) read raw frames from /dev/videoN; Node cannot
 * set the format of such a device and must not block on it.
 * Demands: frames in a format and size the device accepts; a vanished device or a hanging reader affects nothing else.
 * Rule: a dedicated ffmpeg decodes the packets and writes the device. Format and size are those of the room file if
 * set, else those the device has settled on, else the room's size in the first format the device accepts.
 * Numbers: yuv420p, then yuyv422; 512 KiB may wait in the pipe.
 */
import type { ChildProcessByStdio } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { spawnApart } from '../../core/processes/child-process.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { PacketCursor, PacketSource } from '../../core/media/packets.js';
import type { FrameRate } from '../../core/time.js';
import type { Output, OutputProgress } from '../output.js';
import { listVideoDevices, SYSTEM_DEVICES, type DeviceFormat } from './video-devices.js';

interface V4l2ArgsOptions {
  readonly rate: FrameRate;
  readonly format: DeviceFormat;
  /** Target device: `/dev/video10`. */
  readonly target: string;
  /** ffmpeg's muxer name; `v4l2` by default, another for tests that read the frames. */
  readonly muxer?: string;
}

const QUIET = ['-hide_banner', '-nostdin', '-y', '-loglevel', 'error', '-progress', 'pipe:1'];
/** The first packet describes the whole stream, so ffmpeg need not probe. */
const AT_ONCE = ['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'];

/**
 * ffmpeg arguments: H.264 (Annex B on standard input) to raw frames in a device's format. The picture is letterboxed
 * into the device's size, whatever the room's size is or becomes. Progress goes to standard output.
 */
function v4l2Args({ rate, format, target, muxer = 'v4l2' }: V4l2ArgsOptions): string[] {
  const { pixelFormat, width, height } = format;
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=decrease`;
  const input = ['-threads', '1', '-f', 'h264', '-framerate', `${rate.num}/${rate.den}`, '-i', 'pipe:0', '-an'];
  const filter = ['-vf', `${fit},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`, '-pix_fmt', pixelFormat];
  return [...QUIET, ...AT_ONCE, ...input, ...filter, '-c:v', 'rawvideo', '-f', muxer, target];
}

export interface V4l2OutputOptions {
  id: string;
  /** `/dev/video10`. */
  device: string;
  pixelFormat?: string;
  width?: number;
  height?: number;
  source: PacketSource;
  room: { width: number; height: number; rate: FrameRate };
  ffmpegPath: string;
  maxLagMs: number;
  maxLagBytes: number;
  /** Where the system lists its devices; another folder in tests. */
  systemDevices?: string;
  /** Another muxer for the same frames; for tests. */
  sink?: { muxer: string; path: string };
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const FORMATS = ['yuv420p', 'yuyv422'];
const PIPE_BOUND_BYTES = 512 << 10;
const REPORT_MS = 500;
const END_MS = 1000;

export class V4l2Output implements Output {
  readonly kind = 'v4l2';
  readonly id: string;
  readonly target: string;
  /** The format to try now. */
  private turn = 0;

  constructor(private readonly options: V4l2OutputOptions) {
    this.id = options.id;
    this.target = options.device;
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const format = await this.negotiate();
    const { ffmpegPath, device, room, sink } = this.options;
    const args = v4l2Args({ rate: room.rate, format, target: sink?.path ?? device, muxer: sink?.muxer });
    const child = spawnApart(ffmpegPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const said: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.length < 20 && said.push(text));
    const ended = new Promise<Error | undefined>((resolve) => {
      child.once('error', resolve);
      child.once('close', () => resolve(undefined));
    });
    void ended.then(abort);
    // The child's exit reports a broken pipe.
    child.stdin.on('error', abort);
    const feed = new DeviceFeed(child, this.options, report);
    try {
      await feed.run(stop.signal);
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
      const failure = await ended;
      clearTimeout(timer);
      if (signal.aborted) return;
      if (!feed.accepted) this.turn += 1;
      throw failure ?? this.lost(said.join('').trim(), format);
    } catch (e) {
      if (signal.aborted) return;
      throw toEngineError(e, `output "${this.id}" (${device})`);
    } finally {
      signal.removeEventListener('abort', abort);
      child.kill('SIGKILL');
    }
  }

  /** @throws EngineError E_OUTPUT_CONNECT when no device can be written */
  private async negotiate(): Promise<DeviceFormat> {
    const { device, room, systemDevices = SYSTEM_DEVICES, sink } = this.options;
    const all = await listVideoDevices(systemDevices);
    const writable = await access(device, constants.W_OK).then(
      () => true,
      () => false,
    );
    const known = all.find((one) => one.device === device);
    if (sink === undefined && (!writable || known?.loopback === false)) {
      const others = all.filter((one) => one.loopback).map((one) => `${one.device} (${one.name})`);
      throw new EngineError('E_OUTPUT_CONNECT', {
        where: `output "${this.id}"`,
        expected: `${device} to be a v4l2loopback device that may be written`,
        found: writable
          ? `a camera, "${known?.name}"`
          : known === undefined
            ? 'no such device'
            : 'no write permission for this user',
        todo:
          others.length > 0
            ? `there is ${others.join(', ')}`
            : 'load one: modprobe v4l2loopback exclusive_caps=1 card_label="Showroom Camera" (docs/camera.md)',
      });
    }
    const { pixelFormat, width, height } = this.options;
    const settled = known?.format;
    return {
      pixelFormat: pixelFormat ?? settled?.pixelFormat ?? FORMATS[this.turn % FORMATS.length]!,
      width: width ?? settled?.width ?? room.width,
      height: height ?? settled?.height ?? room.height,
    };
  }

  private lost(said: string, { pixelFormat, width, height }: DeviceFormat): EngineError {
    const line = said.split('\n').findLast((one) => one.trim() !== '');
    const missing = /requested output format .*v4l2|Unknown output format/i.test(said);
    return new EngineError('E_OUTPUT_LOST', {
      where: `output "${this.id}" (${this.target})`,
      expected: missing ? 'an ffmpeg with v4l2 output' : `the device to take ${pixelFormat} at ${width}×${height}`,
      found: missing ? 'one without' : (line ?? 'ffmpeg ended'),
      todo: missing ? "install the system's ffmpeg, or set ENGINE_FFMPEG" : 'the engine retries',
    });
  }
}

/** Writes packets into ffmpeg and tracks their fate. */
class DeviceFeed {
  accepted = false;
  private bytesSent = 0;
  private bytesDelivered = 0;

  constructor(
    private readonly child: Child,
    private readonly options: V4l2OutputOptions,
    private readonly report: (progress: OutputProgress) => void,
  ) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (/^frame=[1-9]/m.test(text)) this.accepted = true;
    });
  }

  async run(stop: AbortSignal): Promise<void> {
    const { source, maxLagMs, maxLagBytes } = this.options;
    const cursor = source.open({ codecs: ['h264'], from: 'latest-key', maxLagMs, maxLagBytes });
    const timer = setInterval(() => this.update(cursor), REPORT_MS);
    try {
      for (;;) {
        const packet = await cursor.next(stop);
        if (packet === undefined) return;
        const { stdin } = this.child;
        this.bytesSent += packet.data.length;
        stdin.write(packet.data, (error) => {
          if (!error) this.bytesDelivered += packet.data.length;
        });
        if (stdin.writableLength > PIPE_BOUND_BYTES)
          await once(stdin, 'drain', { signal: stop }).catch(() => undefined);
      }
    } finally {
      clearInterval(timer);
      this.update(cursor);
      await cursor.close();
    }
  }

  private update(cursor: PacketCursor): void {
    const { accepted, bytesSent, bytesDelivered } = this;
    const { bytes: lagBytes, ms: lagMs } = cursor.lag();
    this.report({ accepted, bytesSent, bytesDelivered, packetsDropped: cursor.stats().dropped, lagMs, lagBytes });
  }
}
