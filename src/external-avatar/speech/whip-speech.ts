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
import type { SoundFeed } from '../../outputs/webrtc/sound-sender.js';
import type { ShowCommand } from '../../show/show-command.js';
import { movesHostLips, type AvatarSpeech } from './avatar-speech.js';
import { SpeechTimeline } from './speech-timeline.js';

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
