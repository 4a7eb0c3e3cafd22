/**
 * Without a quiet zone the outer ring of a finder runs into what is dark around it, where "dark" is all below the
 * neighbourhood's middle. With the tones below or above the middle pressed together only the darkest (or lightest)
 * stay dark (light), and a ground of middle tone falls away from the code.
 */
const BRIGHTER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 40)));
const DARKER = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.max(0, v * 3 - 470)));

/** The tables of tones that a picture is looked at with. */
export const TONES = [BRIGHTER, DARKER] as const;

/** The plane's samples by a table of 256 tones, into `out`, which is as long. */
export function pressTones(plane: Uint8Array, tones: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < plane.length; i += 1) out[i] = tones[plane[i]!]!;
}
