/**
 * Filters for an 8-bit plane before it is read again. Readers miss codes that eyes can see, and another size or a
 * stretched contrast makes most of them readable. All rows are without padding; `to` must be large enough and, where
 * not stated otherwise, another array.
 */

/** Half the size by averaging 2×2; an odd last column or row is left out. */
export function halvePlane(from: Uint8Array, width: number, height: number, to: Uint8Array): void {
  const w = width >> 1;
  const h = height >> 1;
  for (let y = 0; y < h; y += 1) {
    let a = 2 * y * width;
    const out = y * w;
    for (let x = 0; x < w; x += 1, a += 2) {
      to[out + x] = (from[a]! + from[a + 1]! + from[a + width]! + from[a + width + 1]! + 2) >> 2;
    }
  }
}

/** Spreads the samples between the 1st and the 99th percentile over 0–255, in place; true if it changed much. */
export function stretchPlane(plane: Uint8Array, samples: number): boolean {
  const histogram = new Uint32Array(256);
  for (let i = 0; i < samples; i += 1) histogram[plane[i]!]! += 1;
  const cut = Math.floor(samples / 100);
  let low = 0;
  for (let seen = histogram[0]!; seen <= cut && low < 255; seen += histogram[low]!) low += 1;
  let high = 255;
  for (let seen = histogram[255]!; seen <= cut && high > low; seen += histogram[high]!) high -= 1;
  const range = high - low;
  // Fewer than four steps carry no picture, and 200 need no help.
  if (range < 4 || range > 200) return false;
  const table = new Uint8ClampedArray(256);
  for (let v = 0; v < 256; v += 1) table[v] = ((v - low) * 255) / range;
  for (let i = 0; i < samples; i += 1) plane[i] = table[plane[i]!]!;
  return true;
}

/** Mirrors left and right, in place. */
export function mirrorPlane(plane: Uint8Array, width: number, height: number): void {
  for (let y = 0; y < height; y += 1) plane.subarray(y * width, (y + 1) * width).reverse();
}

/** One picture as 8-bit planes of equal size, and as I420 for the live scan. */
export interface PicturePlanes {
  readonly width: number;
  readonly height: number;
  readonly y: Uint8Array;
  readonly cb: Uint8Array;
  readonly cr: Uint8Array;
  readonly r: Uint8Array;
  readonly g: Uint8Array;
  readonly b: Uint8Array;
}

/** True when a pixel is not fully opaque. */
export function hasAlpha(rgba: Uint8Array): boolean {
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i] !== 255) return true;
  return false;
}

/**
 * Converts straight RGBA over a grey background (0–255) to planes; Y, Cb and Cr full range with the weights of BT.709.
 * A code drawn with transparent pixels shows over a light or a dark background only, so both are tried.
 */
export function rgbaToPlanes(rgba: Uint8Array, width: number, height: number, background: number): PicturePlanes {
  const n = width * height;
  const [y, cb, cr, r, g, b] = Array.from({ length: 6 }, () => new Uint8ClampedArray(n)) as [
    Uint8ClampedArray,
    Uint8ClampedArray,
    Uint8ClampedArray,
    Uint8ClampedArray,
    Uint8ClampedArray,
    Uint8ClampedArray,
  ];
  for (let i = 0; i < n; i += 1) {
    const a = rgba[4 * i + 3]! / 255;
    const under = background * (1 - a);
    const red = rgba[4 * i]! * a + under;
    const green = rgba[4 * i + 1]! * a + under;
    const blue = rgba[4 * i + 2]! * a + under;
    const luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    r[i] = red;
    g[i] = green;
    b[i] = blue;
    y[i] = luma;
    cb[i] = 128 + (blue - luma) / 1.8556;
    cr[i] = 128 + (red - luma) / 1.5748;
  }
  const bytes = (plane: Uint8ClampedArray): Uint8Array => new Uint8Array(plane.buffer);
  return { width, height, y: bytes(y), cb: bytes(cb), cr: bytes(cr), r: bytes(r), g: bytes(g), b: bytes(b) };
}

/** The picture over a grey background (0–255), opaque. */
export function flattenRgba(rgba: Uint8Array, background: number): Uint8Array {
  const flat = new Uint8ClampedArray(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const a = rgba[i + 3]! / 255;
    for (let c = i; c < i + 3; c += 1) flat[c] = rgba[c]! * a + background * (1 - a);
    flat[i + 3] = 255;
  }
  return new Uint8Array(flat.buffer);
}

/** The alpha channel as a plane. */
export function alphaPlane(rgba: Uint8Array): Uint8Array {
  const plane = new Uint8Array(rgba.length >> 2);
  for (let i = 0; i < plane.length; i += 1) plane[i] = rgba[4 * i + 3]!;
  return plane;
}

/** Planes as one I420 picture; chroma is averaged over 2×2 and rounded up in size when the luma is odd. */
export function planesToI420(planes: PicturePlanes): Uint8Array {
  const { width, height } = planes;
  const cw = (width + 1) >> 1;
  const ch = (height + 1) >> 1;
  const picture = new Uint8Array(width * height + 2 * cw * ch);
  picture.set(planes.y);
  let at = width * height;
  for (const plane of [planes.cb, planes.cr]) {
    for (let y = 0; y < ch; y += 1) {
      for (let x = 0; x < cw; x += 1) {
        const x1 = Math.min(width - 1, 2 * x + 1);
        const y1 = Math.min(height - 1, 2 * y + 1);
        const a = plane[2 * y * width + 2 * x]! + plane[2 * y * width + x1]!;
        const b = plane[y1 * width + 2 * x]! + plane[y1 * width + x1]!;
        picture[at] = (a + b + 2) >> 2;
        at += 1;
      }
    }
  }
  return picture;
}

/** RGBA fitted inside a box without enlarging, by averaging premultiplied pixels. */
export function fitRgba(
  rgba: Uint8Array,
  width: number,
  height: number,
  maxWidth: number,
  maxHeight: number,
): { rgba: Uint8Array; width: number; height: number } {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  if (scale === 1) return { rgba, width, height };
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  const out = new Uint8ClampedArray(w * h * 4);
  for (let y = 0; y < h; y += 1) {
    const y0 = Math.floor((y * height) / h);
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * height) / h));
    for (let x = 0; x < w; x += 1) {
      const x0 = Math.floor((x * width) / w);
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * width) / w));
      let r = 0;
      let g = 0;
      let b = 0;
      let a = 0;
      for (let v = y0; v < y1; v += 1) {
        for (let u = x0; u < x1; u += 1) {
          const i = 4 * (v * width + u);
          const alpha = rgba[i + 3]!;
          r += rgba[i]! * alpha;
          g += rgba[i + 1]! * alpha;
          b += rgba[i + 2]! * alpha;
          a += alpha;
        }
      }
      const o = 4 * (y * w + x);
      if (a > 0) {
        out[o] = r / a;
        out[o + 1] = g / a;
        out[o + 2] = b / a;
      }
      out[o + 3] = a / ((y1 - y0) * (x1 - x0));
    }
  }
  return { rgba: new Uint8Array(out.buffer), width: w, height: h };
}
