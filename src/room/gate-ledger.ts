import { wavBytes } from '../audio/mono-wav.js';
import type { GateEvent } from '../compliance/gate/gate-event.js';
import { NOT_KEPT } from '../compliance/ledger/evidence-count.js';
import type { EvidenceStore } from '../compliance/ledger/evidence-store.js';
import type { RoomConfig } from '../config/room-config.js';
import type { EvidenceConfig } from '../config/sections/compliance.js';
import type { Closeable } from '../core/closeable.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { MuteSpan } from '../core/speech.js';
import { type FrameIndex, millisecondsToFrames } from '../core/time.js';
import type { EvidenceFile, LedgerEntry, RuleAction } from '../core/verdict.js';
import { loadSharp } from '../scene/sharp.js';

interface EvidenceKeeperOptions {
  readonly config: EvidenceConfig;
  readonly store: EvidenceStore;
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly width: number;
  readonly height: number;
  readonly log: Log;
  /** Writes the ledger entry that names a stored picture, and the one that counts the pieces not kept. */
  readonly append: (entry: LedgerEntry) => void;
}

/** Pictures waiting to be packed, 1.4 MB each at 720p. Beyond that pictures are not kept; their ledger entries are. */
const MAX_WAITING = 4;
const WEBP_QUALITY = 60;
/** Maximum sound kept of one hit, in samples at 48 kHz. */
const MAX_SAMPLES = 10 * 48_000;

/**
 * Stores the evidence of hits: a withheld frame as WebP (packed on libuv's threads, one after the other), muted words
 * as WAV. The ledger entry of a hit does not wait for the packing; a second entry names the file.
 */
export class EvidenceKeeper implements Closeable {
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();
  private closed = false;
  /** Pictures not kept because the queue was full or packing failed. */
  private missed = 0;
  private reported = 0;
  private telling = false;

  constructor(private readonly options: EvidenceKeeperOptions) {}

  /** Pieces not kept because of time, queue length or disk. */
  get dropped(): number {
    const { dropped, unwritten } = this.options.store;
    return this.missed + dropped + unwritten;
  }

  /** Keeps an I420 frame and takes ownership of it; `about` names the finding. */
  picture(frame: Uint8Array, about: Pick<LedgerEntry, 'rule' | 'frame' | 'surface'>): void {
    const { config, store, log, append } = this.options;
    if (!config.pictures || this.closed) return;
    if (this.waiting >= MAX_WAITING) {
      this.missed += 1;
      return this.reportSoon();
    }
    this.waiting += 1;
    this.last = this.last.then(async () => {
      try {
        const file = store.keep(await this.webp(frame), 'webp');
        if (file !== undefined && (await store.isWritten(file))) {
          append({ kind: 'evidence', action: 'keep', ...about, file });
        }
      } catch (e) {
        this.missed += 1;
        log.warn({ error: String(e), frame: about.frame }, 'a frame could not be kept as evidence');
      } finally {
        this.waiting -= 1;
      }
      this.reportSoon();
    });
  }

  /** Keeps the words that a span mutes. */
  sound(pcm: Float32Array, span: Pick<MuteSpan, 'startSample' | 'endSample'>): EvidenceFile | undefined {
    if (!this.options.config.sound || this.closed) return undefined;
    const { startSample, endSample } = span;
    const words = wavBytes(pcm.slice(startSample, Math.min(endSample, startSample + MAX_SAMPLES)));
    const file = this.options.store.keep(words, 'wav');
    this.reportSoon();
    return file;
  }

  /** Resolves when all waiting pieces are packed and named. Close it before the ledger and the store. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
    this.report();
  }

  /** Writes one entry for all pieces not kept, once the queue is empty. */
  private reportSoon(): void {
    if (this.telling || this.closed || this.unreported === 0) return;
    this.telling = true;
    void Promise.all([this.last, this.options.store.close()]).then(() => {
      this.telling = false;
      if (!this.closed) this.report();
    });
  }

  /** Without the pieces that the disk refused: each has an entry of its own, which names the file. */
  private get unreported(): number {
    return this.missed + this.options.store.dropped - this.reported;
  }

  private report(): void {
    const pieces = this.unreported;
    if (pieces === 0) return;
    this.reported += pieces;
    this.options.log.warn({ pieces }, 'evidence came faster than it could be stored; some was not kept');
    this.options.append({ kind: 'evidence', action: NOT_KEPT, detail: { pieces, why: 'too many at once' } });
  }

  private async webp(frame: Uint8Array): Promise<Uint8Array> {
    const { width, height, kernels } = this.options;
    const rgba = new Uint8Array(width * height * 4);
    kernels.i420ToRgba(frame, width, height, rgba);
    const sharp = await loadSharp();
    return sharp(rgba, { raw: { width, height, channels: 4 } })
      .removeAlpha()
      .webp({ quality: WEBP_QUALITY, effort: 2 })
      .toBuffer();
  }
}

/** Frames between drawing and release: the look-ahead, or the dump button's window if that is longer. */
export function windowFrames({ compliance, rate }: RoomConfig): number {
  const { lookAheadFrames, dumpWindowMs } = compliance;
  return Math.max(lookAheadFrames, millisecondsToFrames(dumpWindowMs, rate));
}

