import type { Box } from '../../core/verdict.js';
import type { CompiledLayer } from '../compiled-layer.js';
import type { Draft } from '../layer-compiler.js';

/** Captions that just ended or are about to begin. */
const RECENT = 8;
/** Pages of the lines that may still be on the picture or scheduled; a line has a few. */
const MAX_PAGES = 64;

/** Tracks the placed caption pages: which have not ended, and where the last ones stand. */
export class CaptionTrack {
  private pages: { key: number; startFrame: number; endFrame: number; leaveFrames: number }[] = [];
  private readonly recent: Box[] = [];

  add({ key, startFrame, leave }: CompiledLayer, box: Box, endFrame: number): void {
    this.pages.push({ key, startFrame, endFrame, leaveFrames: leave.frames });
    if (this.pages.length > MAX_PAGES) this.pages.shift();
    this.recent.push(box);
    if (this.recent.length > RECENT) this.recent.shift();
  }

  get boxes(): readonly Box[] {
    return this.recent;
  }

  /** Ends by that frame every page that would last beyond it. A later call may end them earlier still. */
  cut(atFrame: number, draft: Draft): void {
    for (const page of this.pages) {
      if (page.endFrame <= atFrame) continue;
      draft.ends.push({ key: page.key, atFrame: Math.max(0, atFrame - page.leaveFrames) });
      page.endFrame = atFrame;
    }
    this.pages = this.pages.filter((page) => page.startFrame < page.endFrame);
  }
}
