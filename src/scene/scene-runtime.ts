// frame path
import {
  BitmapTable,
  DRAW,
  DRAW_STRIDE,
  type DrawList,
  type PresenterPainter,
  type RectList,
} from '../core/picture.js';
import type { FrameIndex, FrameRate } from '../core/time.js';
import {
  NEVER,
  TRANSITION,
  type CompiledLayer,
  type CompiledMotion,
  type CompiledSprite,
  type CompiledTransition,
} from './compiled-layer.js';
import { POP_FIRST, POP_SIZES, POP_STEP } from './pop-sizes.js';
import { DamageTracker } from './runtime/damage.js';
import { ease, ONE } from './runtime/easing.js';
import { ClipPlayer, type FrameReader } from './clips/clip-player.js';
import type { CompiledClips } from './clips/clip-ring.js';
import { Turns } from './clips/clip-turns.js';
import type { SceneUpdate } from './scene-update.js';

/*
 * The problem: what stands where in frame n, thirty times a second, without allocating, and always the same
 * for the same n.
 *
 * The rule: a layer's state is computed from n and its compiled numbers only; nothing is carried from frame
 * to frame except what was drawn last (for the damage). Updates are applied between frames. Draw items stand
 * on even pixels; a layer that moves has its bitmap in four shifts by a pixel. The AI label comes last: when
 * the list is full, other items make way for it.
 */

interface Live {
  readonly layer: CompiledLayer;
  leaveFrame: number;
  /** Null for a layer without a list. */
  readonly turns: Turns | null;
  /** Null for a layer without clips, and for one that is over. */
  player: ClipPlayer | null;
}

export interface ClipOptions {
  /** How long a late clip's last frame stays before its first one is shown. */
  readonly idleFrames: number;
  /** Reads frames at once, where a render may wait; absent on air, where a feeder reads ahead. */
  readonly reader?: (clips: CompiledClips) => FrameReader;
}

const NO_CLIPS: ClipOptions = { idleFrames: NEVER };

/** The scene on the loop's thread: updates in, draw lists and damage out. */
export class SceneRuntime {
  readonly bitmaps = new BitmapTable();
  /** Items that found no room in a draw list. */
  droppedItems = 0;
  /** Frames of clips that were not there when they were due, of layers that are over. */
  private lateBefore = 0;

