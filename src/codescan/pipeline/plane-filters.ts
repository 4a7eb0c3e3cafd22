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
