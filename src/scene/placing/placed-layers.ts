import type { RoomConfig } from '../../config/room-config.js';
import type { Daylight, Light } from '../../config/sections/daylight.js';
import { isHidden, type Layer } from '../../config/sections/layer.js';
import type { Product } from '../../config/sections/product.js';
import { type ShotName, SHOTS } from '../../config/sections/shots.js';
import type { Kernels } from '../../core/kernels.js';
import { millisecondsToFrames } from '../../core/time.js';
import type { Box } from '../../core/verdict.js';
import type { DrawPicture } from '../assets/load-picture.js';
import { buildLayer } from '../build-layer.js';
import { ClipStore } from '../clips/clip-store.js';
import type { ClipDeps } from '../clips/clip.js';
import { ALL_SHOTS, compileShots, shiftIn, windowIn } from '../compile-motion.js';
import { type CompiledLayer, NEVER } from '../compiled-layer.js';
import { type Canvas, canvasOf, meet } from '../place-box.js';
import { type Draft, type LayerCompiler, newDraft } from '../layer-compiler.js';
import {
  type BuildContext,
  type BuiltLayer,
  comparison,
  composedDigest,
  stillDigest,
} from '../layers/build-context.js';
import { buildCaption, type CaptionCue } from '../layers/caption-pages.js';
import { fadedIn, followsLight, LIGHT_FADE_MS } from '../light/light-layers.js';
import { type Admit, PictureStore } from '../picture-store.js';
import type { CountdownEnds, DayClock } from '../sale/countdown-ends.js';
import type { SceneUpdate } from '../scene-update.js';
import { loadSharp } from '../sharp.js';
import { TextMeasure } from '../text/text-layout.js';
import { endSlot, type LayerSlots, type ShotLog, type Shown, type Slot } from './layer-slots.js';

/** Maximum covered share of the smaller of two texts that leaves both readable. */
const MAX_SHARED = 0.1;

/**
 * Boxes of texts that stand alone. Two overlapping texts can read as something else ("W a s p" and " h t A p"), which
 * only the picture shows.
 */
export const legibleBoxes = (boxes: readonly Box[]): readonly Box[] =>
  boxes.filter((box, i) => !boxes.some((other, j) => i !== j && shared(box, other) > MAX_SHARED));

function shared(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

/** Characters that could draw a code out of text: box and block elements, shapes, braille, private use. */
const DRAWN = /[\u2500-\u25ff\u2800-\u28ff\ue000-\uf8ff\u{1fb00}-\u{1fbff}]/u;

/** Whether a text could be a code when it is drawn. */
export const couldBeCode = (text: string): boolean => DRAWN.test(text);

/** Draws layers and has them judged. Pictures are judged as they are loaded, texts here. */
export class JudgedLayers {
  constructor(
    private readonly room: RoomConfig,
    private readonly pictures: PictureStore,
  ) {}

  /** Only draws. `of` judges the result. */
  draw(layer: Layer, context: BuildContext): Promise<BuiltLayer | undefined> {
    return buildLayer(layer, context, this.where(layer));
  }

  /** A layer that may be shown; undefined when there is nothing to show now. Throws E_ASSET_REFUSED. */
  async of(layer: Layer, context: BuildContext, drawing = this.draw(layer, context)): Promise<BuiltLayer | undefined> {
    const built = await drawing;
    if (built !== undefined) await this.judgeText(this.where(layer), built);
    return built;
  }

  /** Text with drawing characters could be a code, so its picture is judged. */
  async judgeText(where: string, { text, sprites }: BuiltLayer): Promise<void> {
    if (text === undefined || !couldBeCode(text)) return;
    for (const { raster } of sprites) await this.pictures.judge(where, raster);
  }

  private where({ id }: Layer): string {
    const index = this.room.layers.findIndex((l) => l.id === id);
    return index < 0 ? `layer "${id}"` : `layers[${index}] "${id}"`;
  }
}

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

interface BuildDeps {
  readonly kernels: Kernels;
  readonly admit: Admit;
  readonly draw: DrawPicture;
  readonly clips?: ClipDeps;
}

/** The inputs with which a room's layers are drawn. */
export class BuildContexts {
  readonly canvas: Canvas;
  readonly pictures: PictureStore;
  /** Light of the layers that are drawn from now on. */
  light: Light = 'day';
  private readonly measure = new TextMeasure(loadSharp);
  private readonly clips: ClipStore;

  constructor(
    private readonly room: RoomConfig,
    { kernels, draw, admit, clips }: BuildDeps,
    private readonly countdowns: CountdownEnds,
  ) {
    this.canvas = canvasOf(room.video.width, room.video.height);
    this.pictures = new PictureStore(draw, admit);
    this.clips = new ClipStore(kernels, room.rate, clips);
  }

  /** `draw`: another process than the room's own for pictures. */
  of(product: Product | null, draw?: DrawPicture): BuildContext {
    const { room, canvas, measure, pictures, clips, countdowns, light } = this;
    return {
      room,
      canvas,
      measure,
      product,
      ...comparison(product, room),
      sharp: loadSharp,
      picture: (request) => pictures.load(request, draw),
      judge: (where, raster) => pictures.judgeOnce(where, raster, []),
      light,
      clip: (request) => clips.load(request),
      millisecondsUntil: (epochMs) => countdowns.millisecondsUntil(epochMs),
    };
  }
}

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

  /** The visible part of a box that belongs to a layer, in a shot; undefined when the layer is not in it. */
  boxIn(layer: Layer, box: Box, shot: ShotName): Box | undefined {
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

/** Minutes of the day from which a light holds; night lasts over midnight. The same all year, at every latitude. */
const BEGINS: readonly (readonly [minute: number, light: Light])[] = [
  [21 * 60, 'night'],
  [18 * 60 + 30, 'dusk'],
  [16 * 60 + 30, 'evening'],
  [7 * 60 + 30, 'day'],
  [5 * 60 + 30, 'dawn'],
];

/** The light of a set at an instant (Unix epoch). */
export function lightAt({ light, timeZone }: Daylight, epochMs: number): Light {
  if (light !== 'clock') return light;
  const parts = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: 'numeric', hourCycle: 'h23', timeZone });
  const [hour = 0, minute = 0] = parts.format(epochMs).split(':').map(Number);
  return BEGINS.find(([from]) => hour * 60 + minute >= from)?.[1] ?? 'night';
}

