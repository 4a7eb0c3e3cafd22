import { closeSync, readSync } from 'node:fs';
import { openOwnFileSync } from '../../core/files/own-folder.js';
import { i420Size, yuvaSize } from '../../core/media/picture.js';
import type { FrameReader } from './clip-player.js';
import { alphaSize, storedAt } from './clip-file.js';
import type { CompiledClips } from './clip-ring.js';

/** Reads frames of a layer's clips into its slots: the feeder ahead of time, an offline render on demand. */
export class SlotReader implements FrameReader {
  private readonly files: (number | null)[] = [];
  /** By slot: the item whose alpha it holds. */
  private readonly alphaOf: number[];

  constructor(private readonly clips: CompiledClips) {
    this.alphaOf = clips.slots.map(() => -1);
  }

  /** Passes on read errors: the file may be gone, or truncated. */
  read(item: number, stored: number, slot: number): void {
    const clip = this.clips.items[item]!;
    const fd = (this.files[item] ??= openOwnFileSync(clip.path));
    const bytes = new Uint8Array(this.clips.slots[slot]!, 0, yuvaSize(clip.width, clip.height));
    const colours = i420Size(clip.width, clip.height);
    readWhole(fd, bytes.subarray(0, colours), storedAt(clip, stored));
    if (this.alphaOf[slot] === item) return;
    const alpha = bytes.subarray(colours);
    if (clip.opaque) alpha.fill(255);
    else readWhole(fd, alpha.subarray(0, alphaSize(clip.width, clip.height)), storedAt(clip, clip.stored));
    this.alphaOf[slot] = item;
  }

  close(): void {
    for (const fd of this.files.splice(0)) if (fd !== null && fd !== undefined) closeSync(fd);
  }
}

function readWhole(fd: number, to: Uint8Array, at: number): void {
  for (let done = 0; done < to.length;) {
    const n = readSync(fd, to, done, to.length - done, at + done);
    if (n === 0) throw new Error('the decoded clip ends too early');
    done += n;
  }
}
