import type { FilmData } from './film-data.js';
import { FilmFile } from './film-file.js';
import { FilmRing } from './film-ring.js';

export type FilmSource = Pick<FilmData, 'path' | 'frames' | 'width' | 'height' | 'opaque' | 'control' | 'slots'>;

/** Reads frames of a film into its ring: a thread ahead of time, an offline render on demand. */
export class FilmReader {
  readonly ring: FilmRing;
  private file: FilmFile | undefined;
  private readonly filled: boolean[];

  constructor(private readonly film: FilmSource) {
    this.ring = new FilmRing(film.control);
    this.filled = film.slots.map(() => false);
  }

  /** Reads one missing frame; false when there is nothing to do. Passes on read errors: the file may be gone. */
  step(): boolean {
    const frame = this.ring.missing();
    if (frame < 0) return false;
    const slot = this.ring.claim();
    if (slot < 0) return false;
    try {
      this.read(frame, slot);
    } catch (error) {
      this.ring.empty(slot);
      throw error;
    }
    this.ring.fill(slot, frame);
    return true;
  }

  close(): void {
    this.file?.close();
    this.file = undefined;
  }

  private read(frame: number, slot: number): void {
    const { path, opaque, slots, ...shape } = this.film;
    this.file ??= FilmFile.open(path, { ...shape, alpha: !opaque });
    this.file.read(frame, new Uint8Array(slots[slot]!), this.filled[slot]!);
    this.filled[slot] = true;
  }
}
