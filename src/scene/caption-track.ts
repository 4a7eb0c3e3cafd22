import type { Box } from '../core/verdict.js';
import type { CompiledLayer } from './compiled-layer.js';
import type { Draft } from './layer-compiler.js';

/** Captions that just ended or are about to begin. */
const RECENT = 8;

/** Tracks the placed caption pages: which have not ended, and where the last ones stand. */
export class CaptionTrack {
  private readonly pages: { key: number; endFrame: number; leaveFrames: number }[] = [];
  private readonly recent: Box[] = [];

  add({ key, leave }: CompiledLayer, box: Box, endFrame: number): void {
    this.pages.push({ key, endFrame, leaveFrames: leave.frames });
    this.recent.push(box);
    if (this.recent.length > RECENT) this.recent.shift();
  }

  get boxes(): readonly Box[] {
    return this.recent;
  }

  /** Ends by that frame every page that would last beyond it. */
  cut(atFrame: number, draft: Draft): void {
    for (const page of this.pages.splice(0)) {
      if (page.endFrame > atFrame) draft.ends.push({ key: page.key, atFrame: Math.max(0, atFrame - page.leaveFrames) });
    }
  }
}
