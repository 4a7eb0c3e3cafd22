import { dirname, resolve } from 'node:path';
import type { Layer, PushIn } from '../config/sections/layer.js';
import type { RoomConfig } from '../config/room-config.js';
import { templatePath } from '../core/files/paths.js';
import type { Kernels } from '../core/kernels.js';
import { newBitmapId, type BitmapId, yuvaSize } from '../core/media/picture.js';
import { frameIndex, millisecondsToFrames, type FrameRate } from '../core/time.js';
import { EngineError } from '../core/errors.js';
import type { Box } from '../core/verdict.js';
import {
  ClipRing,
  clipRuns,
  type CompiledClip,
  type CompiledClips,
  newRingControl,
  RING_SLOTS,
  ringBytes,
} from './clips/clip-ring.js';
import type { LoadedClip } from './clips/clip.js';
import { MAX_RING_BYTES } from './clips/clip-limits.js';
import { ALL_SHOTS, compileMotion, compileShots, compileTransition, NO_TRANSITION } from './compile-motion.js';
import {
  NEVER,
  TRANSITION,
  type CompiledCountdown,
  type CompiledLayer,
  type CompiledPush,
  type CompiledSprite,
} from './compiled-layer.js';
import type { BuiltLayer, BuiltSprite } from './layers/build-context.js';
import { areaOf, type Canvas, depthPx, meet } from './place-box.js';
import type { Raster } from './raster.js';
import type { SceneUpdate } from './scene-update.js';
import { loadSharp } from './sharp.js';
import { SpriteMaker } from './sprite-maker.js';
import { splitColour } from './text/text-svg.js';

/*
 * Problem: a picture that grows by a whole pixel now and then jerks; one that is new in every frame is scanned and encoded
 * in every frame.
 *
 * Rule: the full size is drawn and judged as any picture; the loop draws the smaller ones from it, bilinear at fractions
 * of a pixel (`PushIn`). Width or height grows by half a pixel a size. A large picture takes fewer, longer steps, that
 * are still below a pixel at its edges.
 *
 * Numbers: five sizes a second for a picture that takes more than a quarter of the frame; rows of 128 Ki pixels are
 * drawn in a frame. Pictures with a side over MAX_SIDE stay as they are.
 */
const STEP_PX = 0.5;
const LARGE_SHARE = 1 / 4;
const LARGE_STEP_MS = 200;
const STRIP_PIXELS = 128 * 1024;
/** Maximum side that the kernel takes. */
const MAX_SIDE = 2048;
/** Clear pixels around a picture that does not cover its place, so that its edges are soft at any size. */
const MARGIN_PX = 2;
/** Pixels by which a picture must reach beyond its place to count as covering it. */
const BEYOND_PX = 4;

/** The share of the height that stays in place. */
const anchorOf = ({ towards }: PushIn): number => (towards === 'foot' ? 1 : 0.5);

/** The picture with clear pixels on every side. */
function withMargin({ rgba, width, height }: Raster, margin: number): Raster {
  const wide = width + 2 * margin;
  const out = new Uint8Array(wide * (height + 2 * margin) * 4);
  for (let y = 0; y < height; y += 1)
    out.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), ((y + margin) * wide + margin) * 4);
  return { rgba: out, width: wide, height: height + 2 * margin };
}

/** Whether the first size of a picture reaches beyond a part of its full size on every side. */
function coversAt(from: number, { width, height }: Raster, anchorY: number, part: Box): boolean {
  const reaches = (length: number, anchor: number, start: number, end: number): boolean =>
    anchor - anchor * from + BEYOND_PX <= start && end + BEYOND_PX <= anchor + (length - anchor) * from;
  return (
    reaches(width, width / 2, part.x, part.x + part.width) &&
    reaches(height, height * anchorY, part.y, part.y + part.height)
  );
}