/** The same, and logs the delay it costs. */
export function gateWindow(room: RoomConfig, log: Log): number {
  const frames = windowFrames(room);
  if (room.compliance.dumpWindowMs > 0) log.info({ frames }, 'the window of the dump button delays the broadcast');
  return frames;
}

/** Advice to an operator when frames have no verdict in time. */
const WHEN_BEHIND =
  'the scan is behind: calm or shrink layers that change all over in every frame (noise, film grain, fine patterns), ' +
  'lower video.width and height, or give the machine more cores';

/** Advice when frames are left out. */
const WHEN_BUSY =
  'this machine is busy: close other programs here, give the room more cores, or lower video.fps, video.width and height';
/** Steps follow one another quickly; the one that lasts is reported. */
const STEP_LASTS_MS = 2000;

interface GateLedgerOptions {
  /** The room's own rate. */
  readonly fps: number;
  readonly note: (entry: LedgerEntry) => void;
  readonly log: Log;
  readonly evidence: Pick<EvidenceKeeper, 'picture'>;
  /** The action for a code. */
  readonly action: RuleAction;
  /** Ends the room. */
  readonly onStop: (rule: string) => void;
}

/** Writes gate events to the ledger and the log, and hands the withheld frame to the evidence store. */
export const gateLedger = ({ fps, note, log, evidence, action, onStop }: GateLedgerOptions) => {
  let saidFps = fps;
  let step: NodeJS.Timeout | undefined;
  const sayStep = (frame: FrameIndex, pictureFps: number): void => {
    if (pictureFps === saidFps) return;
    saidFps = pictureFps;
    note({ kind: 'room', action: 'frame-rate', frame, detail: { pictureFps } });
    if (pictureFps === fps) log.info({ frame, pictureFps }, 'the picture is at its full frame rate again');
    else
      log.warn({ frame, pictureFps, todo: WHEN_BUSY }, 'the picture has fewer frames a second: this machine is busy');
  };
  return (event: GateEvent, picture?: Uint8Array): void => {
    switch (event.type) {
      case 'violation':
        for (const hit of event.hits) {
          note({
            kind: 'frame',
            rule: hit.rule,
            surface: 'frame',
            action,
            frame: event.frame,
            evidence: (hit.text ?? hit.kind).slice(0, 200),
            detail: { kind: hit.kind, ...(hit.box === undefined ? {} : { ...hit.box }) },
          });
        }
        if (picture !== undefined) {
          const rule = event.hits[0]?.rule ?? '3.3';
          evidence.picture(picture, { rule, surface: 'frame', frame: event.frame });
        }
        log.warn({ frame: event.frame, kinds: event.hits.map((h) => h.kind) }, 'a code in the picture: held back');
        if (action === 'stop') onStop(event.hits[0]?.rule ?? '3.3');
        return;
      case 'scan-failed':
        note({
          kind: 'frame',
          surface: 'frame',
          action: 'blank',
          frame: event.frame,
          detail: { unjudged: event.reason },
        });
        log.error({ frame: event.frame, reason: event.reason }, 'a frame could not be judged: held back');
        return;
      case 'dumped':
        note({
          kind: 'operator',
          surface: 'frame',
          action: 'dump',
          frame: event.frame,
          detail: { frames: event.frames },
        });
        log.warn({ frame: event.frame, frames: event.frames }, 'the operator dropped what had not left');
        return;
      case 'replacing':
        log.warn(
          { frame: event.frame, cause: event.cause, ...(event.cause === 'unjudged' ? { todo: WHEN_BEHIND } : {}) },
          'frames are being replaced',
        );
        return;
      case 'frame-step':
        clearTimeout(step);
        step = setTimeout(() => sayStep(event.frame, event.fps), STEP_LASTS_MS).unref();
        return;
      case 'clip-pace':
        if (event.step === 1) log.info({ frame: event.frame }, 'large clips show every frame again');
        else {
          log.warn(
            { frame: event.frame, oneFrameOf: event.step, todo: WHEN_BEHIND },
            'large clips go slower, so that each frame is judged',
          );
        }
        return;
      case 'resumed':
        note({
          kind: 'frame',
          surface: 'frame',
          action: 'resume',
          frame: event.frame,
          detail: { replacedFrames: event.replacedFrames },
        });
        log.info({ frame: event.frame, replacedFrames: event.replacedFrames }, "the room's own picture is back");
    }
  };
};

type GateListener = (event: GateEvent, picture?: Uint8Array) => void;

/**
 * Passes the gate's events to a listener that is opened later than the loop's thread. The thread reports nothing before
 * it has its room, and outlives the ledger by a moment: events before `connect` and after `close` are dropped.
 */
export class GateRelay implements Closeable {
  private listener: GateListener | undefined;

  readonly onGate: GateListener = (event, picture) => this.listener?.(event, picture);

  connect(listener: GateListener): void {
    this.listener = listener;
  }

  async close(): Promise<void> {
    this.listener = undefined;
  }
}
