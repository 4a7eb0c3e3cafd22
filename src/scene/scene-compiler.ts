import type { Layer } from '../config/sections/layer.js';
import type { Product } from '../config/sections/product.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { Log } from '../core/log.js';
import { lightOfSet, type SetLight } from '../core/media/set-light.js';
import { frameIndex, type FrameIndex } from '../core/time.js';
import { SerialQueue } from '../core/serial-queue.js';
import type { Box } from '../core/verdict.js';
import { dependsOnProduct } from './build-layer.js';
import { CountdownEnds, type DayClock } from './sale/countdown-ends.js';
import type { CompiledLayer } from './compiled-layer.js';
import type { ClipDeps } from './clips/clip.js';
import { ClipRing } from './clips/clip-ring.js';
import { LayerCompiler, newDraft, type Draft } from './layer-compiler.js';
import { type BuildContext, type BuiltLayer, comparison } from './layers/build-context.js';
import {
  BuildContexts,
  couldBeCode,
  JudgedLayers,
  LitLayers,
  PlacedCaptions,
  PlacedLayers,
} from './placing/placed-layers.js';
import { endSlot, LayerSlots, ShotLog, type Shown, type Slot } from './placing/layer-slots.js';
import type { CaptionCue } from './layers/caption-pages.js';
import type { DrawPicture } from './assets/load-picture.js';
import type { Admit } from './picture-store.js';
import { unknownProduct } from './scene-faults.js';
import { EMPTY_UPDATE, type SceneUpdate, type ShotCut } from './scene-update.js';
import { SHOTS, type ShotName } from '../config/sections/shots.js';
import { drawSlate } from './slate.js';

/** Products tried side by side: one is drawn, one scanned and one read at a time; more would only hold memory. */
const AT_ONCE = 3;

/** Draws and judges what products show, without showing it. */
class ProductTrials {
  constructor(
    private readonly judged: JudgedLayers,
    private readonly canvas: { readonly width: number; readonly height: number },
  ) {}

  /** The product's picture, and the layers that show something of it. Throws as the start of a room does. */
  async one(product: Product, layers: Iterable<Layer>, context: BuildContext): Promise<void> {
    const { width: maxWidth, height: maxHeight } = this.canvas;
    const box = { width: undefined, height: undefined, maxWidth, maxHeight, fit: 'contain', radius: 0 } as const;
    await context.picture({ src: product.image, where: `product "${product.id}".image`, ...box });
    await this.layers(layers, context);
  }

  /** The layers of several products. Throws the first fault in their order. */
  async each(products: readonly Product[], layers: readonly Layer[], contextOf: (one: Product) => BuildContext) {
    for (let i = 0; i < products.length; i += AT_ONCE) {
      const trials = products.slice(i, i + AT_ONCE).map((one) => this.layers(layers, contextOf(one)));
      for (const trial of trials) trial.catch(() => undefined); // awaited in turn below
      for (const trial of trials) await trial;
    }
  }

  /** The layers that show something of the context's product. */
  async layers(layers: Iterable<Layer>, context: BuildContext): Promise<void> {
    for (const layer of layers) if (dependsOnProduct(layer)) await this.judged.of(layer, context);
  }
}

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

/** The light of the lowest picture that fills the canvas. */
function lightIn({ layers, bitmaps }: Draft, { width, height }: RoomConfig['video']): SetLight | undefined {
  let lowest: CompiledLayer | undefined;
  for (const layer of layers) {
    const [first] = layer.sprites;
    const fills = first !== undefined && layer.isPicture && first.width >= width && first.height >= height;
    // The canvas colour has no name.
    if (fills && layer.id !== '' && (lowest === undefined || layer.z < lowest.z)) lowest = layer;
  }
  const shown = bitmaps.find(({ id }) => id === lowest?.sprites[0]!.ids[0])?.bitmap;
  return shown?.opaque === true ? lightOfSet(shown) : undefined;
}

/**
 * The scene on the control thread: everything is read, checked, drawn and decided here; the loop's thread gets finished
 * bitmaps and numbers. Changes of the scene run one after another.
 */
export class SceneCompiler {
  private readonly contexts: BuildContexts;
  private readonly layers: LayerCompiler;
  private readonly judged: JudgedLayers;
  private readonly slots: LayerSlots;
  private readonly placed: PlacedLayers;
  private readonly captions: PlacedCaptions;
  private readonly lit: LitLayers;
  private readonly trials: ProductTrials;
  /** Light of the set's picture; undefined before the scene is open and where no picture fills the canvas. */
  setLight: SetLight | undefined;
  private current: Product | null = null;
  /** First frame of the current product. */
  private since = 0;
  /** The last cuts, in order: the shot on the picture, and those to come. */
  private readonly shots: ShotLog;
  /** Changes of the scene. */
  private readonly changes = new SerialQueue();