/** The picture at `scale`, at most 1, in a raster of the same size; the middle of a row at `anchorY` stays in place. */
export function shrunk(raster: Raster, scale: number, anchorY: number): Raster {
  const { rgba, width, height } = raster;
  const out = new Uint8Array(rgba.length);
  const across = steps(width, scale, 0.5);
  const down = steps(height, scale, anchorY);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) blend(rgba, width, height, across[x]!, down[y]!, out, (y * width + x) * 4);
  }
  return { rgba: out, width, height };
}

/** For each pixel of a row or column, where it lies in the full size. */
function steps(length: number, scale: number, anchor: number): Float64Array {
  const middle = length * anchor;
  return Float64Array.from({ length }, (_, i) => (i + 0.5 - middle) / scale + middle - 0.5);
}

/** One pixel from its four neighbours, weighted by area and opacity; nothing lies outside the picture. */
function blend(
  rgba: Uint8Array,
  width: number,
  height: number,
  x: number,
  y: number,
  out: Uint8Array,
  to: number,
): void {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  let r = 0;
  let g = 0;
  let b = 0;
  let a = 0;
  for (let j = 0; j < 2; j += 1) {
    const row = y0 + j;
    if (row < 0 || row >= height) continue;
    for (let i = 0; i < 2; i += 1) {
      const column = x0 + i;
      if (column < 0 || column >= width) continue;
      const at = (row * width + column) * 4;
      const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row)) * rgba[at + 3]!;
      r += weight * rgba[at]!;
      g += weight * rgba[at + 1]!;
      b += weight * rgba[at + 2]!;
      a += weight;
    }
  }
  if (a === 0) return;
  out[to] = Math.round(r / a);
  out[to + 1] = Math.round(g / a);
  out[to + 2] = Math.round(b / a);
  out[to + 3] = Math.round(a);
}

/** Shows letters of judged words on a plain box, and nothing else. */
const hasWords = ({ type }: Layer): boolean => type === 'ticker' || type === 'caption';

/** A picture that comes with the engine. */
const isOwnSticker = (layer: Layer): boolean =>
  layer.type === 'sticker' && dirname(resolve(layer.src)) === templatePath('stickers');

/** A scene update under construction. */
export interface Draft {
  bitmaps: SceneUpdate['bitmaps'][number][];
  layers: CompiledLayer[];
  ends: SceneUpdate['ends'][number][];
  removeBitmaps: SceneUpdate['removeBitmaps'][number][];
}

export const newDraft = (): Draft => ({ bitmaps: [], layers: [], ends: [], removeBitmaps: [] });

/** Turns drawn layers into the numbers and bitmaps that the loop's thread uses. */
export class LayerCompiler {
  private readonly sprites: SpriteMaker;
  private nextKey = 1;
  private rings: CompiledClips[] = [];

  constructor(
    private readonly canvas: Canvas,
    private readonly rate: FrameRate,
    private readonly kernels: Kernels,
  ) {
    this.sprites = new SpriteMaker(kernels, loadSharp);
  }

