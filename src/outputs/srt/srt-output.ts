/**
 * Pushes the room's packets over SRT, as MPEG-TS.
 *
 * Problem: SRT is a library in C.
 * Rule: a dedicated ffmpeg reads the packets as FLV from a pipe and sends them without encoding; when it exits, the
 * connection has ended. Stream id and passphrase are passed in an unlinked file, since every user can read command
 * lines. Bytes that ffmpeg reports as sent count as accepted; bytes taken by its pipe count as delivered.
 * Numbers: 256 KiB may wait in the pipe, and a second's worth above the latency in SRT's own buffer. A peer that takes
 * nothing for 2 s after that is given up, before SRT's own limit of 5 s.
 */
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { spawnApart } from '../../core/processes/child-process.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { EncodedPacket, PacketSource } from '../../core/media/packets.js';
import type { Output, OutputProgress } from '../output.js';
import type { FlvBodies } from '../rtmp/flv-body.js';
import { FlvMuxer } from '../rtmp/flv-muxer.js';
import { RtmpTimeline } from '../rtmp/rtmp-timeline.js';
import { FLV_HEADER, flvTag } from './flv-stream.js';
import { openSecretOptions, SECRET_OPTIONS_ARGS } from './secret-options.js';
import { checkSrtProgram } from './srt-program.js';
import { parseSrtUrl, type SrtAddress } from './srt-url.js';

export interface SrtOutputOptions {
  readonly id: string;
  /** With streamid and passphrase; never shown. */
  readonly url: string;
  readonly latencyMs: number;
  readonly videoKbps: number;
  readonly aacKbps: number;
  readonly ffmpegPath: string;
  readonly source: PacketSource;
  readonly bodies: FlvBodies;
  readonly maxLagMs: number;
  readonly maxLagBytes: number;
}

const PIPE_BOUND_BYTES = 256 << 10;
const REPORT_MS = 500;
const END_MS = 1000;
const SAID_LINES = 20;

export class SrtOutput implements Output {
  readonly kind = 'srt';
  readonly id: string;
  readonly target: string;
  readonly hosts: readonly string[];
  private readonly address: SrtAddress;

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: SrtOutputOptions) {
    // MPEG-TS adds about a tenth.
    const kbps = (options.videoKbps + options.aacKbps) * 1.1;
    this.address = parseSrtUrl(options.url, options.latencyMs, kbps);
    this.id = options.id;
    this.target = this.address.masked;
    this.hosts = [this.address.host];
  }

  async run(signal: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const where = `output "${this.id}" (${this.target})`;
    await checkSrtProgram(this.options.ffmpegPath, where);
    const sender = new SrtSender(this.options.ffmpegPath, this.address);
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    signal.addEventListener('abort', abort, { once: true });
    void sender.ended.then(abort);
    if (signal.aborted) abort();
    try {
      await this.feed(sender, stop.signal, report);
      await sender.close();
      if (signal.aborted) return;
      throw new EngineError(sender.accepted ? 'E_OUTPUT_LOST' : 'E_OUTPUT_CONNECT', {
        where,
        expected: sender.accepted ? 'a connection that lasts' : 'a connection',
        found: sender.said,
        todo: 'check host, port, stream id and passphrase; the engine retries',
      });
    } catch (e) {
      if (!signal.aborted) throw toEngineError(e, where);
    } finally {
      signal.removeEventListener('abort', abort);
      sender.kill();
    }
  }

  private async feed(sender: SrtSender, stop: AbortSignal, report: (progress: OutputProgress) => void): Promise<void> {
    const { source, bodies, maxLagMs, maxLagBytes } = this.options;
    const cursor = source.open({ codecs: ['h264', 'aac'], from: 'latest-key', maxLagMs, maxLagBytes });
    const update = (): void => {
      const { accepted, bytesSent, bytesDelivered } = sender;
      const { ms: lagMs, bytes: lagBytes } = cursor.lag();
      report({ accepted, bytesSent, bytesDelivered, packetsDropped: cursor.stats().dropped, lagMs, lagBytes });
    };
    const timer = setInterval(update, REPORT_MS);
    const muxer = new FlvMuxer({
      source,
      bodies,
      timeline: new RtmpTimeline(),
      send: (kind, ms, body) => sender.write(flvTag(kind, ms, body)),
    });
    try {
      sender.write(FLV_HEADER);
      for (let next = await cursor.next(stop); next !== undefined; next = await cursor.next(stop)) {
        for (
          let one: EncodedPacket | undefined = next;
          one !== undefined;
          one = sender.full ? undefined : cursor.take()
        ) {
          muxer.write(one);
        }
        if (sender.full) await sender.drained(stop);
      }
    } finally {
      clearInterval(timer);
      update();
      await cursor.close();
    }
  }
}

