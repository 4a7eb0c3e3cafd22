import { isHidden, layer as layerSchema, type Layer } from '../../config/sections/layer.js';
import { absoluteIn, layerAsWritten, mergePatch, resolveLayer } from '../../config/resolve-room.js';
import { EngineError } from '../../core/errors.js';
import type { EditOptions, LayerList, LayersHandle, LayerState, PlacedLayer } from '../../config/api/layers-handle.js';
import { COMMAND_LIMIT_MS, SerialQueue, pointOfNoReturn } from '../../core/serial-queue.js';
import { type FrameIndex, frameIndex } from '../../core/time.js';
import type { Box, LedgerEntry } from '../../core/verdict.js';
import { unknownLayer } from '../../scene/scene-faults.js';
import { RemovedTexts, togetherHits } from '../../admission/texts/shown-together.js';
import { layerTexts, composedTexts, type ShownText } from '../../admission/texts/layer-texts.js';
import type { EditHistory, Reversal } from './edit-history.js';
import { withoutDefaults } from './save-room.js';
import type { RoomConfig } from '../../config/room-config.js';
import { valueFault } from '../../config/value-fault.js';
import { listenTo } from '../../show/show-command.js';
import { refuseFilesElsewhere } from '../../admission/asset-folders.js';
import { refuseTexts, refuseTogether } from '../../admission/texts/refuse-texts.js';
import type { RoomParts } from '../room-desk.js';

type Stacked = Pick<Layer, 'id' | 'z' | 'type'>;

/** Room between two layers, so that a later one fits in without a change of the others. */
const STEP = 10;
const MAX_Z = 1000;

/**
 * The heights that put layers in an order, for those alone whose height changes.
 *
 * Rule: named layers take each other's places, the first one the lowest; the others stay between their neighbours. A
 * layer keeps its height while it is above the one below it; equal heights are not used, since those stack by the file.
 */
export function newOrder(sorted: readonly Stacked[], ids: readonly string[]): Map<string, number> {
  const isNamed = new Set(ids);
  const byId = new Map(sorted.map((layer) => [layer.id, layer]));
  const named = ids.flatMap((id) => byId.get(id) ?? []);
  let next = 0;
  // The AI label is above everything whatever its height.
  const wanted = sorted
    .map((layer) => (isNamed.has(layer.id) ? named[next++]! : layer))
    .filter(({ type }) => type !== 'label');
  if (wanted.every((layer, i) => layer === sorted.filter(({ type }) => type !== 'label')[i])) return new Map();
  const kept = spread(wanted, (layer, below) => (layer.z > below ? layer.z : below + 1));
  const heights = kept.every((z) => z <= MAX_Z) ? kept : wanted.map((_, i) => (i - (wanted.length >> 1)) * STEP);
  return new Map(wanted.flatMap(({ id, z }, i) => (heights[i] === z ? [] : [[id, heights[i]!] as const])));
}

function spread(wanted: readonly Stacked[], heightOf: (layer: Stacked, below: number) => number): number[] {
  let below = -MAX_Z - 1;
  return wanted.map((layer) => (below = heightOf(layer, below)));
}

export type PutLayerParts = Pick<RoomParts, 'room' | 'scene' | 'judge' | 'loop' | 'ledger'>;

/**
 * Judges, loads and shows a layer, from the frame that `soon` returns once it is ready. Throws E_LAYER_INVALID with
 * the location of the fault, or the error of a refused text or picture. It is judged together with the other layers
 * before it is drawn, which may take seconds, and again before it is shown, so that two layers added at once cannot
 * complete each other's text.
 */
export async function putLayer(
  { room, scene, judge, loop, ledger }: PutLayerParts,
  removed: Pick<RemovedTexts, 'add' | 'hits'>,
  id: string,
  body: unknown,
  soon: () => FrameIndex,
  late?: AbortSignal,
  options: { readonly cut?: boolean } = {},
): Promise<{ id: string; atFrame: number }> {
  const layer = checkedLayer(room, id, body);
  refuseEnded(layer);
  await refuseFilesElsewhere(room, layer);
  const note = (entry: LedgerEntry): void => void ledger.append(entry);
  const texts = [...layerTexts(layer, `layer "${id}"`), ...composedTexts(layer, `layer "${id}"`, room)];
  refuseTexts(judge, room, texts, note);
  let replaced: ShownText[] = [];
  const refuseBeside = (): void => {
    const old = scene.layer(id);
    replaced = old === undefined ? [] : layerTexts(old, `layer "${id}"`);
    refuseTogether(togetherHits(judge, room, scene.layersWith(layer)), note);
    refuseTogether(removed.hits(texts, room.language, replaced), note);
  };
  refuseBeside();
  let atFrame = soon();
  // Other layers may have been added or removed while it was drawn.
  const when = (): FrameIndex => {
    refuseBeside();
    pointOfNoReturn(late);
    return (atFrame = soon());
  };
  loop.send({ type: 'scene', update: await scene.putLayer(layer, when, options) });
  const listen = listenTo(layer, atFrame, room.rate);
  if (listen !== undefined) loop.send(listen);
  removed.add(replaced);
  return { id, atFrame };
}

