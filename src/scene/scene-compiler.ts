import type { Layer, LayerOf } from '../config/sections/layer.js';
import type { Product } from '../config/sections/product.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import type { FrameIndex } from '../core/time.js';
import { SerialQueue } from '../core/serial-queue.js';
import type { Box } from '../core/verdict.js';
import { buildLayer, dependsOnProduct } from './build-layer.js';
import { CountdownEnds, type DayClock } from './sale/countdown-ends.js';
import { CaptionTrack } from './caption-track.js';
import type { ClipDeps } from './clips/clip.js';
import { ClipRing } from './clips/clip-ring.js';
import { ClipStore } from './clips/clip-store.js';
import { NEVER } from './compiled-layer.js';
import { LayerCompiler, newDraft, type Draft } from './layer-compiler.js';
import { endSlot, LayerSlots, type Shown, type Slot } from './layer-slots.js';
import type { BuildContext, BuiltLayer } from './layers/build-context.js';
import { buildCaption, type CaptionCue } from './layers/caption-pages.js';
import { legibleBoxes } from './legible-boxes.js';
import type { DrawPicture } from './assets/load-picture.js';
import { PictureStore, type Admit } from './picture-store.js';
import { canvasOf, placeBox, sizesOf, type Canvas } from './place-box.js';
import { presenterBox } from './presenter-box.js';
import { noPresenter, unknownProduct } from './scene-faults.js';
import { EMPTY_UPDATE, type SceneUpdate } from './scene-update.js';
import { loadSharp } from './sharp.js';
import { composedDigest, stillDigest } from './layers/still-digest.js';
import { drawSlate } from './slate.js';
import { TextMeasure } from './text/text-measure.js';

export interface SceneDeps {
  kernels: Kernels;
  log: Log;
  /** Judges a picture before it becomes a layer; throws E_ASSET_REFUSED. */
  admit: Admit;
  /** Draws the room's own pictures. */
  draw: DrawPicture;
  /** Draws pictures added on air, so the room's own never wait for them; `draw` when absent. */
  drawPut?: DrawPicture;
  /** Without it clips are refused. */
  clips?: ClipDeps;
  /** The time of day, for countdowns; without it they show a fixed time, so that a render stays the same. */
  day?: DayClock;
}

/** Characters that could draw a code out of text: box and block elements, shapes, braille, private use. */
const DRAWN = /[\u2500-\u25ff\u2800-\u28ff\ue000-\uf8ff\u{1fb00}-\u{1fbff}]/u;

/**
 * The scene on the control thread: everything is read, checked, drawn and decided here; the loop's thread gets finished
 * bitmaps and numbers. Changes of the scene run one after another.
 */
export class SceneCompiler {
  private readonly canvas: Canvas;
  private readonly measure = new TextMeasure(loadSharp);
  private readonly pictures: PictureStore;
  private readonly clips: ClipStore;
  private readonly layers: LayerCompiler;
  private readonly slots: LayerSlots;
  private readonly countdowns: CountdownEnds;
  private current: Product | null = null;
  /** First frame of the current product. */
  private since = 0;
  private readonly captions = new CaptionTrack();
  private changedAt = 0;
  /** Changes of the scene. */
  private readonly changes = new SerialQueue();

  constructor(
    private readonly room: RoomConfig,
    private readonly deps: SceneDeps,
  ) {
    this.canvas = canvasOf(room.video.width, room.video.height);
    this.pictures = new PictureStore(deps.draw, deps.admit);
    this.clips = new ClipStore(deps.kernels, room.rate, deps.clips);
    this.layers = new LayerCompiler(this.canvas, room.rate, deps.kernels);
    this.slots = new LayerSlots(room.layers, this.canvas);
    this.countdowns = new CountdownEnds(room.rate, deps.day);
  }

  /** The presenter's box, in canvas pixels, even. */
  presenterBox(): Box {
    const found = this.room.layers.find((l): l is LayerOf<'presenter'> => l.type === 'presenter');
    if (found === undefined) throw noPresenter(this.room.file);
    return presenterBox(found, this.canvas);
  }

  /** The assistant's box; undefined for a room with one person on stage. */
  assistantBox(): Box | undefined {
    const found = this.room.layers.find((l): l is LayerOf<'assistant'> => l.type === 'assistant');
    return found === undefined ? undefined : presenterBox(found, this.canvas);
  }

