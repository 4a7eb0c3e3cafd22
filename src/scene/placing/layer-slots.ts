import type { Layer } from '../../config/sections/layer.js';
import { type ShotName, SHOTS } from '../../config/sections/shots.js';
import type { BitmapId } from '../../core/media/picture.js';
import type { Box } from '../../core/verdict.js';
import type { Draft } from '../layer-compiler.js';
import type { Canvas } from '../place-box.js';
import { labelStays, presenterStays, unknownLayer } from '../scene-faults.js';
import type { ShotCut } from '../scene-update.js';
import { defaultLabel } from '../slate.js';

/** Cuts that are remembered: the show is planned a few seconds ahead, and cuts are some seconds apart. */
const MAX_CUTS = 8;

/** The shots on the picture and to come, by frame. */
export class ShotLog {
  private cuts: ShotCut[] = [{ atFrame: 0, shot: 0 }];

  /** Forgets the cuts from a frame on, and adds others; returns these as the loop takes them. */
  replace(fromFrame: number, cuts: readonly { readonly atFrame: number; readonly shot: ShotName }[]): ShotCut[] {
    const added = cuts.map(({ atFrame, shot }) => ({ atFrame, shot: SHOTS.indexOf(shot) }));
    const kept = this.cuts.filter(({ atFrame }, i) => (i === 0 && fromFrame > 0) || atFrame < fromFrame);
    this.cuts = [...kept, ...added].sort((a, b) => a.atFrame - b.atFrame).slice(-MAX_CUTS);
    return added;
  }

  /** The shot after the last cut. */
  get last(): ShotCut {
    return this.cuts.at(-1)!;
  }

  /** The shot on the picture at a frame; cuts may be due that have not come yet. */
  at(frame: number): ShotName {
    const { shot } = this.cuts.findLast(({ atFrame }) => atFrame <= frame) ?? this.cuts[0]!;
    return SHOTS[shot]!;
  }

  /** The last shot and the one before it: a viewer sees one of them. */
  get recent(): readonly ShotName[] {
    return [...new Set(this.cuts.slice(-2).map(({ shot }) => SHOTS[shot]!))];
  }

  /** Bits of the shots that some frame of a span shows. */
  between(from: number, to: number): number {
    let bits = 0;
    for (const [i, { atFrame, shot }] of this.cuts.entries()) {
      const end = this.cuts[i + 1]?.atFrame ?? Infinity;
      if (atFrame < to && end > from) bits |= 1 << shot;
    }
    return bits;
  }
}

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