  constructor(
    private readonly room: RoomConfig,
    private readonly deps: SceneDeps,
  ) {
    const countdowns = new CountdownEnds(room.rate, deps.day);
    this.contexts = new BuildContexts(room, deps, countdowns);
    const { canvas, pictures } = this.contexts;
    this.layers = new LayerCompiler(canvas, room.rate, deps.kernels);
    this.judged = new JudgedLayers(room, pictures);
    this.trials = new ProductTrials(this.judged, canvas);
    this.slots = new LayerSlots(room.layers, canvas);
    this.shots = new ShotLog();
    this.placed = new PlacedLayers(this.slots, this.layers, countdowns, this.shots, canvas);
    this.captions = new PlacedCaptions(this.layers, this.judged);
    this.lit = new LitLayers(room, this.contexts, this.judged, this.placed, deps.day);
  }

  /**
   * The scene from frame 0, with the product of the script's first segment. Also throws for pictures of the other
   * products, unless time is short: then they are checked when they are due.
   */
  open({ tryProducts = true }: { tryProducts?: boolean } = {}): Promise<SceneUpdate> {
    return this.changes.take(async () => {
      const first = this.room.script.segments[0]?.product;
      this.current = first === undefined ? null : this.productOf(first);
      this.lit.begin();
      const draft = newDraft();
      this.layers.background(this.room.video, draft);
      this.slots.ensureLabel();
      const slots = [...this.slots.values()];
      // Drawn in parallel; added to the scene in order.
      const built = slots.map((slot) => this.judged.draw(slot.layer, this.context()));
      for (const one of built) one.catch(() => undefined); // awaited in turn below
      for (const [i, slot] of slots.entries()) slot.shown = await this.show(slot, 0, draft, built[i]);
      for (const layer of this.onCue) await this.judged.of(layer, this.context());
      if (tryProducts) {
        // Later products, so that faults show before the room is on air.
        const others = this.room.products.filter((product) => product !== this.current);
        await this.trials.each(others, [...this.placed.all, ...this.onCue], (one) => this.context(one));
        await this.lit.tryAll(() => this.context());
      }
      await this.feed(draft);
      this.setLight = lightIn(draft, this.room.video);
      const { opening } = this.room.shots;
      if (opening === SHOTS[0]) return draft;
      return { ...draft, cuts: this.cut(frameIndex(0), [{ atFrame: frameIndex(0), shot: opening }]).cuts! };
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
    const layers = [...this.slots.values()].map(({ layer }) => layer);
    await this.trials.one(product, layers, this.context(product, this.deps.drawPut));
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
    this.placed.changes(atFrame);
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
      const seen = this.shots.between(cue.startFrame, cue.endFrame);
      await this.captions.add(cue, this.slots.values(), this.current, this.context(), draft, seen);
      return draft;
    });
  }

  /** Boxes of texts that were judged as text, including captions that just ended or are about to begin. */
  textBoxes(): readonly Box[] {
    return [...this.placed.textBoxes, ...this.captions.boxes];
  }

  /**
   * Digest of all layers but captions, and the first frame that shows them; undefined while pictures are among them that
   * only the loop knows.
   */
  still(): { readonly digest: string; readonly sinceFrame: number } | undefined {
    return this.placed.still(this.room.video);
  }

  /** Cuts between shots, which replace those that are due from a frame on. */
  cut(fromFrame: FrameIndex, cuts: readonly { readonly atFrame: FrameIndex; readonly shot: ShotName }[]): SceneUpdate {
    const shots: ShotCut[] = this.shots.replace(fromFrame, cuts);
    for (const { atFrame } of shots) this.placed.changes(atFrame);
    return { ...EMPTY_UPDATE, cuts: { fromFrame, shots } };
  }

  /** Whether the current product has something to stand beside it. */
  get hasBeside(): boolean {
    return comparison(this.current, this.room).beside !== null;
  }

  /** All layers, in their order. */
  get allLayers(): readonly Layer[] {
    return this.placed.all;
  }

  /** All layers from bottom to top. */
  get stacked(): readonly Layer[] {
    return this.placed.sorted.map(({ layer }) => layer);
  }

  /** The shot on the picture at a frame. */
  shotAt(frame: FrameIndex): ShotName {
    return this.shots.at(frame);
  }

  /** A layer's place at rest in the shot of a frame; null when it is not on the picture. */
  placeAt(id: string, frame: FrameIndex): Box | null {
    const slot = this.slots.get(id);
    if (slot === undefined) return null;
    const box = slot.shown?.box ?? (slot.layer.type === 'caption' ? this.captions.boxOf(id) : undefined);
    return box === undefined ? null : (this.placed.boxIn(slot.layer, box, this.shots.at(frame)) ?? null);
  }

  /** Moves a person's layer, whose pictures for that place are shown from the same frame on. */
  async placePerson(layer: Layer, atFrame: FrameIndex): Promise<SceneUpdate> {
    return this.changes.take(async () => {
      const old = this.slots.get(layer.id);
      const draft = newDraft();
      const slot = this.slots.replacePerson(layer);
      slot.shown = await this.placed.place(slot, await this.judged.of(layer, this.context()), atFrame, draft);
      if (old !== undefined) endSlot(old, atFrame, draft);
      return draft;
    });
  }