  /** The side of the presenter on which the product's picture stands: 1 left, 2 right, 0 for neither. */
  productSide(): 0 | 1 | 2 {
    const shows = this.room.layers.find((l) => (l.type === 'image' && l.src === 'product') || l.type === 'card');
    if (shows === undefined) return 0;
    const { width = 0, height = 0 } = sizesOf(shows, this.canvas);
    const at = placeBox(shows, width, height, this.canvas);
    const own = this.presenterBox();
    const apart = at.x + at.width / 2 - (own.x + own.width / 2);
    return Math.abs(apart) < own.width * 0.12 ? 0 : apart < 0 ? 1 : 2;
  }

  /**
   * The scene from frame 0, with the product of the script's first segment. Also throws for pictures of the other
   * products, unless time is short: then they are checked when they are due.
   */
  open({ tryProducts = true }: { tryProducts?: boolean } = {}): Promise<SceneUpdate> {
    return this.changes.take(async () => {
      const first = this.room.script.segments[0]?.product;
      this.current = first === undefined ? null : this.productOf(first);
      const draft = newDraft();
      this.layers.background(this.room.video, draft);
      this.slots.ensureLabel();
      const slots = [...this.slots.values()];
      // Drawn in parallel; added to the scene in order.
      const built = slots.map((slot) => buildLayer(slot.layer, this.context(), this.where(slot.layer)));
      for (const one of built) one.catch(() => undefined); // awaited in turn below
      for (const [i, slot] of slots.entries()) slot.shown = await this.show(slot, 0, draft, built[i]);
      for (const layer of this.onCue) await this.tryLayer(layer, this.current);
      if (tryProducts) await this.tryProducts();
      await this.feed(draft);
      return draft;
    });
  }

  /** Shows another product, or none, from a frame on: layers that depend on it are replaced. */
  product(id: string | null, atFrame: FrameIndex): Promise<SceneUpdate> {
    return this.changes.take(async () => {
      const next = id === null ? null : this.productOf(id);
      return next === this.current ? EMPTY_UPDATE : this.change(next, atFrame);
    });
  }

  /**
   * Shows a product's new data, from the frame that `when` returns, if it is the current one. Try it first: that loads
   * and judges its pictures.
   */
  replaceProduct(product: Product, when: () => FrameIndex): Promise<SceneUpdate> {
    return this.changes.take(async () =>
      this.current?.id === product.id ? this.change(product, when()) : EMPTY_UPDATE,
    );
  }

  /** Draws and judges all that a product shows, without showing it. Throws as `open` does. */
  async tryProduct(product: Product): Promise<void> {
    const c = this.context(product, this.deps.drawPut);
    const { width: maxWidth, height: maxHeight } = this.canvas;
    const box = { width: undefined, height: undefined, maxWidth, maxHeight, fit: 'contain', radius: 0 } as const;
    await c.picture({ src: product.image, where: `product "${product.id}".image`, ...box });
    for (const { layer } of this.slots.values()) {
      if (!dependsOnProduct(layer)) continue;
      const built = await buildLayer(layer, c, this.where(layer));
      if (built !== undefined) await this.judgeText(this.where(layer), built);
    }
  }

  /** Not before the current product has come: its layers leave when they are on the picture. */
  private async change(next: Product | null, wanted: number): Promise<SceneUpdate> {
    const atFrame = Math.max(wanted, this.since);
    const before = this.current;
    this.current = next;
    const draft = newDraft();
    const changed: [Slot, Shown | undefined][] = [];
    try {
      for (const slot of this.slots.values()) {
        if (dependsOnProduct(slot.layer)) changed.push([slot, await this.show(slot, atFrame, draft)]);
      }
      await this.feed(draft);
    } catch (e) {
      this.current = before;
      letGo(draft);
      throw e;
    }
    this.since = atFrame;
    this.changedAt = Math.max(this.changedAt, atFrame);
    for (const [slot, shown] of changed) {
      endSlot(slot, atFrame, draft);
      slot.shown = shown;
    }
    return draft;
  }

  /** Shows a caption word by word on every caption layer. The previous one ends when this one begins. */
  caption(cue: CaptionCue): Promise<SceneUpdate> {
    return this.changes.take(async () => {
      const draft = newDraft();
      if (cue.text.trim() === '' || cue.endFrame <= cue.startFrame) return EMPTY_UPDATE;
      this.captions.cut(cue.startFrame, draft);
      for (const slot of this.slots.values()) {
        const { layer } = slot;
        if (layer.type !== 'caption') continue;
        if (layer.product !== undefined && layer.product !== this.current?.id) continue;
        const pages = await buildCaption(layer, cue, this.context());
        for (const [i, page] of pages.entries()) {
          const last = i === pages.length - 1;
          await this.judgeText(`caption "${layer.id}"`, page);
          const { compiled, ids } = await this.layers.compile(slot, page, page.startFrame, draft, {
            enter: i === 0,
            leave: last,
            endFrame: page.endFrame,
          });
          draft.layers.push(compiled);
          for (const id of ids) draft.removeBitmaps.push({ id, atFrame: page.endFrame });
          this.captions.add(compiled, page.box, page.endFrame);
        }
      }
      return draft;
    });
  }

