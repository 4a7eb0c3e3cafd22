import type { EvidenceStore } from '../compliance/ledger/evidence-store.js';
import type { EvidenceConfig } from '../config/evidence.js';
import type { Closeable } from '../core/closeable.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { MuteSpan } from '../core/speech.js';
import type { EvidenceFile, LedgerEntry } from '../core/verdict.js';
import { loadSharp } from '../scene/sharp.js';
import { wavBytes } from './wav-bytes.js';

export interface EvidenceKeeperOptions {
  readonly config: EvidenceConfig;
  readonly store: EvidenceStore;
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  readonly width: number;
  readonly height: number;
  readonly log: Log;
  /** Writes the line that names a picture once it is packed. */
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

  constructor(private readonly options: EvidenceKeeperOptions) {}

  /** Keeps an I420 frame; `about` says what it is evidence of. Takes the frame over. */
  picture(frame: Uint8Array, about: Pick<LedgerEntry, 'rule' | 'frame' | 'surface'>): void {
    if (!this.options.config.pictures || this.closed || this.waiting >= MAX_WAITING) return;
    this.waiting += 1;
    this.last = this.last.then(async () => {
      try {
        const file = this.options.store.keep(await this.webp(frame), 'webp');
        if (file !== undefined) this.options.append({ kind: 'evidence', action: 'keep', ...about, file });
      } catch (e) {
        this.options.log.warn({ error: String(e), frame: about.frame }, 'a frame could not be kept as evidence');
      } finally {
        this.waiting -= 1;
      }
    });
  }

  /** Keeps the words that a span silences. */
  sound(pcm: Float32Array, span: Pick<MuteSpan, 'startSample' | 'endSample'>): EvidenceFile | undefined {
    if (!this.options.config.sound || this.closed) return undefined;
    const { startSample, endSample } = span;
    return this.options.store.keep(
      wavBytes(pcm.slice(startSample, Math.min(endSample, startSample + MAX_SAMPLES))),
      'wav',
    );
  }

  /** Resolves when what waited is packed and named; to be closed before ledger and store. */
  async close(): Promise<void> {
    this.closed = true;
    await this.last;
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