  /** Compiles a built layer that shows from `atFrame` on, and adds its bitmaps to the draft. */
  async compile(
    { layer, order }: { readonly layer: Layer; readonly order: number },
    built: BuiltLayer,
    atFrame: number,
    draft: Draft,
    when: { enter: boolean; leave: boolean; endFrame: number; countsTo?: number },
  ): Promise<{ compiled: CompiledLayer; ids: BitmapId[] }> {
    const { rate } = this;
    const { box } = built;
    const label = layer.type === 'label';
    const canPop =
      built.sprites.length === 1 &&
      built.cycle === undefined &&
      built.scroll === undefined &&
      built.countdown === undefined;
    const side = (entering: boolean) =>
      compileTransition(entering ? layer.enter : layer.leave, entering, box, this.canvas, rate, canPop);
    const enter = label || !when.enter ? NO_TRANSITION : side(true);
    const leave = label || !when.leave ? NO_TRANSITION : side(false);
    const motion = label ? null : compileMotion(layer.motion, this.canvas, rate);
    const shifts = (motion?.dx256.some((v) => v !== 0) ?? false) || (motion?.dy256.some((v) => v !== 0) ?? false);
    const depth256 = label ? 0 : Math.round(depthPx(layer, this.canvas) * 256);
    const moves = shifts || depth256 !== 0 || enter.kind === TRANSITION.slide || leave.kind === TRANSITION.slide;
    const added: Draft['bitmaps'] = [];
    const sprites = built.sprites.map((s, i) => {
      if (s.clip !== undefined) return clipSprite(s.clip, s.dx, s.dy, added);
      const runs = built.scroll !== undefined && i >= built.scroll.fixed;
      return this.sprites.sprite(s, box.x, box.y, moves || runs, added);
    });
    const { cycle, scroll } = built;
    const holdFrames = cycle === undefined ? 0 : millisecondsToFrames(cycle.holdMs, rate);
    const turnFrames = Int32Array.from(built.sprites, (s) => s.clip?.file.index.length ?? holdFrames);
    const clips = this.clips(layer.id, built, sprites, turnFrames, added);
    const countdown = this.countdown(built, when.countsTo ?? NEVER, moves, added);
    const shots = compileShots(layer, this.canvas);
    const staysPut =
      !moves && (shots.places === null || [...shots.places.dx, ...shots.places.dy].every((d) => d === 0));
    const pushIn = layer.type === 'image' ? layer.pushIn : undefined;
    const push = pushIn === undefined ? null : this.push(built.sprites[0]!, pushIn, box, staysPut, added);
    const pops = enter.kind === TRANSITION.pop || leave.kind === TRANSITION.pop;
    const popped = built.sprites[0]!;
    // A pop ends where the push-in begins.
    const last = push === null ? popped : { ...popped, raster: shrunk(popped.raster, push.from, anchorOf(pushIn!)) };
    const pop = pops ? { sprites: await this.sprites.popSprites(last, box.x, box.y, moves, added) } : null;
    draft.bitmaps.push(...added);
    const leaveAt = when.endFrame === NEVER ? NEVER : Math.max(atFrame + 1, when.endFrame - leave.frames);
    const compiled: CompiledLayer = {
      key: this.nextKey++,
      id: layer.id,
      z: layer.z,
      order,
      topmost: label,
      presenter: layer.type === 'presenter',
      assistant: layer.type === 'assistant',
      wordsOnly: layer.type === 'ticker' && motion === null && depth256 === 0,
      isPicture: layer.type === 'image' && motion === null && clips === null && cycle === undefined,
      isOwn: hasWords(layer) || isOwnSticker(layer),
      hasWords: hasWords(layer),
      startFrame: atFrame,
      leaveFrame: leaveAt,
      ...box,
      opacity: label ? 256 : Math.round(layer.opacity * 256),
      ...shots,
      enter,
      leave,
      motion,
      depth256,
      sprites,
      cycle:
        cycle === undefined
          ? null
          : {
              turnFrames,
              fadeFrames: cycle.fadeMs === 0 ? 0 : millisecondsToFrames(cycle.fadeMs, rate),
              covers: Uint8Array.from(cycle.covers, Number),
            },
      clips,
      scroll:
        scroll === undefined
          ? null
          : {
              ...scroll.window,
              period: scroll.period,
              phase: scroll.phase,
              fixed: scroll.fixed,
              speed256: Math.round(scroll.speedPxPerSecond * 256),
            },
      pop,
      push,
      countdown,
    };
    return { compiled, ids: [...added.map((b) => b.id), ...(clips?.ids ?? [])] };
  }

