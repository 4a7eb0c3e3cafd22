import type { RoomConfig } from '../../config/room-config.js';
import type { Layer } from '../../config/sections/layer.js';
import { SHOTS, type ShotName } from '../../config/sections/shots.js';
import type { Box } from '../../core/verdict.js';
import { compileShots, shiftIn, windowIn } from '../compile-shots.js';
import { NEVER } from '../compiled-layer.js';
import type { Draft, LayerCompiler } from '../layer-compiler.js';
import type { BuiltLayer } from '../layers/build-context.js';
import { composedDigest, stillDigest } from '../layers/still-digest.js';
import type { CountdownEnds } from '../sale/countdown-ends.js';
import type { SceneUpdate } from '../scene-update.js';
import type { LayerSlots, Shown, Slot } from './layer-slots.js';
import { meet } from '../layer-boxes.js';
import type { Canvas } from '../place-box.js';
import { legibleBoxes } from './legible-boxes.js';
import type { ShotLog } from './shot-log.js';

/** The layers on the picture, captions excepted. */
export class PlacedLayers {
  /** First frame of the picture as it is now. */
  private changedAt = 0;

  constructor(
    readonly slots: LayerSlots,
    private readonly compiler: LayerCompiler,
    private readonly countdowns: CountdownEnds,
    private readonly shots: ShotLog,
    private readonly canvas: Canvas,
  ) {}

  /** Adds a drawn layer to the draft, from that frame on. */
  async place(
    slot: Slot,
    built: BuiltLayer | undefined,
    atFrame: number,
    draft: Draft,
    /** It stands there already, as another drawing. */
    cut = false,
  ): Promise<Shown | undefined> {
    if (built === undefined) return undefined;
    const { compiled, ids } = await this.compiler.compile(slot, built, atFrame, draft, {
      enter: !cut,
      leave: true,
      endFrame: NEVER,
      countsTo: this.countdowns.of(slot.layer, built.countdown, atFrame),
    });
    draft.layers.push(compiled);
    this.changes(atFrame);
    const words = built.text === undefined ? undefined : built.box;
    const { key, leave } = compiled;
    const { frame, box } = built;
    return { key, ids, leaveFrames: leave.frames, box: frame ?? box, words, digest: stillDigest(slot.layer, built) };
  }

  /** The picture changes at that frame. */
  changes(atFrame: number): void {
    this.changedAt = Math.max(this.changedAt, atFrame);
  }

  /** Boxes of the texts that the engine wrote. */
  get textBoxes(): readonly Box[] {
    return this.shots.recent.flatMap((shot) =>
      legibleBoxes(
        [...this.slots.values()].flatMap(({ layer, shown }) =>
          shown?.words === undefined ? [] : (this.boxIn(layer, shown.words, shot) ?? []),
        ),
      ),
    );
  }

  /** A layer's place at rest in the last shot; null when it is not in it. */
  boxNow(layer: Layer, shown: Shown | undefined): Box | null {
    return shown === undefined ? null : (this.boxIn(layer, shown.box, SHOTS[this.shots.last.shot]!) ?? null);
  }

  /** The visible part of a box that belongs to a layer, in a shot. */
  private boxIn(layer: Layer, box: Box, shot: ShotName): Box | undefined {
    const { shots } = compileShots(layer, this.canvas);
    if (((shots >> SHOTS.indexOf(shot)) & 1) === 0) return undefined;
    const { dx, dy } = shiftIn(layer, shot, this.canvas);
    const moved = { ...box, x: box.x + dx, y: box.y + dy };
    const window = windowIn(layer, shot, this.canvas);
    return window === undefined ? moved : meet(moved, window);
  }

  /**
   * Digest of all layers, and the first frame that shows them; undefined while pictures are among them that only the
   * loop knows.
   */
  still({
    background,
    width,
    height,
  }: RoomConfig['video']): { readonly digest: string; readonly sinceFrame: number } | undefined {
    const { shot, atFrame } = this.shots.last;
    const shown = [...this.slots.values()]
      .filter(({ layer, shown }) => shown !== undefined && ((compileShots(layer, this.canvas).shots >> shot) & 1) === 1)
      .sort(byHeight);
    const digest = composedDigest(
      shown.map((slot) => slot.shown!.digest),
      `${width}x${height}`,
      background,
      ...(shot === 0 ? [] : [SHOTS[shot]!]),
    );
    return digest === undefined ? undefined : { digest, sinceFrame: Math.max(this.changedAt, atFrame) };
  }

  /** From bottom to top. */
  get sorted(): readonly Slot[] {
    return [...this.slots.values()].sort(byHeight);
  }

  /** All layers, in their order. */
  get all(): readonly Layer[] {
    return [...this.slots.values()].map((slot) => slot.layer);
  }

  /** The layers that would result from adding this one. */
  allWith(layer: Layer): readonly Layer[] {
    const at = this.all.findIndex(({ id }) => id === layer.id);
    return at < 0 ? [...this.all, layer] : this.all.with(at, layer);
  }

  /** The ends of countdowns by the clocks as they are now. */
  get retimes(): SceneUpdate['retimes'] {
    return [...this.slots.values()].flatMap(({ layer, shown }) =>
      layer.type !== 'countdown' || layer.endsAt === undefined || shown === undefined
        ? []
        : [{ key: shown.key, endFrame: this.countdowns.frameOf(Date.parse(layer.endsAt), 0) }],
    );
  }
}

/** From bottom to top; the AI label is drawn above everything. */
function byHeight(a: Slot, b: Slot): number {
  const level = ({ layer }: Slot): number => (layer.type === 'label' ? Infinity : layer.z);
  return level(a) === level(b) ? a.order - b.order : level(a) - level(b);
}
