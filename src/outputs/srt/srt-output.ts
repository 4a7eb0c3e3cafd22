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
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnApart, runChild } from '../../core/processes/child-process.js';
import { EngineError, toEngineError } from '../../core/errors.js';
import type { EncodedPacket, PacketSource } from '../../core/media/packets.js';
import type { Output, OutputProgress } from '../output.js';
import { type FlvBodies, FlvMuxer, RtmpTimeline } from '../rtmp/flv-muxer.js';
import { maskUrl } from '../../core/secrets.js';

interface SrtAddress {
  /** For ffmpeg's command line, which every local user may read: without secrets. */
  readonly open: string;
  readonly host: string;
  /** Passed to ffmpeg through a pipe: option name and value. */
  readonly secrets: readonly (readonly [option: string, value: string])[];
  /** For display. */
  readonly masked: string;
}

/** Query keys passed to libsrt unchanged. */
const PASSED = new Set(['pbkeylen', 'maxbw', 'oheadbw', 'payload_size']);
const CONNECT_MS = 3000;
/** SRT itself gives up a silent peer after 5 s, and drops late packets before that. */
const SILENT_MS = 2000;
const MIN_BUFFER_BYTES = 128 << 10;

/**
 * @param kbps total send rate
 * @throws EngineError E_OUTPUT_INVALID, without a secret in it
 */
export function parseSrtUrl(url: string, latencyMs: number, kbps: number): SrtAddress {
  const m = /^srt:\/\/(\[[0-9a-f:.]+\]|[^:/?#\s]+):(\d{1,5})\/?(?:\?(\S*))?$/i.exec(url);
  const invalid = (found: string): EngineError =>
    new EngineError('E_OUTPUT_INVALID', {
      where: `output address ${maskUrl(url)}`,
      expected: 'srt://host:port?streamid=…&passphrase=…',
      found,
      todo: 'the engine is the caller; keys besides those: pbkeylen, maxbw, oheadbw, payload_size',
    });
  if (m === null) throw invalid('something else');
  const [, host, port, query = ''] = m;
  // Unacknowledged data is kept until the buffer is full, and then nothing more is accepted: the ring jumps to an IDR,
  // and a silent peer becomes visible.
  const sndbuf = Math.max(MIN_BUFFER_BYTES, Math.ceil((kbps * (1000 + latencyMs)) / 8));
  const open = new URLSearchParams({
    mode: 'caller',
    connect_timeout: String(CONNECT_MS),
    latency: `${latencyMs}000`,
    timeout: `${SILENT_MS}000`,
    snddropdelay: '-1',
    sndbuf: String(sndbuf),
  });
  const secrets: [string, string][] = [];
  for (const [key, value] of new URLSearchParams(query)) {
    if ([...value].some((letter) => letter < ' ')) throw invalid(`control characters in "${key}"`);
    if (key === 'streamid') secrets.push(['srt_streamid', value]);
    else if (key === 'passphrase') secrets.push(['passphrase', value]);
    else if (PASSED.has(key) && /^\d+$/.test(value)) open.set(key, value);
    else if (!(key === 'mode' && value === 'caller') && key !== 'latency') throw invalid(`the key "${key}"`);
  }
  const passphrase = secrets.find(([name]) => name === 'passphrase')?.[1];
  if (passphrase !== undefined && (passphrase.length < 10 || passphrase.length > 79)) {
    throw invalid(`a passphrase of ${passphrase.length} characters (SRT takes 10 to 79)`);
  }
  return {
    open: `srt://${host}:${port}?${open}`,
    host: host!.replace(/^\[|\]$/g, ''),
    secrets,
    masked: `srt://${host}:${port}`,
  };
}

/**
 * ffmpeg options that no other user can read, as a preset in an unlinked file: a child that inherits the descriptor as
 * its third finds it at /dev/fd/3, and everyone else sees a command line without them.
 *
 * @returns the descriptor, to be closed once the child has started
 */
function openSecretOptions(options: readonly (readonly [name: string, value: string])[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'showroom-'));
  try {
    const fd = openSync(join(folder, 'preset'), 'wx+', 0o600);
    try {
      // Written at an explicit position, so the descriptor still stands at the beginning on systems that share it.
      writeSync(fd, Buffer.from(options.map(([name, value]) => `${name}=${value}\n`).join('')), 0, null, 0);
    } catch (e) {
      closeSync(fd);
      throw e;
    }
    return fd;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const SECRET_OPTIONS_ARGS = ['-fpre', '/dev/fd/3'] as const;

const PROBE_MS = 15_000;

/**
 * Checks that an ffmpeg can push SRT.
 *
 * @throws EngineError E_OUTPUT_INVALID when it cannot
 */
export async function checkSrtProgram(ffmpegPath: string, where: string): Promise<void> {
  const todo = "install the system's ffmpeg (Debian: apt install ffmpeg) or point ENGINE_FFMPEG at another";
  const protocols = await ask(ffmpegPath, ['-hide_banner', '-protocols']);
  if (!/^ *srt$/m.test(protocols.split('Output:')[1] ?? '')) {
    throw new EngineError('E_OUTPUT_INVALID', { where, expected: 'an ffmpeg with libsrt', found: 'one without', todo });
  }
}

function ask(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // An ffmpeg that does not run is reported as one without SRT.
    runChild(program, args, { timeout: PROBE_MS, maxBuffer: 1 << 20 }, (_error, stdout) => resolve(stdout));
  });
}

/** FLV as a byte stream (Adobe Flash Video File Format 10.1, E.2 and E.3), for a program that reads it from a pipe. */

const TAG = { audio: 8, video: 9 } as const;
const HEAD = 11;

/** Signature, flags for picture and sound, and the first (zero) previous-tag size. */
export const FLV_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0]);

export function flvTag(kind: 'audio' | 'video', timestampMs: number, body: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(HEAD + body.length + 4);
  const time = timestampMs % 0x1_0000_0000;
  out[0] = TAG[kind];
  out.writeUIntBE(body.length, 1, 3);
  out.writeUIntBE(time % 0x100_0000, 4, 3);
  out[7] = Math.floor(time / 0x100_0000);
  out.writeUIntBE(0, 8, 3);
  out.set(body, HEAD);
  out.writeUInt32BE(HEAD + body.length, HEAD + body.length);
  return out;
}

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