  /** Boxes of texts that were judged as text, including captions that just ended or are about to begin. */
  textBoxes(): readonly Box[] {
    const shown = [...this.slots.values()].flatMap((slot) => slot.shown?.words ?? []);
    return [...legibleBoxes(shown), ...this.captions.boxes];
  }

  /**
   * Digest of all layers but captions, and the first frame that shows them; undefined while pictures are among them that
   * only the loop knows.
   */
  still(): { readonly digest: string; readonly sinceFrame: number } | undefined {
    const { background, width, height } = this.room.video;
    const shown = [...this.slots.values()].filter((slot) => slot.shown !== undefined).sort(byHeight);
    const digest = composedDigest(
      shown.map((slot) => slot.shown!.digest),
      `${width}x${height}`,
      background,
    );
    return digest === undefined ? undefined : { digest, sinceFrame: this.changedAt };
  }

  /** All layers, in their order. */
  get allLayers(): readonly Layer[] {
    return [...this.slots.values()].map((slot) => slot.layer);
  }

  /** The current layer of that id. */
  layer(id: string): Layer | undefined {
    return this.slots.get(id)?.layer;
  }

  /** The layers that would result from adding this one. */
  layersWith(layer: Layer): readonly Layer[] {
    const layers = [...this.slots.values()].map((slot) => slot.layer);
    const at = layers.findIndex(({ id }) => id === layer.id);
    return at < 0 ? [...layers, layer] : layers.with(at, layer);
  }

  /** Removes the caption from a frame on. */
  clearCaption(atFrame: FrameIndex): SceneUpdate {
    const draft = newDraft();
    this.captions.cut(atFrame, draft);
    return draft;
  }

  /**
   * Adds a layer or replaces the one with its id. Asset faults throw, and nothing changes. `when` returns the frame
   * once the layer is loaded and judged, which may take a minute; it may throw. Layers loaded in parallel appear in the
   * order they are ready.
   */
  async putLayer(layer: Layer, when: FrameIndex | (() => FrameIndex)): Promise<SceneUpdate> {
    for (;;) {
      this.slots.refusePresenterChange(layer.id, layer);
      const product = this.current;
      // Outside the scene's queue: a picture takes seconds, and captions are due meanwhile.
      const built = await buildLayer(layer, this.context(product, this.deps.drawPut), this.where(layer));
      if (built !== undefined) await this.judgeText(this.where(layer), built);
      const update = await this.changes.take(async () => {
        const stale = dependsOnProduct(layer) && product !== this.current;
        return stale ? undefined : this.putBuilt(layer, built, when);
      });
      if (update !== undefined) return update;
    }
  }

  private async putBuilt(
    layer: Layer,
    built: BuiltLayer | undefined,
    when: FrameIndex | (() => FrameIndex),
  ): Promise<SceneUpdate> {
    this.slots.refusePresenterChange(layer.id, layer);
    const old = this.slots.get(layer.id);
    const draft = newDraft();
    const slot = this.slots.place(layer);
    const atFrame = typeof when === 'function' ? when() : when;
    try {
      slot.shown = await this.showBuilt(slot, atFrame, draft, built);
      await this.feed(draft);
    } catch (e) {
      letGo(draft);
      throw e;
    }
    if (old !== undefined) endSlot(old, atFrame, draft);
    this.slots.put(slot);
    await this.keepLabel(atFrame, draft);
    return draft;
  }

  /** Removes a layer. A room's own AI label is replaced by the default one, which cannot be removed. */
  removeLayer(id: string, atFrame: FrameIndex): SceneUpdate {
    const slot = this.slots.take(id);
    const draft = newDraft();
    this.changedAt = Math.max(this.changedAt, atFrame);
    if (slot.layer.type === 'caption') this.captions.cut(atFrame, draft);
    endSlot(slot, atFrame, draft);
    return draft;
  }

  /** Moves the ends of countdowns to where the clocks say now; call it once the show runs, and now and then. */
  retimeCountdowns(): SceneUpdate {
    const retimes = [...this.slots.values()].flatMap(({ layer, shown }) =>
      layer.type !== 'countdown' || layer.endsAt === undefined || shown === undefined
        ? []
        : [{ key: shown.key, endFrame: this.countdowns.frameOf(Date.parse(layer.endsAt), 0) }],
    );
    return { ...EMPTY_UPDATE, retimes };
  }

