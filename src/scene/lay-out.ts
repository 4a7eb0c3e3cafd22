import { isHidden, layersInShot, type Layer } from '../config/sections/layer.js';
import { SHOTS, type ShotName } from '../config/sections/shots.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Box } from '../core/verdict.js';
import type { DrawPicture } from './assets/load-picture.js';
import { OFFLINE_LEFT_MS } from './sale/countdown-ends.js';
import { buildLayer } from './build-layer.js';
import { type BuildContext, type BuiltLayer, comparison, type Overflow, stillDigest } from './layers/build-context.js';
import { buildCaption } from './layers/caption-pages.js';
import type { ClipDeps } from './clips/clip.js';
import { ClipStore } from './clips/clip-store.js';
import type { Kernels } from '../core/kernels.js';
import { PictureStore, type Admit } from './picture-store.js';
import { alongShortest, alongX, alongY, canvasOf, depthPx, type Canvas } from './place-box.js';
import { inkBox, type Raster } from './raster.js';
import { loadSharp } from './sharp.js';
import { defaultLabel } from './slate.js';
import { TextMeasure } from './text/text-layout.js';

/** A caption to lay out: without times, as only positions matter. */
export interface CaptionText {
  readonly text: string;
  readonly language: string;
  /** Its place in the room file. */
  readonly where: string;
}

/** A layer at rest, in canvas pixels. */
export interface LaidOut {
  readonly layer: Layer;
  /** Its index in the room file; −1 for the AI label that the scene adds. */
  readonly index: number;
  readonly box: Box;
  readonly pictures: readonly { readonly raster: Raster; readonly x: number; readonly y: number }[];
  /** The letters' box, or for a card and a ticker the part that holds them; undefined for a layer without text. */
  readonly letters: Box | undefined;
  /** Offsets of its motion, at the keyframes. */
  readonly offsets: readonly { readonly dx: number; readonly dy: number }[];
  readonly text: string;
  readonly overflow: Overflow | undefined;
  /** See `stillDigest`. */
  readonly digest: string | undefined;
  readonly caption?: CaptionText;
}

/** Lays out rooms without showing them, for a check. */
export class LayoutMaker {
  readonly canvas: Canvas;
  private readonly measure = new TextMeasure(loadSharp);
  private readonly pictures: PictureStore;
  private readonly clips: ClipStore;

  constructor(
    private readonly room: RoomConfig,
    {
      admit,
      draw,
      kernels,
      clips,
    }: { admit: Admit; draw: DrawPicture; kernels: Kernels; clips?: ClipDeps | undefined },
  ) {
    this.canvas = canvasOf(room.video.width, room.video.height);
    this.pictures = new PictureStore(draw, admit);
    this.clips = new ClipStore(kernels, room.rate, clips);
  }

  /**
   * All layers that a shot shows with a product (or none), bottom to top, the AI label last. Captions come one by one.
   */
  async layers(productId: string | null, shot: ShotName = SHOTS[0]): Promise<LaidOut[]> {
    const { room } = this;
    const c = this.context(productId);
    const laid: LaidOut[] = [];
    const entries = room.layers.flatMap((layer, index) => this.entry(layer, index, shot));
    if (!entries.some(({ layer }) => layer.type === 'label')) {
      entries.push({ layer: defaultLabel('ai-label', this.canvas), index: -1 });
    }
    entries.sort((a, b) => level(a.layer) - level(b.layer));
    for (const { layer, index } of entries) {
      const built = await buildLayer(layer, c, `layers[${index}] "${layer.id}"`);
      if (built !== undefined) laid.push(this.laidOut(layer, index, built));
    }
    return laid;
  }

  private entry(layer: Layer, index: number, shot: ShotName): readonly { layer: Layer; index: number }[] {
    return layersInShot([layer], shot).map((one) => ({ layer: one, index }));
  }

