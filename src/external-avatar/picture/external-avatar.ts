import type { Worker } from 'node:worker_threads';
import type { ExternalAvatar as ExternalConfig } from '../../config/sections/presenter.js';
import type { Closeable } from '../../core/closeable.js';
import type { Log } from '../../core/log.js';
import { tagKind } from '../../core/media/packets.js';
import { newBitmapId, yuvaSize } from '../../core/media/picture.js';
import { spawnWorker } from '../../core/processes/spawn-worker.js';
import { SOURCE_STEPS, type SourceStep } from '../../core/source-step.js';
import type { Box } from '../../core/verdict.js';
import type { ExternalReport, ExternalRequest, ExternalStart } from './picture-sizes.js';
import { ExternalRing, newExternalControl, slotCount, type ExternalSlots } from './external-ring.js';

export interface ExternalAvatarOptions {
  /** The presenter layer's box. */
  readonly box: Box;
  readonly external: ExternalConfig;
  readonly ffmpeg: { readonly path: string; readonly major: number };
  readonly fps: number;
  readonly log: Log;
}

/** Where a session puts the video of its engine. */
export interface AvatarFeed {
  /** A whole FLV video tag with H.264. False when it was lost, and a key frame is needed. */
  tag(bytes: Uint8Array): boolean;
  end(): void;
}

/** Beyond this the thread does not follow: tags are dropped up to the next key frame. */
const MAX_QUEUED_BYTES = 8 << 20;
const RESTART_MS = 500;
const CLOSE_MS = 1500;

/**
 * The main thread's end of an external avatar: the shared pictures, the thread that decodes them, and the one source that
 * feeds it. A newer source takes over from an older one, since engines that reconnect leave their old connection behind.
 */
export class ExternalAvatar implements Closeable {
  readonly slots: ExternalSlots;
  private readonly ring: ExternalRing;
  private worker: Worker | undefined;
  private feed: { ended: () => void; config: Uint8Array | undefined } | undefined;
  private lostTags = 0;
  private size: { readonly width: number; readonly height: number } | null = null;
  private closed = false;

  constructor(private readonly options: ExternalAvatarOptions) {
    const { box, external } = options;
    const count = slotCount(box.width, box.height);
    this.slots = {
      ...box,
      opaque: external.key.kind === 'none' && external.fit === 'cover',
      control: newExternalControl(count),
      slots: Array.from({ length: count }, () => new SharedArrayBuffer(yuvaSize(box.width, box.height))),
      ids: Int32Array.from({ length: 2 * count }, () => newBitmapId()),
    };
    this.ring = new ExternalRing(this.slots);
    this.start();
  }

  get step(): SourceStep {
    return SOURCE_STEPS[this.ring.step]!;
  }

  get connected(): boolean {
    return this.feed !== undefined;
  }

  /** Size of the source's pictures after fitting; null before the first one. */
  get picture(): { readonly width: number; readonly height: number } | null {
    return this.size;
  }

  get counts(): {
    readonly received: number;
    readonly dropped: number;
    readonly decoders: number;
    readonly lostTags: number;
  } {
    return { ...this.ring.counts, lostTags: this.lostTags };
  }

  /** Begins a source; `onReplaced` when another one takes over, or at the end of the show. */
  open(onReplaced: () => void): AvatarFeed {
    this.feed?.ended();
    const feed = { ended: onReplaced, config: undefined as Uint8Array | undefined };
    this.feed = feed;
    this.size = null;
    this.send({ type: 'open' });
    let lost = false;
    return {
      tag: (bytes) => {
        if (this.feed !== feed || this.closed) return true;
        const kind = tagKind(bytes);
        if (kind === 'config') feed.config = bytes;
        if (kind === 'key' || kind === 'config') lost = false;
        if (lost || this.ring.queuedBytes > MAX_QUEUED_BYTES) {
          lost = true;
          this.lostTags += 1;
          return false;
        }
        this.pass(bytes);
        return true;
      },
      end: () => {
        if (this.feed !== feed) return;
        this.feed = undefined;
        this.send({ type: 'end' });
      },
    };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.feed?.ended();
    this.feed = undefined;
    const { worker } = this;
    if (worker === undefined) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ type: 'close' } satisfies ExternalRequest);
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  }

  /** A copy: the bytes may be a part of a larger buffer. */
  private pass(bytes: Uint8Array): void {
    this.ring.queued(bytes.length);
    this.send({ type: 'tag', bytes: Uint8Array.from(bytes) });
  }

  private send(message: ExternalRequest): void {
    this.worker?.postMessage(message);
  }

  private start(): void {
    const { external, ffmpeg, fps, log } = this.options;
    const { key, fit, matrix, idleClip } = external;
    const workerData: ExternalStart = {
      slots: this.slots,
      ffmpegPath: ffmpeg.path,
      ffmpegMajor: ffmpeg.major,
      external: { key, fit, matrix, idleClip },
      fps,
    };
    const worker = spawnWorker(new URL('./external-thread.js', import.meta.url), import.meta.url, {
      name: 'external-avatar',
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.worker = worker;
    worker.on('message', (message: ExternalReport) => {
      if (message.type === 'picture') {
        this.size = { width: message.width, height: message.height };
        log.info({ width: message.width, height: message.height }, 'the external avatar sends pictures');
      } else if (message.type === 'fault') {
        const text =
          message.what === 'source'
            ? 'the video of the external avatar cannot be decoded'
            : 'the idle clip cannot be played';
        log.warn({ reason: message.reason }, text);
      }
    });
    worker.on('error', (error) => log.error({ error: String(error) }, 'the thread of the external avatar failed'));
    worker.once('exit', () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.ring.queued(-this.ring.queuedBytes);
      if (!this.closed) setTimeout(() => this.startAgain(), RESTART_MS).unref();
    });
    worker.unref();
  }

  private startAgain(): void {
    if (this.closed) return;
    this.start();
    if (this.feed === undefined) return;
    this.send({ type: 'open' });
    if (this.feed.config !== undefined) this.pass(this.feed.config);
  }
}
