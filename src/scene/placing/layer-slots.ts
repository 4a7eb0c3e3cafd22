import type { Layer } from '../../config/sections/layer.js';
import type { BitmapId } from '../../core/media/picture.js';
import type { Box } from '../../core/verdict.js';
import type { Draft } from '../layer-compiler.js';
import type { Canvas } from '../place-box.js';
import { labelStays, presenterStays, unknownLayer } from '../scene-faults.js';
import { defaultLabel } from '../slate.js';

/** A layer on screen or on its way there. */
export interface Shown {
  readonly key: number;
  readonly ids: readonly BitmapId[];
  readonly leaveFrames: number;
  /** Its place at rest, before a turn. */
  readonly box: Box;
  /** Boxes of text the engine wrote. */
  readonly words: Box | undefined;
  /** See `stillDigest`. */
  readonly digest: string | undefined;
}

/** A layer and its slot. */
export interface Slot {
  readonly layer: Layer;
  readonly order: number;
  shown: Shown | undefined;
}

const AUTO_LABEL = 'ai-label';
const LABEL_ORDER = 1_000_000;
const MAX_REMEMBERED = 200;

/**
 * The layers of a scene in order, by id, and what may happen to them: the presenter stays as it is, and an AI label is
 * always present, the default one if the room has none of its own.
 */
export class LayerSlots {
  private readonly slots = new Map<string, Slot>();
  /** Of removed layers too: a layer that comes back takes its former place. */
  private readonly orders: Map<string, number>;
  private nextOrder: number;

  constructor(
    layers: readonly Layer[],
    private readonly canvas: Canvas,
  ) {
    this.orders = new Map(layers.map(({ id }, i) => [id, i + 1]));
    this.nextOrder = layers.length + 1;
    for (const layer of layers) if (layer.shown !== 'on-cue') this.put(this.place(layer));
  }

  /** In the place of the layer with the same id, also of a removed one, or after all others; not added yet. */
  place(layer: Layer): Slot {
    const order = this.slots.get(layer.id)?.order ?? this.orders.get(layer.id) ?? this.nextOrder++;
    return { layer, order, shown: undefined };
  }

  put(slot: Slot): void {
    this.slots.set(slot.layer.id, slot);
  }

  get(id: string): Slot | undefined {
    return this.slots.get(id);
  }

  /** Returns the slots unchanged: a removed layer does not come back. */
  values(): Iterable<Slot> {
    return this.slots.values();
  }

  /** Removes a layer and returns it; throws when the layer must stay. */
  take(id: string): Slot {
    const slot = this.slots.get(id);
    if (slot === undefined) throw unknownLayer(id, this.slots.keys());
    this.refusePresenterChange(id, undefined);
    const labels = [...this.slots.values()].filter((s) => s.layer.type === 'label');
    if (slot.layer.type === 'label' && labels.length === 1) throw labelStays(id);
    this.slots.delete(id);
    this.orders.set(id, slot.order);
    if (this.orders.size > MAX_REMEMBERED) this.orders.delete(this.orders.keys().next().value!);
    return slot;
  }

  /** Replaces a person's layer. */
  replacePerson(layer: Layer): Slot {
    const slot = this.place(layer);
    this.put(slot);
    return slot;
  }

  refusePresenterChange(id: string, layer: Layer | undefined): void {
    if (isPerson(this.slots.get(id)?.layer) || isPerson(layer)) throw presenterStays(id);
  }

  ensureLabel(): void {
    for (const { layer } of this.slots.values()) if (layer.type === 'label') return;
    let id = AUTO_LABEL;
    while (this.slots.has(id)) id += '-1';
    this.put({ layer: defaultLabel(id, this.canvas), order: LABEL_ORDER, shown: undefined });
  }
}

const isPerson = (layer: Layer | undefined): boolean => layer?.type === 'presenter' || layer?.type === 'assistant';

/** The layer shown in a slot leaves from this frame on. */
export function endSlot(slot: Slot, atFrame: number, draft: Draft, cut = false): void {
  if (slot.shown === undefined) return;
  draft.ends.push({ key: slot.shown.key, atFrame, ...(cut ? { cut } : {}) });
  for (const id of slot.shown.ids)
    draft.removeBitmaps.push({ id, atFrame: atFrame + (cut ? 0 : slot.shown.leaveFrames) });
  slot.shown = undefined;
}
