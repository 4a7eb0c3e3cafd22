import type { Scope } from './breakout-box.js';

/** Side of the small copy that, enlarged, forms the soft background of a picture with another aspect ratio. */
const GROUND_PX = 16;
/** Aspect ratios this close are stretched: the difference is invisible, and no hairline of background shows. */
const SAME_SHAPE = 0.01;

/**
 * Frames in the size a page requested. Nothing is cropped, since the AI label may stand at any edge: a picture with
 * another aspect ratio is shown whole on a soft, dark copy of itself.
 */
export class PictureFitter {
  private canvas: OffscreenCanvas | undefined;
  private ground: OffscreenCanvas | undefined;

  constructor(private readonly scope: Scope) {}

  /** A new frame, which the caller must close; the given one stays the caller's, too. */
  fit(frame: VideoFrame, width: number, height: number): VideoFrame {
    if (frame.displayWidth === width && frame.displayHeight === height) return frame.clone();
    const { timestamp } = frame;
    this.canvas ??= new this.scope.OffscreenCanvas(width, height);
    const { canvas } = this;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const to = canvas.getContext('2d', { alpha: false })!;
    to.imageSmoothingQuality = 'high';
    const shape = frame.displayWidth / frame.displayHeight;
    if (Math.abs(width / height / shape - 1) < SAME_SHAPE) {
      to.drawImage(frame, 0, 0, width, height);
    } else {
      this.paintGround(frame, to, width, height);
      const w = Math.min(width, height * shape);
      const h = Math.min(height, width / shape);
      to.drawImage(frame, (width - w) / 2, (height - h) / 2, w, h);
    }
    return new this.scope.VideoFrame(canvas, { timestamp, alpha: 'discard' });
  }

  private paintGround(frame: VideoFrame, to: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
    this.ground ??= new this.scope.OffscreenCanvas(GROUND_PX, GROUND_PX);
    const small = this.ground.getContext('2d', { alpha: false })!;
    small.drawImage(frame, 0, 0, GROUND_PX, GROUND_PX);
    to.drawImage(this.ground, 0, 0, width, height);
    to.fillStyle = '#0006';
    to.fillRect(0, 0, width, height);
  }
}
