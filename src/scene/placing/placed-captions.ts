import { isHidden } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import type { Box } from '../../core/verdict.js';
import type { Draft, LayerCompiler } from '../layer-compiler.js';
import type { BuildContext } from '../layers/build-context.js';
import { buildCaption, type CaptionCue } from '../layers/caption-pages.js';
import { CaptionTrack } from './caption-track.js';
import type { JudgedLayers } from './judged-layers.js';
import type { Slot } from './layer-slots.js';

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
  ): Promise<void> {
    this.track.cut(cue.startFrame, draft);
    for (const slot of slots) {
      const { layer } = slot;
      if (layer.type !== 'caption' || isHidden(layer)) continue;
      if (layer.product !== undefined && layer.product !== product?.id) continue;
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