/** A layer of the schema with absolute paths. Throws E_LAYER_INVALID with the location of the fault. */
function checkedLayer({ dir }: Pick<RoomConfig, 'dir'>, id: string, body: unknown): Layer {
  const raw = { ...(typeof body === 'object' ? body : {}), id };
  const result = layerSchema.safeParse(raw);
  if (result.success) return resolveLayer(result.data, absoluteIn(dir));
  const { where, expected, found, todo } = valueFault(result.error.issues[0]!, raw, layerSchema);
  throw new EngineError('E_LAYER_INVALID', {
    where: `layer "${id}"${where === '' ? '' : `: ${where}`}`,
    expected,
    found,
    todo: todo ?? '`engine schema` lists all layer types',
  });
}

/** An offer that is over already cannot be counted down to. */
function refuseEnded(layer: Layer): void {
  if (layer.type !== 'countdown' || layer.endsAt === undefined || Date.parse(layer.endsAt) > Date.now()) return;
  throw new EngineError('E_LAYER_INVALID', {
    where: `layer "${layer.id}": endsAt`,
    expected: 'a time to come',
    found: layer.endsAt,
    todo: 'check the time zone, or remove the layer',
  });
}

export interface LayerCommandsOptions {
  readonly parts: PutLayerParts;
  /** The frame on the picture. */
  readonly frame: () => FrameIndex;
  readonly soon: () => FrameIndex;
  readonly nowMs: () => number;
  readonly history?: EditHistory;
  /** Moves a person, who is drawn at the size of the layer; returns the first frame. */
  readonly placePerson?: (layer: Layer, late: AbortSignal) => Promise<FrameIndex>;
  /** The picture has changed by an edit. */
  readonly onChange?: () => void;
}

/**
 * Adds, changes, stacks and removes layers on air. Commands for one layer id run in order; different ids run in
 * parallel, since drawing and scanning a picture may take seconds.
 */
