import { closeSync, readSync } from 'node:fs';
import { openOwnFileSync } from '../../core/files/own-folder.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';
import type { FilmData } from './film-data.js';
import { FilmRing } from './film-ring.js';
import { FILM_HEAD_BYTES } from './film-messages.js';

export type FilmSource = Pick<FilmData, 'path' | 'width' | 'height' | 'opaque' | 'control' | 'slots'>;

/** Reads frames of a film into its ring: a thread ahead of time, an offline render on demand. */
export class FilmReader {
  readonly ring: FilmRing;
  private file: number | undefined;
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
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private read(frame: number, slot: number): void {
    const { path, width, height, opaque, slots } = this.film;
    this.file ??= openOwnFileSync(path);
    const bytes = opaque ? i420Size(width, height) : yuvaSize(width, height);
    const to = new Uint8Array(slots[slot]!);
    const at = FILM_HEAD_BYTES + frame * bytes;
    for (let done = 0; done < bytes;) {
      const n = readSync(this.file, to, done, bytes - done, at + done);
      if (n === 0) throw new Error('the decoded film ends too early');
      done += n;
    }
    if (opaque && !this.filled[slot]) to.fill(255, bytes);
    this.filled[slot] = true;
  }
}
