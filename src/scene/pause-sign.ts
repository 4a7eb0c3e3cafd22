/** The background of a slate, as a definition with the id `ground`. */
export const SLATE_GROUND =
  `<linearGradient id="ground" x1="0" y1="0" x2="0.4" y2="1">` +
  `<stop offset="0" stop-color="#233049"/><stop offset="1" stop-color="#0d121c"/></linearGradient>`;

/** Two bars in a ring: the pause sign. */
export function pauseSign(cx: number, cy: number, radius: number): string {
  const bar = radius * 0.2;
  const ring = `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="none" stroke="#ffffff" stroke-opacity="0.75" stroke-width="${Math.max(2, radius * 0.07)}"/>`;
  const upright = (x: number): string =>
    `<rect x="${x}" y="${cy - radius * 0.38}" width="${bar}" height="${radius * 0.76}" rx="${bar / 3}" fill="#fff"/>`;
  return (
    `<circle cx="${cx}" cy="${cy}" r="${radius}" fill="#ffffff" fill-opacity="0.1"/>${ring}` +
    upright(cx - bar * 1.75) +
    upright(cx + bar * 0.75)
  );
}