  private live: Live[] = [];
  private retire: { id: number; atFrame: number }[] = [];
  private lastFrame = -1;
  private readonly tracker: DamageTracker;
  // State of the layer that is being drawn: offset, opacity, clip, prepared size.
  private offsetX = 0;
  private offsetY = 0;
  private opacity = 256;
  private clipX0 = 0;
  private clipY0 = 0;
  private clipX1 = 0;
  private clipY1 = 0;
  private popIndex = -1;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly rate: FrameRate,
    private readonly clipOptions: ClipOptions = NO_CLIPS,
    listCapacity = 512,
  ) {
    this.tracker = new DamageTracker(width, height, listCapacity);
  }

  /** Takes an update; between two frames, never within one. */
  apply(update: SceneUpdate): void {
    for (const { id, bitmap } of update.bitmaps) this.bitmaps.set(id, bitmap);
    for (const { key, atFrame } of update.ends) {
      for (const one of this.live) {
        if (one.layer.key === key) one.leaveFrame = Math.min(one.leaveFrame, atFrame);
      }
    }
    for (const layer of update.layers) {
      const turns = layer.cycle === null ? null : new Turns(layer.cycle.turnFrames);
      this.live.push({ layer, leaveFrame: layer.leaveFrame, turns, player: this.playerOf(layer) });
    }
    for (const one of this.live) if (endOf(one) <= this.lastFrame) this.endPlayer(one);
    this.live = this.live.filter((one) => endOf(one) > this.lastFrame);
    this.live.sort(
      (a, b) =>
        Number(a.layer.topmost) - Number(b.layer.topmost) ||
        a.layer.z - b.layer.z ||
        a.layer.order - b.layer.order ||
        a.layer.key - b.layer.key,
    );
    for (const one of update.removeBitmaps) this.retire.push(one);
  }

  /** The draw list of frame n, from an opaque background to the AI label. */
  draw(n: FrameIndex, presenter: PresenterPainter, out: DrawList): void {
    this.lastFrame = n;
    this.dropRetired(n);
    out.clear();
    for (let i = 0; i < this.live.length; i += 1) {
      const one = this.live[i]!;
      const { layer } = one;
      if (n < layer.startFrame) continue;
      if (n >= endOf(one)) {
        this.endPlayer(one);
        continue;
      }
      one.player?.seek(n - layer.startFrame);
      if (layer.topmost) {
        this.reset();
        this.makeRoom(out, layer.sprites.length);
      } else {
        this.pose(one, n);
        if (this.opacity <= 0 || this.clipX0 >= this.clipX1 || this.clipY0 >= this.clipY1) continue;
      }
      if (layer.presenter) this.drawPresenter(n, presenter, out);
      else if (layer.cycle !== null) this.drawCycle(one, n, out);
      else if (layer.scroll !== null) this.drawScroll(layer, n, out);
      else this.drawSprites(layer, n, out);
    }
    this.tracker.advance(out, this.bitmaps);
  }

  /** Frames of clips that were not there when they were due. */
  get lateClipFrames(): number {
    let sum = this.lateBefore;
    for (let i = 0; i < this.live.length; i += 1) sum += this.live[i]!.player?.lateFrames ?? 0;
    return sum;
  }

  /** Lets go of the clips' files and rings. */
  close(): void {
    for (const one of this.live) this.endPlayer(one);
  }

  /** Where the two last frames differ: even rectangles; the whole frame after the first. */
  damage(out: RectList): void {
    this.tracker.damage(out);
  }

  private dropRetired(n: number): void {
    const list = this.retire;
    for (let i = 0; i < list.length;) {
      if (list[i]!.atFrame <= n) {
        this.bitmaps.delete(list[i]!.id);
        list[i] = list[list.length - 1]!;
        list.pop();
      } else {
        i += 1;
      }
    }
  }

  private makeRoom(out: DrawList, items: number): void {
    while (out.count > 0 && out.count + items > out.capacity) {
      out.count -= 1;
      this.droppedItems += 1;
    }
  }

  private reset(): void {
    this.offsetX = 0;
    this.offsetY = 0;
    this.opacity = 256;
    this.popIndex = -1;
    this.clipX0 = 0;
    this.clipY0 = 0;
    this.clipX1 = this.width;
    this.clipY1 = this.height;
  }

  /** Offset, opacity, clip and size of a layer at frame n, into the fields. */
  private pose(one: Live, n: number): void {
    const { layer } = one;
    this.reset();
    this.opacity = layer.opacity;
    const t = n - layer.startFrame;
    if (layer.motion !== null) this.move(layer.motion, t);
    const { enter, leave } = layer;
    if (t < enter.frames) this.transit(layer, enter, ease(enter.easing, Math.floor(((t + 1) * ONE) / enter.frames)));
    const u = n - one.leaveFrame;
    if (u >= 0) this.transit(layer, leave, ONE - ease(leave.easing, Math.floor(((u + 1) * ONE) / (leave.frames + 1))));
  }

  /** `p`: 0 away, ONE in place; some curves overshoot. */
  private transit(layer: CompiledLayer, transition: CompiledTransition, p: number): void {
    const held = p < 0 ? 0 : p > ONE ? ONE : p;
    switch (transition.kind) {
      case TRANSITION.fade:
        this.opacity = (this.opacity * held) >> 12;
        return;
      case TRANSITION.slide:
        this.offsetX += Math.round((transition.dx * (ONE - p)) / ONE);
        this.offsetY += Math.round((transition.dy * (ONE - p)) / ONE);
        return;
      case TRANSITION.pop: {
        this.opacity = (this.opacity * Math.min(ONE, 2 * held)) >> 12;
        const index = Math.round((p * (100 - POP_FIRST)) / (POP_STEP * ONE));
        this.popIndex = index < 0 ? 0 : index >= POP_SIZES ? POP_SIZES - 1 : index;
        return;
      }
      case TRANSITION.wipe: {
        this.clipX0 = Math.max(0, (layer.x + this.offsetX) & ~1);
        this.clipX1 = Math.min(this.width, (layer.x + this.offsetX + ((layer.width * held) >> 12) + 1) & ~1);
        return;
      }
      default:
    }
  }

  private move(motion: CompiledMotion, t: number): void {
    const { frame, dx256, dy256, opacity } = motion;
    const k = motion.loopFrames > 0 ? t % motion.loopFrames : t;
    const count = frame.length;
    let next = 0;
    while (next < count && frame[next]! <= k) next += 1;
    let x = 0;
    let y = 0;
    let o = 256;
    if (next > 0) {
      x = dx256[next - 1]!;
      y = dy256[next - 1]!;
      o = opacity[next - 1]!;
    }
    if (next < count) {
      const from = next > 0 ? frame[next - 1]! : 0;
      const q = ease(motion.easing[next]!, Math.floor(((k - from) * ONE) / (frame[next]! - from)));
      x += Math.floor(((dx256[next]! - x) * q) / ONE);
      y += Math.floor(((dy256[next]! - y) * q) / ONE);
      o += Math.floor(((opacity[next]! - o) * q) / ONE);
    }
    this.offsetX += (x + 128) >> 8;
    this.offsetY += (y + 128) >> 8;
    this.opacity = (this.opacity * (o < 0 ? 0 : o > 256 ? 256 : o)) >> 8;
  }

  private drawSprites(layer: CompiledLayer, n: number, out: DrawList): void {
    if (this.popIndex >= 0 && layer.pop !== null) {
      this.sprite(layer, layer.pop.sprites[this.popIndex]!, 0, this.opacity, out);
      return;
    }
    const { sprites } = layer;
    for (let i = 0; i < sprites.length; i += 1) {
      const s = sprites[i]!;
      if (n >= s.fromFrame && n < s.toFrame) this.sprite(layer, s, 0, this.opacity, out);
    }
  }

  private playerOf({ clips }: CompiledLayer): ClipPlayer | null {
    if (clips === null) return null;
    const { idleFrames, reader } = this.clipOptions;
    return new ClipPlayer(clips, this.bitmaps, idleFrames, reader === undefined ? null : reader(clips));
  }

  private endPlayer(one: Live): void {
    if (one.player === null) return;
    this.lateBefore += one.player.lateFrames;
    one.player.end();
    one.player = null;
  }

  private drawCycle(one: Live, n: number, out: DrawList): void {
    const { layer } = one;
    const { turnFrames, fadeFrames: wanted, covers } = layer.cycle!;
    const { sprites } = layer;
    const turns = one.turns!;
    turns.seek(n - layer.startFrame);
    const i = turns.item;
    const turn = turnFrames[i]!;
    const fadeFrames = wanted < turn ? wanted : turn - 1;
    const into = turns.into - (turn - fadeFrames) + 1;
    if (into <= 0 || sprites.length === 1) {
      this.cycled(one, i, this.opacity, out);
      return;
    }
    const next = (i + 1) % sprites.length;
    const alpha = Math.floor((into * 256) / (fadeFrames + 1));
    const old = covers[next] === 1 ? this.opacity : (this.opacity * (256 - alpha)) >> 8;
    this.cycled(one, i, old, out);
    this.cycled(one, next, (this.opacity * alpha) >> 8, out);
  }

  /** An item of a list: a picture, or what its clip shows now. */
  private cycled({ layer, player }: Live, i: number, opacity: number, out: DrawList): void {
    const bitmap = player === null ? 0 : player.bitmap(i);
    const before = out.count;
    this.sprite(layer, layer.sprites[i]!, 0, opacity, out);
    if (bitmap !== 0 && out.count > before) out.items[before * DRAW_STRIDE + DRAW.bitmap] = bitmap;
  }

  private drawScroll(layer: CompiledLayer, n: number, out: DrawList): void {
    const scroll = layer.scroll!;
    const { sprites } = layer;
    for (let i = 0; i < scroll.fixed; i += 1) this.sprite(layer, sprites[i]!, 0, this.opacity, out);
    const left = layer.x + this.offsetX + scroll.x;
    const top = layer.y + this.offsetY + scroll.y;
    this.clipX0 = Math.max(this.clipX0, (left + 1) & ~1);
    this.clipY0 = Math.max(this.clipY0, (top + 1) & ~1);
    this.clipX1 = Math.min(this.clipX1, (left + scroll.width) & ~1);
    this.clipY1 = Math.min(this.clipY1, (top + scroll.height) & ~1);
    if (this.clipX0 >= this.clipX1 || this.clipY0 >= this.clipY1) return;
    const { num, den } = this.rate;
    const went = Math.floor(((n - layer.startFrame) * scroll.speed256 * den) / (256 * num));
    let run = (went + scroll.phase) % scroll.period;
    if (run < 0) run += scroll.period;
    for (let i = scroll.fixed; i < sprites.length; i += 1) {
      const s = sprites[i]!;
      this.sprite(layer, s, -run, this.opacity, out);
      // One that has begun to leave on one side comes in again on the other.
      this.sprite(layer, s, scroll.period - run, this.opacity, out);
    }
  }

  private sprite(layer: CompiledLayer, s: CompiledSprite, shift: number, opacity: number, out: DrawList): void {
    const x = layer.x + this.offsetX + s.dx + shift;
    const y = layer.y + this.offsetY + s.dy;
    const bx = x & 1;
    const by = y & 1;
    if (opacity <= 0) return;
    if (x >= this.clipX1 || y >= this.clipY1 || x + s.width <= this.clipX0 || y + s.height <= this.clipY0) return;
    const id = s.ids[(by << 1) | bx]!;
    const { clipX0, clipY0, clipX1, clipY1 } = this;
    if (!out.push(id, x - bx, y - by, opacity, clipX0, clipY0, clipX1 - clipX0, clipY1 - clipY0)) {
      this.droppedItems += 1;
    }
  }

  /** Lets the painter push its items, then puts the layer's own motion, opacity and clip on them. */
  private drawPresenter(n: FrameIndex, presenter: PresenterPainter, out: DrawList): void {
    const first = out.count;
    presenter.paint(n, out);
    const dx = this.offsetX & ~1;
    const dy = this.offsetY & ~1;
    const { items } = out;
    for (let i = first; i < out.count; i += 1) {
      const at = i * DRAW_STRIDE;
      items[at + DRAW.x] = items[at + DRAW.x]! + dx;
      items[at + DRAW.y] = items[at + DRAW.y]! + dy;
      items[at + DRAW.opacity] = (items[at + DRAW.opacity]! * this.opacity) >> 8;
      const x0 = Math.max(items[at + DRAW.clipX]! + dx, this.clipX0);
      const y0 = Math.max(items[at + DRAW.clipY]! + dy, this.clipY0);
      const x1 = Math.min(items[at + DRAW.clipX]! + dx + items[at + DRAW.clipW]!, this.clipX1);
      const y1 = Math.min(items[at + DRAW.clipY]! + dy + items[at + DRAW.clipH]!, this.clipY1);
      items[at + DRAW.clipX] = x0;
      items[at + DRAW.clipY] = y0;
      items[at + DRAW.clipW] = Math.max(0, x1 - x0);
      items[at + DRAW.clipH] = Math.max(0, y1 - y0);
    }
  }
}

/** First frame in which a layer is gone. One that is told to leave before it came never shows. */
function endOf(one: Live): number {
  if (one.leaveFrame >= NEVER) return NEVER;
  return one.leaveFrame <= one.layer.startFrame ? one.leaveFrame : one.leaveFrame + one.layer.leave.frames;
}
