/**
 * Sends the host's speech to another engine as one Opus track over WHIP.
 *
 * Problem: lips follow a voice that flows as it is spoken; the other engine may be away, refuse, or come back in the middle of a line, and
 * must never hold the show.
 * Rule: the speech flows all the time, silence between the lines included, and whoever is connected hears it from there. The connection is
 * supervised like an output: a retry with a growing pause, another one when the network is back. A connection's error is logged when it
 * changes, not with each retry.
 * Numbers: blocks of 20 ms; after a standstill of more than 5 s the sound of that time is left out.
 */
import type { AvatarSpeechState } from '../../config/api/avatar-handle.js';
import { silentLog, type Log } from '../../core/log.js';
import type { OutputEvent } from '../../config/api/room-handle.js';
import { SAMPLE_RATE_HZ, type FrameRate, framesToMilliseconds } from '../../core/time.js';
import { OpusProcess } from '../../encoder/opus-process.js';
import { OutputSupervisor } from '../../outputs/output-supervisor.js';
import { SoundOutput } from '../../outputs/whip/sound-output.js';
import type { SoundFeed } from '../../outputs/webrtc/media-sender.js';
import type { ShowCommand } from '../../show/show-command.js';
import { movesHostLips, type AvatarSpeech, type CutCommand, type SpeakCommand } from './live-talking-speech.js';

/** Share of the distance by which the zero moves up at each look: the clocks of machine and show drift apart slowly. */
const LEAK = 0.02;
/** A frame counter further off than this many frames has jumped, or stands still. */
const MAX_OFF_FRAMES = 1.5;

/**
 * The time of the show's frames by this machine's clock.
 *
 * Problem: the frame counter moves in steps of a frame, and stands still before the show begins; sound placed by it would tremble
 * by a frame.
 * Rule: right after a step the counter is exact, so the earliest of the times that it gives for frame 0 counts.
 */
export class ShowClock {
  private zeroMs = Infinity;
  private readonly frameMs: number;

  constructor(
    private readonly rate: FrameRate,
    /** The frame that is being drawn. */
    private readonly frame: () => number,
  ) {
    this.frameMs = framesToMilliseconds(1, rate);
  }

  /** Called some fifty times a second. */
  look(nowMs: number): void {
    const zeroMs = nowMs - framesToMilliseconds(this.frame(), this.rate);
    const off = zeroMs - this.zeroMs;
    if (!(Math.abs(off) <= MAX_OFF_FRAMES * this.frameMs)) this.zeroMs = zeroMs;
    else this.zeroMs += off < 0 ? off : off * LEAK;
  }

  /** When a frame is drawn; Infinity before the first look. */
  atMs(frame: number): number {
    return this.zeroMs + framesToMilliseconds(frame, this.rate);
  }
}

const BLOCK_MS = 20;
const MAX_BEHIND_MS = 5000;
const LIVE: ReadonlySet<string> = new Set(['live', 'degraded']);

export interface WhipSpeechOptions {
  /** May hold a key; never shown. */
  readonly url: string;
  readonly token: string | undefined;
  readonly kbps: number;
  readonly leadMs: number;
  readonly rate: FrameRate;
  /** The frame that is being drawn. */
  readonly frame: () => number;
  /** Resolved while the room opens. */
  readonly ffmpegPath: Promise<string>;
  readonly log: Log;
  readonly hostAddresses?: readonly string[];
}

/**
 * The host's lines as one stream of sound, read in real time.
 *
 * Problem: the other engine needs a line `leadMs` before viewers hear it, and must hear no word that viewers do not hear.
 * Rule: a line begins `leadMs` before its first frame, or at once when it is known later than that; it never overlaps the line before it.
 * Muted spans are silent. A cut ends a line as early before its own frame, and at once where that time is over.
 */
const SAMPLES_PER_MS = SAMPLE_RATE_HZ / 1000;

interface Line {
  readonly id: string;
  readonly startFrame: number;
  readonly startSample: number;
  readonly pcm: Float32Array;
  readonly mutes: SpeakCommand['mutes'];
  /** Sample that is read next; a line that has not begun is at 0. */
  at: number;
  begun: boolean;
  /** First sample of the fade, and the first one after it. */
  fadeFrom: number;
  end: number;
}

interface SpeechTimelineOptions {
  /** When a line is to be read that begins in a frame, by the clock of `read`. */
  readonly startMs: (frame: number) => number;
  readonly onBegin: () => void;
}

export class SpeechTimeline {
  private lines: Line[] = [];

  constructor(private readonly options: SpeechTimelineOptions) {}

  add({ id, startFrame, startSample, pcm, mutes }: SpeakCommand): void {
    const { length } = pcm;
    const times = { startFrame, startSample, at: 0, begun: false, fadeFrom: length, end: length };
    this.lines.push({ id, pcm, mutes, ...times });
    this.lines.sort((a, b) => a.startFrame - b.startFrame);
  }

  cut({ id, startFrame, atSample, fadeSamples }: CutCommand): void {
    const line = this.lines.find((one) => one.id === id && one.startFrame === startFrame);
    if (line === undefined) return;
    const from = Math.max(atSample - line.startSample, line.at);
    if (from <= 0 && !line.begun) {
      this.lines = this.lines.filter((one) => one !== line);
      return;
    }
    line.fadeFrom = Math.min(line.fadeFrom, from);
    line.end = Math.min(line.end, from + fadeSamples);
  }

