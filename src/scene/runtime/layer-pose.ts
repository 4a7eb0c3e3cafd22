// frame path
import {
  type CompiledLayer,
  type CompiledMotion,
  type CompiledTransition,
  EASING,
  POP_FIRST,
  POP_SIZES,
  POP_STEP,
  TRANSITION,
} from '../compiled-layer.js';

/** 1 in fixed point. */
const ONE = 4096;

/**
 * Progress t (0–4096) along a curve, in integers, so every machine gives the same pixel. Cubic curves; `backOut`
 * overshoots by a tenth (Penner, "Robert Penner's Programming Macromedia Flash MX", ch. 7).
 */
function ease(curve: number, t: number): number {
  if (t <= 0) return 0;
  if (t >= ONE) return ONE;
  if (curve === EASING.easeIn) return cube(t);
  if (curve === EASING.easeOut) return ONE - cube(ONE - t);
  if (curve === EASING.easeInOut) {
    return t < ONE / 2 ? Math.floor(cube(2 * t) / 2) : ONE - Math.floor(cube(2 * (ONE - t)) / 2);
  }
  if (curve === EASING.backOut) {
    const u = ONE - t;
    // 1 − (2.70158·u³ − 1.70158·u²), coefficients × 4096.
    return ONE - Math.floor((11066 * cube(u) - 6970 * Math.floor((u * u) / ONE)) / ONE);
  }
  return t;
}

const cube = (t: number): number => Math.floor((t * t * t) / (ONE * ONE));

/** A layer's pose in a frame: offset, opacity, clip and prepared size, from its transitions and motion. */
export class LayerPose {
  offsetX = 0;
  offsetY = 0;
  opacity = 256;
  clipX0 = 0;
  clipY0 = 0;
  clipX1 = 0;
  clipY1 = 0;
  /** −1: its full size. */
  popIndex = -1;
  /** −1: its full size. */
  pushIndex = -1;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {}

  /** Some of it may be visible. */
  get visible(): boolean {
    return this.opacity > 0 && this.clipX0 < this.clipX1 && this.clipY0 < this.clipY1;
  }

  /** At its position, whole and opaque. */
  reset(): void {
    this.offsetX = 0;
    this.offsetY = 0;
    this.opacity = 256;
    this.popIndex = -1;
    this.pushIndex = -1;
    this.clipX0 = 0;
    this.clipY0 = 0;
    this.clipX1 = this.width;
    this.clipY1 = this.height;
  }

  /**
   * The pose at frame n of a layer that leaves from `leaveFrame` on. `drift`: the presenter's slow sway, −256 to 256.
   * `shot`: the shot on the picture, and its first frame.
   */
  at(layer: CompiledLayer, n: number, leaveFrame: number, drift = 0, shot = 0, shotFrame = 0): void {
    this.reset();
    this.opacity = layer.opacity;
    const t = n - layer.startFrame;
    const { enter, leave, motion, push, places } = layer;
    // What moves in one shot only begins with it.
    const seen = places !== null && shotFrame > layer.startFrame ? n - shotFrame : t;
    if (places !== null) {
      this.offsetX = places.dx[shot]!;
      this.offsetY = places.dy[shot]!;
      this.clipX0 = Math.max(0, places.windows[shot * 4]!);
      this.clipY0 = Math.max(0, places.windows[shot * 4 + 1]!);
      this.clipX1 = Math.min(this.width, places.windows[shot * 4 + 2]!);
      this.clipY1 = Math.min(this.height, places.windows[shot * 4 + 3]!);
    }
    if (motion !== null) this.move(motion, seen - (seen % motion.stepFrames));
    // Whole pixels: between two of them nothing is damaged, and planes out of focus show no step.
    if (layer.depth256 !== 0) this.offsetX += Math.round((layer.depth256 * drift) / 65536);
    if (push !== null && seen < push.frames) this.pushIndex = Math.floor((seen * push.sizes) / push.frames);
    if (t < enter.frames) {
      const at = t - (t % enter.stepFrames);
      this.transit(layer, enter, ease(enter.easing, Math.floor(((at + 1) * ONE) / enter.frames)));
    }
    const u = n - leaveFrame;
    if (u >= 0) {
      const at = u - (u % leave.stepFrames);
      this.transit(layer, leave, ONE - ease(leave.easing, Math.floor(((at + 1) * ONE) / (leave.frames + 1))));
    }
  }

  /** `p`: 0 away, ONE at its position; some curves overshoot. */
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
}
