/** A picture's size, and where it stands in another one; even numbers. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** Separates a person from the background: I420 in, premultiplied YUVA out. */
export interface FrameKeyer {
  /** `out` is transparent everywhere before; the picture goes to `place.x`, `place.y` of a picture of `place`'s size. */
  write(frame: Uint8Array, size: Placed, out: Uint8Array, place: Placed): void;
}
