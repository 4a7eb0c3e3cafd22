import type { EvidenceStore } from '../compliance/ledger/evidence-store.js';
import { NOT_KEPT } from '../compliance/ledger/evidence-count.js';
import type { EvidenceConfig } from '../config/sections/compliance.js';
import type { Closeable } from '../core/closeable.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { MuteSpan } from '../core/speech.js';
import type { EvidenceFile, LedgerEntry } from '../core/verdict.js';
import { loadSharp } from '../scene/sharp.js';
import { wavBytes } from '../audio/mono-wav.js';

export interface EvidenceKeeperOptions {
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