  /** Every page of a caption on one caption layer. */
  async caption(
    index: number,
    caption: CaptionText,
    productId: string | null,
    shot: ShotName = SHOTS[0],
  ): Promise<LaidOut[]> {
    const [layer] = layersInShot(this.room.layers.slice(index, index + 1), shot);
    if (layer?.type !== 'caption' || isHidden(layer) || caption.text.trim() === '') return [];
    if (layer.product !== undefined && layer.product !== productId) return [];
    const { text, language } = caption;
    const cue = { text, language, startFrame: 0, endFrame: 1_000_000, words: [] };
    const pages = await buildCaption(layer, cue, this.context(productId));
    return pages.map((page) => ({ ...this.laidOut(layer, index, page), caption }));
  }

  private context(productId: string | null): BuildContext {
    const { room, canvas, measure, pictures, clips } = this;
    const product = room.products.find((p) => p.id === productId) ?? null;
    const picture: BuildContext['picture'] = (request) => pictures.load(request);
    return {
      room,
      canvas,
      measure,
      product,
      ...comparison(product, room),
      sharp: loadSharp,
      picture,
      judge: (where, raster) => pictures.judgeOnce(where, raster, []),
      light: 'day',
      clip: (request) => clips.load(request),
      millisecondsUntil: () => OFFLINE_LEFT_MS,
    };
  }

  private laidOut(layer: Layer, index: number, built: BuiltLayer): LaidOut {
    const { box, sprites } = built;
    // For items in turn, the first stands for all; a caption's letters are the sprites above its panel.
    const shown = built.cycle === undefined ? sprites : sprites.slice(0, 1);
    const offsets = (layer.type === 'label' ? [] : (layer.motion?.keyframes ?? [])).map((k) => ({
      dx: k.dx === undefined ? 0 : alongX(k.dx, this.canvas),
      dy: k.dy === undefined ? 0 : alongY(k.dy, this.canvas),
    }));
    const sway = Math.round(depthPx(layer, this.canvas));
    if (sway !== 0) offsets.push({ dx: -sway, dy: 0 }, { dx: sway, dy: 0 });
    return {
      layer,
      index,
      box,
      pictures: shown.map((s) => ({ raster: s.raster, x: box.x + s.dx, y: box.y + s.dy })),
      letters: this.letters(layer, built),
      offsets: [{ dx: 0, dy: 0 }, ...offsets],
      text: built.text ?? '',
      overflow: built.overflow,
      digest: stillDigest(layer, built),
    };
  }

  private letters(layer: Layer, { box, sprites }: BuiltLayer): Box | undefined {
    const inset = (x: number, y: number): Box => ({
      x: box.x + x,
      y: box.y + y,
      width: Math.max(1, box.width - 2 * x),
      height: Math.max(1, box.height - 2 * y),
    });
    switch (layer.type) {
      case 'text': {
        const ink = sprites[0] && inkBox(sprites[0].raster);
        return ink && { ...ink, x: box.x + ink.x, y: box.y + ink.y };
      }
      case 'bubble': {
        const padding = alongShortest(layer.padding, this.canvas);
        return inset(padding, padding);
      }
      case 'card':
        return inset(Math.round(box.width * 0.065), Math.round(box.width * 0.052));
      case 'caption':
        return unionOf(
          sprites
            .slice(1)
            .map((s) => ({ x: box.x + s.dx, y: box.y + s.dy, width: s.raster.width, height: s.raster.height })),
        );
      case 'label':
        return inset(Math.round(box.height * 0.2), Math.round(box.height * 0.1));
      case 'countdown':
      case 'coupon':
      case 'ladder':
      case 'attributes':
      case 'question':
      case 'announcement':
        return inset(Math.round(box.width * 0.05), Math.round(Math.min(box.width, box.height) * 0.04));
      case 'ticker':
        return box;
      case 'image':
      case 'sticker':
      case 'media':
      case 'shape':
      case 'presenter':
      case 'assistant':
        return undefined;
    }
  }
}

/** The AI label is drawn above everything; layers of equal height keep their order. */
const level = (layer: Layer): number => (layer.type === 'label' ? 1_000_000 : layer.z);

/** The bounding box; undefined for none. */
export function unionOf(boxes: readonly Box[]): Box | undefined {
  if (boxes.length === 0) return undefined;
  const x = Math.min(...boxes.map((b) => b.x));
  const y = Math.min(...boxes.map((b) => b.y));
  const right = Math.max(...boxes.map((b) => b.x + b.width));
  const bottom = Math.max(...boxes.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}