export class LayerCommands implements LayersHandle {
  private readonly turns = new Map<string, { readonly turns: SerialQueue; waiting: number }>();
  private readonly stacking = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'PUT /api/layers/order' });
  private readonly removed: RemovedTexts;
  /** Layers that commands have put or removed, as they are now. */
  private readonly changed = new Map<string, Layer | undefined>();

  constructor(private readonly options: LayerCommandsOptions) {
    this.removed = new RemovedTexts(options.parts.judge, options.nowMs);
  }

  list(): LayerList {
    const { scene, room } = this.options.parts;
    const { width, height } = room.video;
    const frame = this.options.frame();
    const { stacked } = scene;
    const waiting = room.layers.filter(
      (layer) => layer.shown === 'on-cue' && !stacked.some(({ id }) => id === layer.id) && !this.changed.has(layer.id),
    );
    const labels = stacked.filter(({ type }) => type === 'label').length;
    return {
      canvas: { width, height },
      shot: scene.shotAt(frame),
      layers: [...stacked, ...waiting].map((layer) => this.state(layer, scene.placeAt(layer.id, frame), labels)),
    };
  }

  put(id: string, body: unknown, { gesture }: EditOptions = {}): Promise<PlacedLayer> {
    return this.apply(id, () => body, {
      cut: gesture !== undefined,
      applied: (before, after) => {
        this.options.history?.register({
          what: `layer "${id}"`,
          undo: this.again(id, before),
          redo: this.again(id, after),
          gesture,
        });
      },
    });
  }

  patch(id: string, patch: unknown, { gesture }: EditOptions = {}): Promise<PlacedLayer> {
    const { dir } = this.options.parts.room;
    return this.apply(id, (before) => mergePatch(layerAsWritten(before ?? this.unknown(id), dir), patch), {
      cut: true,
      applied: (before, after) => {
        this.options.history?.register({
          what: `layer "${id}"`,
          undo: this.again(id, before),
          redo: this.again(id, after),
          gesture,
        });
      },
    });
  }

  order(ids: readonly string[]): Promise<LayerList> {
    return this.stacking.take(async () => {
      const { scene } = this.options.parts;
      for (const id of ids) if (scene.layer(id) === undefined) this.unknown(id);
      const heights = newOrder(scene.stacked, ids);
      const before = new Map([...heights.keys()].map((id) => [id, scene.layer(id)!.z]));
      await this.stack(heights);
      if (heights.size > 0)
        this.options.history?.register({
          what: 'order of the layers',
          undo: (requireNewest) => this.stackAgain(before, requireNewest),
          redo: (requireNewest) => this.stackAgain(heights, requireNewest),
        });
      return this.list();
    });
  }

  /** Removes at once, without waiting for a layer that is still being prepared. */
  async remove(id: string): Promise<void> {
    const before = this.takeOut(id);
    if (before === undefined) return;
    this.options.history?.register({
      what: `remove layer "${id}"`,
      undo: this.again(id, before),
      redo: this.again(id, undefined),
    });
  }

  /** Layers that differ from the room file's; undefined for a removed one. */
  edited(): ReadonlyMap<string, Layer | undefined> {
    return this.changed;
  }

  /** Shows a layer of a line, which is no edit; `when`: the frame from which it is shown, asked once it is ready. */
  async showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<void> {
    await this.inTurn(id, () => putLayer(this.options.parts, this.removed, id, body, when));
  }

  hideForLine(id: string, atFrame: FrameIndex): void {
    this.withdraw(id, atFrame);
  }

  private state(layer: Layer, box: Box | null, labels: number): LayerState {
    const { dir } = this.options.parts.room;
    const isPerson = layer.type === 'presenter' || layer.type === 'assistant';
    const isLabel = layer.type === 'label';
    return {
      id: layer.id,
      layer: withoutDefaults(layerSchema, layerAsWritten(layer, dir)),
      box: isHidden(layer) ? null : box,
      can: {
        resize: !isLabel,
        turn: 'rotate' in layer || TURNS.has(layer.type),
        hide: !isPerson && !isLabel,
        remove: !isPerson && (!isLabel || labels > 1),
      },
    };
  }

  /** The edit that leads to this layer, for undo and redo; without a layer it removes. */
  private again(id: string, layer: Layer | undefined): Reversal {
    return async (requireNewest) => {
      if (layer === undefined) this.takeOut(id);
      else await this.apply(id, () => layer, { cut: true, begins: requireNewest });
    };
  }

  private async stackAgain(heights: ReadonlyMap<string, number>, requireNewest: () => void): Promise<void> {
    await this.stacking.take(async () => {
      requireNewest();
      await this.stack(heights);
    });
  }

  private async stack(heights: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, z] of heights)
      await this.apply(id, (before) => ({ ...(before ?? this.unknown(id)), z }), { cut: true });
  }

  /**
   * `body`: made in its turn from the layer as it is then. `applied`: called in the same turn, with the layer before and
   * after.
   */
  private apply(
    id: string,
    body: (before: Layer | undefined) => unknown,
    {
      applied,
      begins,
      cut = false,
    }: {
      applied?: (before: Layer | undefined, after: Layer | undefined) => void;
      begins?: () => void;
      cut?: boolean;
    } = {},
  ): Promise<PlacedLayer> {
    const { parts, soon, onChange } = this.options;
    const { scene } = parts;
    return this.inTurn(id, async (late) => {
      begins?.();
      const before = scene.layer(id);
      const wanted = body(before);
      const done = isPerson(before)
        ? { id, atFrame: await this.person(before, wanted, late) }
        : await putLayer(parts, this.removed, id, wanted, soon, late, { cut });
      const after = scene.layer(id);
      this.changed.set(id, after);
      applied?.(before, after);
      onChange?.();
      return { ...done, box: scene.placeAt(id, frameIndex(done.atFrame)) };
    });
  }

  /** A person is moved by drawing them at their new place. */
  private async person(before: Layer, body: unknown, late: AbortSignal): Promise<number> {
    const { parts, placePerson } = this.options;
    const layer = checkedLayer(parts.room, before.id, body);
    if (layer.type !== before.type || placePerson === undefined)
      throw new EngineError('E_LAYER_INVALID', {
        where: `layer "${before.id}"`,
        expected: `a layer of type "${before.type}"`,
        found: `"${layer.type}"`,
        todo: 'PUT /api/presenter changes who presents',
      });
    return placePerson(layer, late);
  }

  private async inTurn<T>(id: string, task: (late: AbortSignal) => Promise<T>): Promise<T> {
    const mine = this.turns.get(id) ?? {
      turns: new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: `layer "${id}"` }),
      waiting: 0,
    };
    this.turns.set(id, mine);
    mine.waiting += 1;
    try {
      return await mine.turns.take(task);
    } finally {
      mine.waiting -= 1;
      if (mine.waiting === 0) this.turns.delete(id);
    }
  }

  private takeOut(id: string): Layer | undefined {
    const layer = this.withdraw(id, this.options.soon());
    this.changed.set(id, undefined);
    this.options.onChange?.();
    return layer;
  }

  private withdraw(id: string, atFrame: FrameIndex): Layer | undefined {
    const { scene, loop } = this.options.parts;
    const layer = scene.layer(id);
    loop.send({ type: 'scene', update: scene.removeLayer(id, atFrame) });
    if (layer !== undefined) this.removed.add(layerTexts(layer, `layer "${id}"`));
    return layer;
  }

  private unknown(id: string): never {
    throw unknownLayer(
      id,
      this.options.parts.scene.stacked.map((layer) => layer.id),
    );
  }
}

const isPerson = (layer: Layer | undefined): layer is Layer =>
  layer?.type === 'presenter' || layer?.type === 'assistant';

const TURNS: ReadonlySet<Layer['type']> = new Set([
  'image',
  'text',
  'bubble',
  'sticker',
  'shape',
  'card',
  'coupon',
  'ladder',
  'attributes',
  'question',
  'announcement',
]);
