/**
 * Tone compression for codes without a quiet zone. Without one, the outer ring of a finder runs into a dark background,
 * where "dark" is everything below the neighbourhood's middle. With the tones below or above the middle compressed,
 * only the darkest (or lightest) stay dark (light), and a background of middle tone separates from the code.
 */
const BRIGHTER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 40)));
const DARKER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 470)));

/** The tone tables of the scan. */
export const TONES = [BRIGHTER, DARKER] as const;

/** Maps the plane's samples through a table of 256 tones into `out`, which has the same length. */
export function pressTones(plane: Uint8Array, tones: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < plane.length; i += 1) out[i] = tones[plane[i]!]!;
}