  /** How a picture grows; null for one that is too large. `staysPut`: what lies outside the frame is never seen. */
  private push(
    { raster: whole, dx, dy }: BuiltSprite,
    pushIn: PushIn,
    box: Box,
    staysPut: boolean,
    added: Draft['bitmaps'],
  ): CompiledPush | null {
    const { from, durationMs } = pushIn;
    const anchor = anchorOf(pushIn);
    const at = { x: box.x + dx, y: box.y + dy, width: whole.width, height: whole.height };
    const frame = { x: 0, y: 0, width: this.canvas.width, height: this.canvas.height };
    const seen = staysPut ? meet(at, frame) : at;
    const inside = { ...seen, x: seen.x - at.x, y: seen.y - at.y };
    const plain = this.sprites.bitmap(whole, 0, 0);
    const covers = plain.opaque && coversAt(from, whole, anchor, inside);
    const margin = covers ? 0 : MARGIN_PX;
    const source = covers ? plain : this.sprites.bitmap(withMargin(whole, margin), 0, 0);
    if (seen.width < 1 || seen.height < 1 || Math.max(source.width, source.height) > MAX_SIDE) return null;
    // Drawn at even places, with the margin where it has one.
    const x0 = (seen.x - margin) & ~1;
    const y0 = (seen.y - margin) & ~1;
    const width = (seen.x + seen.width + margin - x0 + 1) & ~1;
    const height = (seen.y + seen.height + margin - y0 + 1) & ~1;
    const count = Math.ceil((width * height) / STRIP_PIXELS);
    const rows = (Math.ceil(height / count) + 1) & ~1;
    const strips: CompiledPush['strips'][number][] = [];
    for (let y = y0; y < y0 + height; y += rows) {
      const high = Math.min(rows, y0 + height - y);
      const sprite = (): CompiledSprite => {
        const id = newBitmapId();
        const data = new Uint8Array(new SharedArrayBuffer(yuvaSize(width, high)));
        added.push({ id, bitmap: { width, height: high, opaque: covers, data } });
        const place = { dx: x0 - box.x, dy: y - box.y, width, height: high, fromFrame: 0, toFrame: NEVER };
        return { ids: [id, id, id, id], ...place };
      };
      strips.push({ x: x0 - at.x + margin, y: y - at.y + margin, sprites: [sprite(), sprite()] });
    }
    const frames = millisecondsToFrames(durationMs, this.rate);
    const isLarge = areaOf(seen) > LARGE_SHARE * areaOf(frame);
    const hold = isLarge ? millisecondsToFrames(LARGE_STEP_MS, this.rate) : 1;
    const sizes = ((1 - from) * Math.max(whole.width, whole.height)) / STEP_PX;
    return {
      source,
      sizes: Math.max(1, Math.round(Math.min(sizes, frames / hold))),
      frames,
      from,
      anchorX: margin + whole.width / 2,
      anchorY: margin + whole.height * anchor,
      strips,
    };
  }

  private countdown(
    { box, countdown }: BuiltLayer,
    endFrame: number,
    moves: boolean,
    added: Draft['bitmaps'],
  ): CompiledCountdown | null {
    if (countdown === undefined) return null;
    const { cells, digits, running } = countdown;
    return {
      digits: digits.map((digit) => this.sprites.sprite(digit, box.x, box.y, moves, added)),
      dx: Int32Array.from(cells, ([dx]) => dx),
      modulus: Int32Array.from(cells, ([, modulus]) => modulus),
      divisor: Int32Array.from(cells, ([, , divisor]) => divisor),
      running,
      endFrame,
    };
  }