/** One ffmpeg process: FLV in, SRT out. */
class SrtSender {
  /** It has reported sent bytes. */
  accepted = false;
  bytesSent = 0;
  bytesDelivered = 0;
  readonly ended: Promise<void>;
  private readonly child: ChildProcess;
  private readonly lines: string[] = [];
  private readonly stdin: Writable;

  constructor(
    program: string,
    private readonly address: SrtAddress,
  ) {
    const secrets = address.secrets.length > 0 ? openSecretOptions(address.secrets) : undefined;
    this.child = spawnApart(program, srtArgs(address.open, secrets !== undefined), {
      stdio: ['pipe', 'pipe', 'pipe', ...(secrets === undefined ? [] : [secrets])],
    });
    if (secrets !== undefined) closeSync(secrets);
    this.stdin = this.child.stdin!;
    // The child's exit reports a broken pipe.
    this.stdin.on('error', () => undefined);
    (this.child.stdout as Readable).setEncoding('utf8').on('data', (text: string) => {
      if (/^total_size=[1-9]/m.test(text)) this.accepted = true;
    });
    (this.child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
      this.lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      this.lines.splice(0, Math.max(0, this.lines.length - SAID_LINES));
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (e) => {
        this.lines.push(e.message);
        resolve();
      });
      this.child.once('close', () => resolve());
    });
  }

  /** The most telling line, without secrets. */
  get said(): string {
    let line = this.lines.find((one) => /srt|connection|timed out|refused|reject/i.test(one)) ?? this.lines.at(-1);
    line = line?.replace(/^\[[^\]]*\] */, '').slice(0, 300) ?? 'ffmpeg ended';
    for (const [, value] of this.address.secrets) if (value !== '') line = line.replaceAll(value, '***');
    return line.replaceAll(this.address.open, this.address.masked);
  }

  get full(): boolean {
    return this.stdin.writableLength >= PIPE_BOUND_BYTES;
  }

  write(bytes: Buffer): void {
    if (this.stdin.destroyed) return;
    this.bytesSent += bytes.length;
    this.stdin.write(bytes, (error) => {
      if (!error) this.bytesDelivered += bytes.length;
    });
  }

  /** Resolves when the pipe has drained, or on abort. */
  drained(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.stdin.off('drain', done);
        stop.removeEventListener('abort', done);
        resolve();
      };
      this.stdin.once('drain', done);
      stop.addEventListener('abort', done, { once: true });
      if (stop.aborted || !this.stdin.writableNeedDrain) done();
    });
  }

  /** Lets ffmpeg flush and end the connection. */
  async close(): Promise<void> {
    this.stdin.end();
    const timer = setTimeout(() => this.kill(), END_MS);
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

function srtArgs(address: string, hasSecrets: boolean): string[] {
  const quiet = '-hide_banner -nostats -loglevel error -progress pipe:1 -stats_period 0.5';
  const input = '-fflags +nobuffer -probesize 65536 -analyzeduration 200000 -f flv -i pipe:0';
  const output = '-c copy -flush_packets 1 -muxdelay 0 -muxpreload 0 -f mpegts';
  return [`${quiet} ${input} ${output}`.split(' '), hasSecrets ? SECRET_OPTIONS_ARGS : [], address].flat();
}
