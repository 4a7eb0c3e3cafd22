/** The mean luma of the four pixels that a sample of chroma at (x, y) is of; rows of luma are of `stride`. */
export function lumaUnder(picture: Uint8Array, stride: number, x: number, y: number): number {
  const p = 2 * (y * stride + x);
  return (picture[p]! + picture[p + 1]! + picture[p + stride]! + picture[p + stride + 1]!) / 4;
}