  /** The ring of a clip layer; E_ASSET_TOO_LARGE when the other clips on the picture leave too little memory. */
  private clips(
    id: string,
    { sprites: built, cycle }: BuiltLayer,
    sprites: readonly CompiledSprite[],
    turnFrames: Int32Array,
    bitmaps: Draft['bitmaps'],
  ): CompiledClips | null {
    if (cycle === undefined || !built.some((s) => s.clip !== undefined)) return null;
    const slates = new Map<Raster, BitmapId>();
    const slateId = (slate: Raster | undefined, firstId: BitmapId): BitmapId => {
      if (slate === undefined || cycle.slateAfterMs === 0) return firstId;
      const id = slates.get(slate) ?? newBitmapId();
      if (!slates.has(slate))
        bitmaps.push({ id, bitmap: this.kernels.rgbaToYuva(slate.rgba, slate.width, slate.height, 0, 0) });
      slates.set(slate, id);
      return id;
    };
    const items = built.map((s, i): CompiledClip | null => {
      if (s.clip === undefined) return null;
      const { path, width, height, stored, index } = s.clip.file;
      const firstId = sprites[i]!.ids[0];
      const ids = { firstId, slateId: slateId(s.slate, firstId) };
      return { path, width, height, opaque: s.clip.opaque, stored, index, runs: clipRuns(index), ...ids };
    });
    this.rings = this.rings.filter((one) => !new ClipRing(one.control).gone);
    const bytes = ringBytes(items);
    const others = this.rings.reduce((sum, one) => sum + ringBytes(one.items), 0);
    if (others + bytes > MAX_RING_BYTES) {
      const mb = (n: number): string => `${Math.ceil(n / 1024 / 1024)} MB`;
      throw new EngineError('E_ASSET_TOO_LARGE', {
        where: `layer "${id}"`,
        expected: `clips on the picture that take at most ${mb(MAX_RING_BYTES)} of read-ahead`,
        found: mb(others + bytes),
        todo: 'show fewer clips at once, or smaller ones',
      });
    }
    const slots = Array.from({ length: RING_SLOTS }, () => new SharedArrayBuffer(bytes / RING_SLOTS));
    const ids = Int32Array.from({ length: items.length * RING_SLOTS * 2 }, () => newBitmapId());
    const idleFrames = millisecondsToFrames(cycle.idleAfterMs, this.rate);
    const slateFrames = cycle.slateAfterMs === 0 ? NEVER : millisecondsToFrames(cycle.slateAfterMs, this.rate);
    const clips = { id, items, turnFrames, idleFrames, slateFrames, control: newRingControl(), slots, ids };
    this.rings.push(clips);
    return clips;
  }

  /** The opaque background colour: no pixel is ever undefined. */
  background({ width, height, background }: RoomConfig['video'], draft: Draft): void {
    const value = Number.parseInt(splitColour(background).rgb.slice(1), 16);
    const rgba = new Uint8Array(width * height * 4);
    for (let i = 0; i < rgba.length; i += 4) {
      rgba[i] = value >> 16;
      rgba[i + 1] = (value >> 8) & 255;
      rgba[i + 2] = value & 255;
      rgba[i + 3] = 255;
    }
    const id = newBitmapId();
    draft.bitmaps.push({ id, bitmap: this.kernels.rgbaToYuva(rgba, width, height, 0, 0) });
    const sprite = { ids: [id, id, id, id] as const, dx: 0, dy: 0, width, height, fromFrame: 0, toFrame: NEVER };
    draft.layers.push({
      key: this.nextKey++,
      id: '',
      z: -1_000_000,
      order: 0,
      topmost: false,
      presenter: false,
      assistant: false,
      wordsOnly: false,
      isPicture: true,
      isOwn: false,
      hasWords: false,
      startFrame: frameIndex(0),
      leaveFrame: NEVER,
      x: 0,
      y: 0,
      width,
      height,
      opacity: 256,
      shots: ALL_SHOTS,
      places: null,
      enter: NO_TRANSITION,
      leave: NO_TRANSITION,
      motion: null,
      depth256: 0,
      sprites: [sprite],
      cycle: null,
      clips: null,
      scroll: null,
      pop: null,
      push: null,
      countdown: null,
    });
  }
}

/** The first frame of a clip: one bitmap at an even position, since clip frames are not made in four shifts. */
function clipSprite({ first }: LoadedClip, dx: number, dy: number, bitmaps: Draft['bitmaps']): CompiledSprite {
  const id = newBitmapId();
  bitmaps.push({ id, bitmap: first });
  const { width, height } = first;
  return { ids: [id, id, id, id], dx, dy, width, height, fromFrame: 0, toFrame: NEVER };
}
