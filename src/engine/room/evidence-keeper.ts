import type { EvidenceStore } from '../../compliance/ledger/evidence-store.js';
import { NOT_KEPT } from '../../compliance/ledger/evidence-count.js';
import type { EvidenceConfig } from '../../config/compliance/evidence.js';
import type { Closeable } from '../../core/closeable.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { MuteSpan } from '../../core/speech.js';
import type { EvidenceFile, LedgerEntry } from '../../core/verdict.js';
import { loadSharp } from '../../scene/sharp.js';
import { wavBytes } from '../render/wav-bytes.js';

export interface EvidenceKeeperOptions {
  readonly config: EvidenceConfig;
  readonly store: EvidenceStore;
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly width: number;
  readonly height: number;
  readonly log: Log;
  /** Writes the line that names a picture once it is on disk, and the one that says how many pieces were not kept. */
  readonly append: (entry: LedgerEntry) => void;
}

/** Pictures that wait to be packed, 1.4 MB each at 720p; more are not kept, their lines in the ledger are. */
const MAX_WAITING = 4;
const WEBP_QUALITY = 60;
/** Longest sound of one hit, in samples at 48 kHz. */
const MAX_SAMPLES = 10 * 48_000;

/**
 * Packs what was held back: a frame to WebP (on libuv's threads, one after the other), silenced words to WAV.
 * A picture's line in the ledger is not held up by the packing: the line that names the file follows it.
 */
export class EvidenceKeeper implements Closeable {
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();
  private closed = false;
  /** Pictures that were not kept because too many waited, or because they could not be packed. */
  private missed = 0;
  private told = 0;
  private telling = false;

  constructor(private readonly options: EvidenceKeeperOptions) {}

  /** Pieces that were not kept, for want of time, room to wait in, or disk. */
  get dropped(): number {
    const { dropped, unwritten } = this.options.store;
    return this.missed + dropped + unwritten;
  }

  /** Keeps an I420 frame; `about` says what it is evidence of. Takes the frame over. */
  picture(frame: Uint8Array, about: Pick<LedgerEntry, 'rule' | 'frame' | 'surface'>): void {
    const { config, store, log, append } = this.options;
    if (!config.pictures || this.closed) return;
    if (this.waiting >= MAX_WAITING) {
      this.missed += 1;
      return this.tellSoon();
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
      this.tellSoon();
    });
  }

  /** Keeps the words that a span silences. */
  sound(pcm: Float32Array, span: Pick<MuteSpan, 'startSample' | 'endSample'>): EvidenceFile | undefined {
    if (!this.options.config.sound || this.closed) return undefined;
    const { startSample, endSample } = span;
    const words = wavBytes(pcm.slice(startSample, Math.min(endSample, startSample + MAX_SAMPLES)));
    const file = this.options.store.keep(words, 'wav');
    this.tellSoon();
    return file;
  }

  /** Resolves when what waited is packed and named; to be closed before ledger and store. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
    this.tell();
  }

  /** Once what waits is done: one line for all that was not kept meanwhile. */
  private tellSoon(): void {
    if (this.telling || this.closed || this.untold === 0) return;
    this.telling = true;
    void Promise.all([this.last, this.options.store.close()]).then(() => {
      this.telling = false;
      if (!this.closed) this.tell();
    });
  }

  /** What the disk refused has a line of its own, which names the file. */
  private get untold(): number {
    return this.missed + this.options.store.dropped - this.told;
  }

  private tell(): void {
    const pieces = this.untold;
    if (pieces === 0) return;
    this.told += pieces;
    this.options.log.warn({ pieces }, 'evidence came faster than it could be kept: not all of it was');
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