  /** The current layer of that id. */
  layer(id: string): Layer | undefined {
    return this.slots.get(id)?.layer;
  }

  /** The layers that would result from adding this one. */
  layersWith(layer: Layer): readonly Layer[] {
    return this.placed.allWith(layer);
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
   * order they are ready. `cut`: a layer that is on the picture changes there, without leaving and coming.
   */
  async putLayer(
    layer: Layer,
    when: FrameIndex | (() => FrameIndex),
    { cut = false }: { readonly cut?: boolean } = {},
  ): Promise<SceneUpdate> {
    for (;;) {
      this.slots.refusePresenterChange(layer.id, layer);
      const product = this.current;
      // Outside the scene's queue: a picture takes seconds, and captions cannot wait for it.
      const built = await this.judged.of(layer, this.context(product, this.deps.drawPut));
      const update = await this.changes.take(async () => {
        const stale = dependsOnProduct(layer) && product !== this.current;
        return stale ? undefined : this.putBuilt(layer, built, when, cut);
      });
      if (update !== undefined) return update;
    }
  }

  private async putBuilt(
    layer: Layer,
    built: BuiltLayer | undefined,
    when: FrameIndex | (() => FrameIndex),
    cut: boolean,
  ): Promise<SceneUpdate> {
    this.slots.refusePresenterChange(layer.id, layer);
    const old = this.slots.get(layer.id);
    const cuts = cut && old?.shown !== undefined && built !== undefined;
    const draft = newDraft();
    const slot = this.slots.place(layer);
    const atFrame = typeof when === 'function' ? when() : when;
    try {
      slot.shown = await this.placed.place(slot, built, atFrame, draft, cuts);
      await this.feed(draft);
    } catch (e) {
      letGo(draft);
      throw e;
    }
    if (old !== undefined) endSlot(old, atFrame, draft, cuts);
    this.slots.put(slot);
    await this.keepLabel(atFrame, draft);
    return draft;
  }

  /** Removes a layer. A room's own AI label is replaced by the default one, which cannot be removed. */
  removeLayer(id: string, atFrame: FrameIndex): SceneUpdate {
    const slot = this.slots.take(id);
    const draft = newDraft();
    this.placed.changes(atFrame);
    if (slot.layer.type === 'caption') this.captions.cut(atFrame, draft);
    endSlot(slot, atFrame, draft);
    return draft;
  }

  /** Moves the ends of countdowns to where the clocks say now; call it once the show runs, and now and then. */
  retimeCountdowns(): SceneUpdate {
    return { ...EMPTY_UPDATE, retimes: this.placed.retimes };
  }

  /**
   * Fades what follows the light of day to the light of now, from the frame that `when` returns once it is drawn and
   * judged; an empty update while the light is as it was. Throws as `open` does, and the light stays.
   */
  async relight(when: () => FrameIndex): Promise<SceneUpdate> {
    const drawn = await this.lit.next(() => this.context(this.current, this.deps.drawPut));
    return drawn === undefined ? EMPTY_UPDATE : this.changes.take(() => this.lit.show(drawn, when()));
  }

  /** A whole I420 frame, "back in a moment", with the AI label on it. */
  slate(text: string): Promise<Uint8Array<SharedArrayBuffer>> {
    const drawn = couldBeCode(text + this.room.title);
    return drawSlate(text, this.context(), this.deps.kernels, async (raster) => {
      if (drawn) await this.contexts.pictures.judge('slate', raster);
    });
  }

  /** Makes the feeder read the first frames of new clips. */
  private async feed(draft: Draft): Promise<void> {
    const feeder = this.deps.clips?.feeder;
    if (feeder === undefined) return;
    await Promise.all(draft.layers.flatMap(({ clips }) => (clips === null ? [] : feeder.feed(clips))));
  }

  private context(product: Product | null = this.current, draw?: DrawPicture): BuildContext {
    return this.contexts.of(product, draw);
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

  /** The room's layers that only come with lines. */
  private get onCue(): readonly Layer[] {
    return this.room.layers.filter(({ shown }) => shown === 'on-cue');
  }

  private async show(
    slot: Slot,
    atFrame: number,
    draft: Draft,
    drawing?: Promise<BuiltLayer | undefined>,
  ): Promise<Shown | undefined> {
    return this.placed.place(slot, await this.judged.of(slot.layer, this.context(), drawing), atFrame, draft);
  }

  /** Replaces the last AI label with the default one, in the same frame. */
  private async keepLabel(atFrame: number, draft: Draft): Promise<void> {
    this.slots.ensureLabel();
    for (const slot of this.slots.values()) {
      if (slot.layer.type === 'label' && slot.shown === undefined) slot.shown = await this.show(slot, atFrame, draft);
    }
  }
}

/** Frees the rings of layers that are not shown after all. */
function letGo(draft: Draft): void {
  for (const { clips } of draft.layers) if (clips !== null) new ClipRing(clips.control).end();
}