  /** Fills a block whose first sample is heard at `atMs`. */
  read(block: Float32Array, atMs: number): void {
    block.fill(0);
    let free = 0;
    let over = 0;
    for (const line of this.lines) {
      const wanted = line.begun ? 0 : Math.round((this.options.startMs(line.startFrame) - atMs) * SAMPLES_PER_MS);
      const from = Math.max(free, wanted);
      if (!(from < block.length)) break;
      if (!line.begun) this.options.onBegin();
      line.begun = true;
      const count = Math.min(block.length - from, line.end - line.at);
      copy(line, block, from, count);
      line.at += count;
      free = from + count;
      if (line.at < line.end) break;
      over += 1;
    }
    if (over > 0) this.lines.splice(0, over);
  }
}

function copy({ pcm, mutes, at, fadeFrom, end }: Line, block: Float32Array, from: number, count: number): void {
  block.set(pcm.subarray(at, at + count), from);
  for (const { startSample, endSample } of mutes) {
    const first = Math.max(startSample, at);
    const last = Math.min(endSample, at + count);
    if (first < last) block.fill(0, from + first - at, from + last - at);
  }
  for (let i = Math.max(fadeFrom, at); i < at + count; i += 1)
    block[from + i - at] = block[from + i - at]! * ((end - i) / (end - fadeFrom));
}

export class WhipSpeech implements AvatarSpeech {
  private readonly clock: ShowClock;
  private readonly timeline: SpeechTimeline;
  private readonly supervisor: OutputSupervisor;
  private readonly block = new Float32Array((SAMPLE_RATE_HZ / 1000) * BLOCK_MS);
  /** Takes the sound while somebody is connected. */
  private readonly encoders = new Set<OpusProcess>();
  private readonly timer: NodeJS.Timeout;
  private atMs = performance.now();
  private counts = { sent: 0, failed: 0, dropped: 0 };
  private told = '';
  private ffmpegPath = '';
  private closed: Promise<void> | undefined;
  private readonly ending = new Set<Promise<void>>();

  /** @throws EngineError E_OUTPUT_INVALID */
  constructor(private readonly options: WhipSpeechOptions) {
    const { url, token, leadMs, rate, frame, ffmpegPath, hostAddresses } = options;
    this.clock = new ShowClock(rate, frame);
    this.timeline = new SpeechTimeline({
      startMs: (first) => this.clock.atMs(first) - leadMs,
      onBegin: () => (this.counts[this.encoders.size > 0 ? 'sent' : 'dropped'] += 1),
    });
    const about = { id: 'avatar-speech', whose: 'speech to the external avatar', url, token, hostAddresses };
    const output = new SoundOutput({ ...about, feed: this.feed, log: silentLog });
    this.supervisor = new OutputSupervisor({
      outputs: [output],
      log: silentLog,
      onEvent: (event) => this.changed(event),
    });
    ffmpegPath.then(
      (path) => {
        this.ffmpegPath = path;
        if (this.closed === undefined) this.supervisor.start();
      },
      () => undefined, // the room does not open without ffmpeg
    );
    this.timer = setInterval(() => this.flow(), BLOCK_MS).unref();
  }

  state(): AvatarSpeechState {
    const { state, lastError } = this.supervisor.snapshots()[0]!;
    return { ...this.counts, lastError, link: state };
  }

  take(command: ShowCommand): void {
    if (command.type === 'speak' && movesHostLips(command)) this.timeline.add(command);
    else if (command.type === 'cut') this.timeline.cut(command);
  }

  close(): Promise<void> {
    clearInterval(this.timer);
    this.closed ??= this.supervisor.close().then(async () => void (await Promise.all(this.ending)));
    return this.closed;
  }

  /** One encoder for each connection. */
  private readonly feed: SoundFeed = ({ onPacket, onEnd }) => {
    const { ffmpegPath } = this;
    const encoder = new OpusProcess({ ffmpegPath, kbps: this.options.kbps, onPacket, onEnd });
    this.encoders.add(encoder);
    return {
      close: () => {
        this.encoders.delete(encoder);
        const end = encoder.close().finally(() => this.ending.delete(end));
        this.ending.add(end);
      },
    };
  };

  private flow(): void {
    const nowMs = performance.now();
    if (nowMs - this.atMs > MAX_BEHIND_MS) this.atMs = nowMs - BLOCK_MS;
    this.clock.look(nowMs);
    for (; this.atMs + BLOCK_MS <= nowMs; this.atMs += BLOCK_MS) {
      this.timeline.read(this.block, this.atMs);
      for (const encoder of this.encoders) encoder.write(this.block);
    }
  }

  private changed({ state, before, lastError, target }: OutputEvent): void {
    const { log } = this.options;
    if (LIVE.has(state) && !LIVE.has(before)) {
      this.told = '';
      log.info({ target }, 'the external avatar hears the speech');
    }
    if (state !== 'backoff') return;
    this.counts.failed += 1;
    if (lastError === this.told) return;
    this.told = lastError;
    log.warn(
      { error: lastError },
      'the external avatar does not hear the speech; its lips do not follow; the engine retries',
    );
  }
}
