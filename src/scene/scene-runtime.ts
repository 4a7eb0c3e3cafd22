// frame path
import {
  BitmapTable,
  DRAW,
  DRAW_STRIDE,
  type DrawList,
  type PresenterPainter,
  RectList,
} from '../core/media/picture.js';
import type { Kernels } from '../core/kernels.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames } from '../core/time.js';
import { NEVER, type CompiledLayer, type CompiledSprite } from './compiled-layer.js';
import { AdmittedTiles, DamageTracker, SHOWS } from './runtime/damage.js';
import { LayerPose } from './runtime/layer-pose.js';
import { PushIn } from './runtime/push-in.js';
import { SettledAreas } from './runtime/settled-areas.js';
import { ClipPlayer, type FrameReader } from './clips/clip-player.js';
import { type CompiledClips, SerialQueue } from './clips/clip-ring.js';
import type { SceneUpdate, ShotCut } from './scene-update.js';

/** A layer of the scene on air. */
interface LiveLayer {
  readonly layer: CompiledLayer;
  leaveFrame: number;
  /** Goes without its way of leaving: another one stands in its place. */
  cuts: boolean;
  /** Of a countdown: first frame after its last second; NEVER for other layers. */
  countsTo: number;
  /** Null for a layer without a list. */
  readonly turns: SerialQueue | null;
  /** Null for a layer without clips, and for an ended layer. */
  player: ClipPlayer | null;
  /** Null for a layer that does not grow. */
  readonly push: PushIn | null;
  /** Covers so much of the picture that its rate may be reduced; see `ClipRateControl`. */
  readonly isLarge: boolean;
}

/** Share of the picture, covered by a clip. */
const LARGE_SHARE = 1 / 16;

/** Whether its largest clip covers much of a picture with this many pixels. */
function isLargeClip({ clips }: CompiledLayer, pixels: number): boolean {
  let most = 0;
  for (const clip of clips?.items ?? []) if (clip !== null) most = Math.max(most, clip.width * clip.height);
  return most > LARGE_SHARE * pixels;
}

/** Whether a layer is seen in a shot. */
const isInShot = ({ shots }: CompiledLayer, shot: number): boolean => ((shots >> shot) & 1) === 1;

/** First frame without the layer. A layer that leaves before it came is never shown. */
function endOf(one: LiveLayer): number {
  if (one.leaveFrame >= NEVER) return NEVER;
  return one.cuts || one.leaveFrame <= one.layer.startFrame ? one.leaveFrame : one.leaveFrame + one.layer.leave.frames;
}

/** Whether frame n shows it, and it is a large clip. */
function playsLarge(one: LiveLayer, n: FrameIndex, shot: number): boolean {
  return one.isLarge && isInShot(one.layer, shot) && one.player !== null && n >= one.layer.startFrame && n < endOf(one);
}

/*
 * Problem: compute the draw list of frame n, thirty times a second, without allocating, and always the same for the
 * same n.
 *
 * Rule: a layer's state is computed from n and its compiled numbers only; the only state between frames is the last
 * draw list (for the damage). Updates are applied between frames. Draw items stand on even pixels; a moving layer has
 * its bitmap in four one-pixel shifts. The AI label comes last: when the list is full, other items make room for it.
 */

/** Reads frames synchronously, where a render may wait; absent on air, where a feeder reads ahead. */
export type OpenReader = (clips: CompiledClips) => FrameReader;

/** The scene on the loop's thread: updates in, draw lists and damage out. */
export class SceneRuntime {
  readonly bitmaps = new BitmapTable();
  /** Items dropped because a draw list was full. */
  droppedItems = 0;
  /** Large clips advance in the frames whose numbers are multiples of this; see `ClipRateControl`. */
  clipStep = 1;
  /** Late clip frames of layers that have ended. */
  private lateBefore = 0;

  private live: LiveLayer[] = [];
  private retire: { id: number; atFrame: number }[] = [];
  private lastFrame = -1;
  /** The shot on the picture, its first frame, and the cuts to come. */
  private shot = 0;
  private shotFrame = 0;
  private cuts: ShotCut[] = [];
  private readonly tracker: DamageTracker;
  /** 1 for each item of the draw list that the engine itself drew, from its own parts or judged words. */
  private readonly drawn: Uint8Array;
  private readonly areas: SettledAreas;
  private readonly admitted: AdmittedTiles;
  private readonly moved = new RectList();
  private readonly second: number;
  /** Of the layer being drawn. */
  private readonly pose: LayerPose;