type Drawn = readonly (readonly [Slot, BuiltLayer | undefined])[];

/** The layers that follow the light of day. */
export class LitLayers {
  constructor(
    private readonly room: Pick<RoomConfig, 'daylight' | 'rate'>,
    private readonly contexts: BuildContexts,
    private readonly judged: JudgedLayers,
    private readonly placed: PlacedLayers,
    private readonly day: DayClock | undefined,
  ) {}

  /** Takes the light that the show begins with. */
  begin(): void {
    this.contexts.light = this.now;
  }

  /**
   * Draws and judges each picture by day and at night, so faults show before the room is on air. A mix of both is judged when
   * it is due: its scan takes as long as theirs.
   */
  async tryAll(context: () => BuildContext): Promise<void> {
    const both: BuildContext = { ...context(), light: 'dusk', judge: async () => undefined };
    for (const layer of this.placed.all) if (followsLight(layer)) await this.judged.of(layer, both);
  }

  /** The layers drawn in the light of now; undefined while that is the light they are in. The light stays on a throw. */
  async next(context: () => BuildContext): Promise<Drawn | undefined> {
    const { light: before } = this.contexts;
    const light = this.now;
    if (light === before) return undefined;
    const drawn: [Slot, BuiltLayer | undefined][] = [];
    this.contexts.light = light;
    try {
      for (const slot of this.placed.slots.values())
        if (followsLight(slot.layer)) drawn.push([slot, await this.judged.of(slot.layer, context())]);
    } catch (error) {
      this.contexts.light = before;
      throw error;
    }
    return drawn;
  }

  /** Fades them in; the picture in the old light stays below until the end of the fade. */
  async show(drawn: Drawn, atFrame: number): Promise<Draft> {
    const draft = newDraft();
    const endFrame = atFrame + millisecondsToFrames(LIGHT_FADE_MS, this.room.rate);
    for (const [slot, built] of drawn) {
      // Replaced or removed in the meantime.
      if (this.placed.slots.get(slot.layer.id) !== slot) continue;
      const shown = await this.placed.place({ ...slot, layer: fadedIn(slot.layer) }, built, atFrame, draft);
      endSlot(slot, endFrame, draft);
      slot.shown = shown;
      this.placed.changes(endFrame);
    }
    return draft;
  }

  /** The light of day, or the room's own; a render has no clock and is by day. */
  private get now(): Light {
    const { daylight } = this.room;
    if (this.day === undefined && daylight.light === 'clock') return 'day';
    return lightAt(daylight, this.day?.nowMs() ?? 0);
  }
}
