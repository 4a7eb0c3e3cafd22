import { isHidden } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { Box } from '../../core/verdict.js';
import type { Draft, LayerCompiler } from '../layer-compiler.js';
import type { BuildContext } from '../layers/build-context.js';
import { buildCaption, type CaptionCue } from '../layers/caption-pages.js';
import { ALL_SHOTS, compileShots } from '../compile-shots.js';
import type { CompiledLayer } from '../compiled-layer.js';
import type { JudgedLayers } from './judged-layers.js';
import type { Slot } from './layer-slots.js';

/** Captions that just ended or are about to begin. */
const RECENT = 8;
/** Pages of the lines that may still be on the picture or scheduled; a line has a few. */
const MAX_PAGES = 64;

/** Tracks the placed caption pages: which have not ended, and where the last ones stand. */
class CaptionTrack {
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

/** The captions on the picture, page by page. */
export class PlacedCaptions {
  private readonly track = new CaptionTrack();
  private readonly last = new Map<string, Box>();

  constructor(
    private readonly compiler: LayerCompiler,
    private readonly judged: JudgedLayers,
  ) {}

  /** Shows a cue on every caption layer of the product. The previous caption ends when this one begins. */
  async add(
    cue: CaptionCue,
    slots: Iterable<Slot>,
    product: Product | null,
    context: BuildContext,
    draft: Draft,
    /** Bits of the shots in which it is seen. */
    shots = ALL_SHOTS,
  ): Promise<void> {
    this.track.cut(cue.startFrame, draft);
    for (const slot of slots) {
      const { layer } = slot;
      if (layer.type !== 'caption' || isHidden(layer)) continue;
      if (layer.product !== undefined && layer.product !== product?.id) continue;
      if ((compileShots(layer, context.canvas).shots & shots) === 0) continue;
      const pages = await buildCaption(layer, cue, context);
      for (const [i, page] of pages.entries()) {
        const last = i === pages.length - 1;
        await this.judged.judgeText(`caption "${layer.id}"`, page);
        const { compiled, ids } = await this.compiler.compile(slot, page, page.startFrame, draft, {
          enter: i === 0,
          leave: last,
          endFrame: page.endFrame,
        });
        draft.layers.push(compiled);
        for (const id of ids) draft.removeBitmaps.push({ id, atFrame: page.endFrame });
        this.track.add(compiled, page.box, page.endFrame);
        this.last.set(layer.id, page.box);
      }
    }
  }

  /** Ends every page by that frame. */
  cut(atFrame: number, draft: Draft): void {
    this.track.cut(atFrame, draft);
  }

  /** Box of the newest page on a caption layer; undefined before its first one. */
  boxOf(layer: string): Box | undefined {
    return this.last.get(layer);
  }

  /** Boxes of captions that just ended or are about to begin. */
  get boxes(): readonly Box[] {
    return this.track.boxes;
  }
}