  /** Of the countdown in the last picture that ends first; NEVER without one. */
  secondsLeft: number = NEVER;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly rate: FrameRate,
    private readonly kernels: Pick<Kernels, 'placePatch'>,
    private readonly openReader?: OpenReader,
    listCapacity = 512,
  ) {
    this.pose = new LayerPose(width, height);
    this.tracker = new DamageTracker(width, height, listCapacity);
    this.drawn = new Uint8Array(listCapacity);
    this.areas = new SettledAreas(width, height);
    this.admitted = new AdmittedTiles(width, height);
    this.second = millisecondsToFrames(1000, rate);
  }

  /** Applies an update; between two frames, never within one. */
  apply(update: SceneUpdate): void {
    for (const { id, bitmap } of update.bitmaps) this.bitmaps.set(id, bitmap);
    for (const { key, atFrame, cut } of update.ends) {
      for (const one of this.live) {
        if (one.layer.key !== key) continue;
        one.leaveFrame = Math.min(one.leaveFrame, atFrame);
        one.cuts ||= cut === true;
      }
    }
    for (const layer of update.layers) {
      const turns = layer.cycle === null ? null : new SerialQueue(layer.cycle.turnFrames);
      const isLarge = isLargeClip(layer, this.width * this.height);
      const countsTo = layer.countdown?.endFrame ?? NEVER;
      const leaveFrame = leavesAtZero(layer) ? Math.min(layer.leaveFrame, countsTo) : layer.leaveFrame;
      const push = layer.push === null ? null : new PushIn(layer.push, this.bitmaps, this.kernels);
      this.live.push({ layer, leaveFrame, cuts: false, countsTo, turns, player: this.playerOf(layer), push, isLarge });
    }
    for (const { key, endFrame } of update.retimes ?? []) {
      for (const one of this.live) {
        if (one.layer.key !== key) continue;
        if (one.leaveFrame === one.countsTo) one.leaveFrame = endFrame;
        one.countsTo = endFrame;
      }
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
    const { cuts } = update;
    if (cuts !== undefined) {
      this.cuts = [...this.cuts.filter(({ atFrame }) => atFrame < cuts.fromFrame), ...cuts.shots];
      this.cuts.sort((a, b) => a.atFrame - b.atFrame);
    }
  }

  /** The draw list of frame n, from an opaque background to the AI label. */
  draw(n: FrameIndex, presenter: PresenterPainter, out: DrawList, assistant?: PresenterPainter): void {
    this.lastFrame = n;
    this.dropRetired(n);
    while (this.cuts.length > 0 && this.cuts[0]!.atFrame <= n) {
      ({ shot: this.shot, atFrame: this.shotFrame } = this.cuts[0]!);
      this.cuts.shift();
    }
    out.clear();
    this.areas.begin();
    this.admitted.begin();
    this.secondsLeft = NEVER;
    const drift = presenter.driftAt?.(n) ?? 0;
    for (let i = 0; i < this.live.length; i += 1) {
      const one = this.live[i]!;
      const { layer } = one;
      if (n < layer.startFrame) continue;
      if (n >= endOf(one)) {
        this.endPlayer(one);
        continue;
      }
      if (n % this.clipStep === 0 || !one.isLarge || n === layer.startFrame) one.player?.seek(n - layer.startFrame);
      if (!isInShot(layer, this.shot)) {
        one.push?.prepare();
        continue;
      }
      if (layer.topmost) {
        this.pose.reset();
        this.makeRoom(out, layer.sprites.length);
      } else {
        this.pose.at(layer, n, one.leaveFrame, drift, this.shot, this.shotFrame);
        if (!this.pose.visible) continue;
      }
      const first = out.count;
      if (layer.presenter) this.drawPresenter(n, presenter, out);
      else if (layer.assistant) this.drawPresenter(n, assistant, out);
      else if (layer.cycle !== null) this.drawCycle(one, n, out);
      else if (layer.scroll !== null) this.drawScroll(layer, n, out);
      else if (layer.countdown !== null) this.drawCountdown(one, n, out);
      else this.drawSprites(one, n, out);
      const painter = layer.presenter ? presenter : layer.assistant ? assistant : undefined;
      this.noteItems(one, n, painter, first, out.count);
    }
    this.tracker.advance(out, this.bitmaps, this.drawn);
  }

  /** Whether all clip frames of frame n are loaded. */
  clipsReady(n: FrameIndex): boolean {
    for (const { layer, player } of this.live) {
      if (player !== null && n >= layer.startFrame && !player.has(n - layer.startFrame)) return false;
    }
    return true;
  }

  /** Whether frame n shows a clip whose rate may be reduced; see `ClipRateControl`. */
  playsLargeClip(n: FrameIndex): boolean {
    for (let i = 0; i < this.live.length; i += 1) if (playsLarge(this.live[i]!, n, this.shot)) return true;
    return false;
  }

  /** Clip frames that were missing when due. */
  get lateClipFrames(): number {
    let sum = this.lateBefore;
    for (let i = 0; i < this.live.length; i += 1) sum += this.live[i]!.player?.lateFrames ?? 0;
    return sum;
  }

  /** Releases the clips' files and rings. */
  close(): void {
    for (const one of this.live) this.endPlayer(one);
  }

  /** Where the last two frames differ: even rectangles; the whole frame after the first. */
  damage(out: RectList): void {
    this.tracker.damage(out);
  }

  /** Where anything but the engine's own drawings and judged words made the last two frames differ. */
  movedBy(out: RectList): void {
    this.tracker.movedBy(out);
  }

  /**
   * Rectangles of the draw list whose pixels carry the verdict of their admission; see `SettledAreas` and `AdmittedTiles`. Call once
   * after each `draw`.
   */
  settled(list: DrawList, out: RectList): void {
    this.areas.find(list, this.bitmaps, out);
    this.tracker.movedBy(this.moved);
    this.admitted.addTo(list, this.bitmaps, this.moved, out);
  }

  /** Not while it comes, in its first second, or leaves: then it is scanned like everything else. */
  private isAtRest({ layer, leaveFrame }: LiveLayer, n: number): boolean {
    const from = Math.max(layer.startFrame, this.shotFrame) + Math.max(this.second, layer.enter.frames);
    return n >= from && n < leaveFrame;
  }

  /** Notes what the items of a layer carry: their changes as the engine's own, their pixels as admitted. */
  private noteItems(
    one: LiveLayer,
    n: number,
    painter: PresenterPainter | undefined,
    first: number,
    end: number,
  ): void {
    const { layer } = one;
    const isPerson = layer.presenter || layer.assistant;
    const isOwn = isPerson ? painter?.isAdmitted === true : layer.isOwn;
    const isAtRest = this.isAtRest(one, n);
    // Judged words need no second of their own, only their first frames.
    const hasCome = n > Math.max(layer.startFrame, this.shotFrame) + layer.enter.frames && n < one.leaveFrame;
    this.drawn.fill(isOwn && (isAtRest || (hasCome && !isPerson && layer.hasWords)) ? 1 : 0, first, end);
    if (!isAtRest) return;
    if (layer.wordsOnly) this.areas.note(first, end);
    if (isOwn && !layer.hasWords) this.admitted.note(first, end, SHOWS.own);
    else if (layer.isPicture && this.pose.pushIndex < 0 && this.pose.popIndex < 0)
      this.admitted.note(first, end, SHOWS.picture);
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

  private drawSprites({ layer, push }: LiveLayer, n: number, out: DrawList): void {
    if (this.pose.popIndex >= 0 && layer.pop !== null) {
      this.sprite(layer, layer.pop.sprites[this.pose.popIndex]!, 0, this.pose.opacity, out);
      return;
    }
    if (this.pose.pushIndex >= 0 && push !== null) {
      const set = push.show(this.pose.pushIndex);
      const { strips } = layer.push!;
      for (let i = 0; i < strips.length; i += 1) this.sprite(layer, strips[i]!.sprites[set], 0, this.pose.opacity, out);
      return;
    }
    push?.prepare();
    const { sprites } = layer;
    for (let i = 0; i < sprites.length; i += 1) {
      const s = sprites[i]!;
      if (n >= s.fromFrame && n < s.toFrame) this.sprite(layer, s, 0, this.pose.opacity, out);
    }
  }

  private playerOf({ clips }: CompiledLayer): ClipPlayer | null {
    if (clips === null) return null;
    return new ClipPlayer(clips, this.bitmaps, this.openReader?.(clips) ?? null);
  }

  private endPlayer(one: LiveLayer): void {
    if (one.player === null) return;
    this.lateBefore += one.player.lateFrames;
    one.player.end();
    one.player = null;
  }

  private drawCycle(one: LiveLayer, n: number, out: DrawList): void {
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
      this.cycled(one, i, this.pose.opacity, out);
      return;
    }
    const next = (i + 1) % sprites.length;
    const alpha = Math.floor((into * 256) / (fadeFrames + 1));
    const old = covers[next] === 1 ? this.pose.opacity : (this.pose.opacity * (256 - alpha)) >> 8;
    this.cycled(one, i, old, out);
    this.cycled(one, next, (this.pose.opacity * alpha) >> 8, out);
  }

  /** The item of a list: a picture, or the clip's current bitmap. */
  private cycled({ layer, player }: LiveLayer, i: number, opacity: number, out: DrawList): void {
    const bitmap = player === null ? 0 : player.bitmap(i);
    const before = out.count;
    this.sprite(layer, layer.sprites[i]!, 0, opacity, out);
    if (bitmap !== 0 && out.count > before) out.items[before * DRAW_STRIDE + DRAW.bitmap] = bitmap;
  }

  private drawScroll(layer: CompiledLayer, n: number, out: DrawList): void {
    const scroll = layer.scroll!;
    const { pose } = this;
    const { sprites } = layer;
    for (let i = 0; i < scroll.fixed; i += 1) this.sprite(layer, sprites[i]!, 0, this.pose.opacity, out);
    const left = layer.x + this.pose.offsetX + scroll.x;
    const top = layer.y + this.pose.offsetY + scroll.y;
    pose.clipX0 = Math.max(pose.clipX0, (left + 1) & ~1);
    pose.clipY0 = Math.max(pose.clipY0, (top + 1) & ~1);
    pose.clipX1 = Math.min(pose.clipX1, (left + scroll.width) & ~1);
    pose.clipY1 = Math.min(pose.clipY1, (top + scroll.height) & ~1);
    if (!pose.visible) return;
    const { num, den } = this.rate;
    const went = Math.floor(((n - layer.startFrame) * scroll.speed256 * den) / (256 * num));
    let run = (went + scroll.phase) % scroll.period;
    if (run < 0) run += scroll.period;
    for (let i = scroll.fixed; i < sprites.length; i += 1) {
      const s = sprites[i]!;
      this.sprite(layer, s, -run, this.pose.opacity, out);
      // A sprite that leaves on one side re-enters on the other.
      this.sprite(layer, s, scroll.period - run, this.pose.opacity, out);
    }
  }

  /** The panel and its digits while it runs, the other sprites afterwards. */
  private drawCountdown({ layer, countsTo }: LiveLayer, n: number, out: DrawList): void {
    const { digits, dx, modulus, divisor, running } = layer.countdown!;
    const { sprites } = layer;
    const over = n >= countsTo && running < sprites.length;
    if (over) this.secondsLeft = 0;
    for (let i = over ? running : 0; i < (over ? sprites.length : running); i += 1)
      this.sprite(layer, sprites[i]!, 0, this.pose.opacity, out);
    if (over) return;
    const { num, den } = this.rate;
    const left = n >= countsTo ? 0 : Math.ceil(((countsTo - n) * den) / num);
    this.secondsLeft = Math.min(this.secondsLeft, left);
    for (let i = 0; i < dx.length; i += 1) {
      const digit = Math.floor((left % modulus[i]!) / divisor[i]!) % 10;
      this.sprite(layer, digits[digit]!, dx[i]!, this.pose.opacity, out);
    }
  }

  private sprite(layer: CompiledLayer, s: CompiledSprite, shift: number, opacity: number, out: DrawList): void {
    const x = layer.x + this.pose.offsetX + s.dx + shift;
    const y = layer.y + this.pose.offsetY + s.dy;
    const bx = x & 1;
    const by = y & 1;
    if (opacity <= 0) return;
    const { clipX0, clipY0, clipX1, clipY1 } = this.pose;
    if (x >= clipX1 || y >= clipY1 || x + s.width <= clipX0 || y + s.height <= clipY0) return;
    const id = s.ids[(by << 1) | bx]!;
    if (!out.push(id, x - bx, y - by, opacity, clipX0, clipY0, clipX1 - clipX0, clipY1 - clipY0)) {
      this.droppedItems += 1;
    }
  }

  /** Lets the painter push its items, then applies the layer's motion, opacity and clip to them. */
  private drawPresenter(n: FrameIndex, presenter: PresenterPainter | undefined, out: DrawList): void {
    const first = out.count;
    presenter?.paint(n, out);
    const dx = this.pose.offsetX & ~1;
    const dy = this.pose.offsetY & ~1;
    const { items } = out;
    for (let i = first; i < out.count; i += 1) {
      const at = i * DRAW_STRIDE;
      items[at + DRAW.x] = items[at + DRAW.x]! + dx;
      items[at + DRAW.y] = items[at + DRAW.y]! + dy;
      items[at + DRAW.opacity] = (items[at + DRAW.opacity]! * this.pose.opacity) >> 8;
      const x0 = Math.max(items[at + DRAW.clipX]! + dx, this.pose.clipX0);
      const y0 = Math.max(items[at + DRAW.clipY]! + dy, this.pose.clipY0);
      const x1 = Math.min(items[at + DRAW.clipX]! + dx + items[at + DRAW.clipW]!, this.pose.clipX1);
      const y1 = Math.min(items[at + DRAW.clipY]! + dy + items[at + DRAW.clipH]!, this.pose.clipY1);
      items[at + DRAW.clipX] = x0;
      items[at + DRAW.clipY] = y0;
      items[at + DRAW.clipW] = Math.max(0, x1 - x0);
      items[at + DRAW.clipH] = Math.max(0, y1 - y0);
    }
  }
}

/** A countdown without anything to show afterwards leaves at its end. */
const leavesAtZero = ({ countdown, sprites }: CompiledLayer): boolean =>
  countdown !== null && countdown.running >= sprites.length;