  /** A whole I420 frame, "back in a moment", with the AI label on it. */
  slate(text: string): Promise<Uint8Array<SharedArrayBuffer>> {
    const drawn = DRAWN.test(text + this.room.title);
    return drawSlate(text, this.context(), this.deps.kernels, async (raster) => {
      if (drawn) await this.pictures.judge('slate', raster);
    });
  }

  /** Makes the feeder read the first frames of new clips. */
  private async feed(draft: Draft): Promise<void> {
    const feeder = this.deps.clips?.feeder;
    if (feeder === undefined) return;
    await Promise.all(draft.layers.flatMap(({ clips }) => (clips === null ? [] : feeder.feed(clips))));
  }

  private context(product: Product | null = this.current, draw?: DrawPicture): BuildContext {
    const { room, canvas, measure, pictures, clips } = this;
    const picture: BuildContext['picture'] = (request) => pictures.load(request, draw);
    return {
      room,
      canvas,
      measure,
      product,
      sharp: loadSharp,
      picture,
      clip: (request) => clips.load(request),
      millisecondsUntil: (epochMs) => this.countdowns.millisecondsUntil(epochMs),
    };
  }

  private productOf(id: string): Product {
    const found = this.room.products.find((p) => p.id === id);
    if (found === undefined)
      throw unknownProduct(
        id,
        this.room.products.map((p) => p.id),
      );
    return found;
  }

  /** Loads later products once at the start, so faults show before the room is on air. */
  private async tryProducts(): Promise<void> {
    for (const product of this.room.products) {
      if (product === this.current) continue;
      const layers = [...[...this.slots.values()].map(({ layer }) => layer), ...this.onCue];
      for (const layer of layers) if (dependsOnProduct(layer)) await this.tryLayer(layer, product);
    }
  }

  /** The room's layers that only come with lines. */
  private get onCue(): readonly Layer[] {
    return this.room.layers.filter(({ shown }) => shown === 'on-cue');
  }

  private async tryLayer(layer: Layer, product: Product | null): Promise<void> {
    const built = await buildLayer(layer, this.context(product), this.where(layer));
    if (built !== undefined) await this.judgeText(this.where(layer), built);
  }

  private where(layer: Layer): string {
    const index = this.room.layers.findIndex((l) => l.id === layer.id);
    return index < 0 ? `layer "${layer.id}"` : `layers[${index}] "${layer.id}"`;
  }

  private async show(
    slot: Slot,
    atFrame: number,
    draft: Draft,
    building = buildLayer(slot.layer, this.context(), this.where(slot.layer)),
  ): Promise<Shown | undefined> {
    const built = await building;
    if (built !== undefined) await this.judgeText(this.where(slot.layer), built);
    return this.showBuilt(slot, atFrame, draft, built);
  }

  private async showBuilt(
    slot: Slot,
    atFrame: number,
    draft: Draft,
    built: BuiltLayer | undefined,
  ): Promise<Shown | undefined> {
    if (built === undefined) return undefined;
    const { compiled, ids } = await this.layers.compile(slot, built, atFrame, draft, {
      enter: true,
      leave: true,
      endFrame: NEVER,
      countsTo: this.countdowns.of(slot.layer, built.countdown, atFrame),
    });
    draft.layers.push(compiled);
    this.changedAt = Math.max(this.changedAt, atFrame);
    const words = built.text === undefined ? undefined : built.box;
    return {
      key: compiled.key,
      ids,
      leaveFrames: compiled.leave.frames,
      words,
      digest: stillDigest(slot.layer, built),
    };
  }

  /** Text with drawing characters could be a code, so its picture is judged. */
  private async judgeText(where: string, built: BuiltLayer): Promise<void> {
    if (built.text === undefined || !DRAWN.test(built.text)) return;
    for (const { raster } of built.sprites) await this.pictures.judge(where, raster);
  }

  /** Replaces the last AI label with the default one, in the same frame. */
  private async keepLabel(atFrame: number, draft: Draft): Promise<void> {
    this.slots.ensureLabel();
    for (const slot of this.slots.values()) {
      if (slot.layer.type === 'label' && slot.shown === undefined) slot.shown = await this.show(slot, atFrame, draft);
    }
  }
}

/** From bottom to top; the AI label is drawn above everything. */
function byHeight(a: Slot, b: Slot): number {
  const level = ({ layer }: Slot): number => (layer.type === 'label' ? Infinity : layer.z);
  return level(a) === level(b) ? a.order - b.order : level(a) - level(b);
}

/** Frees the rings of layers that are not shown after all. */
function letGo(draft: Draft): void {
  for (const { clips } of draft.layers) if (clips !== null) new ClipRing(clips.control).end();
}
