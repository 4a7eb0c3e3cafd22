/** The differences between drawn presenters; the shared drawing code reads nothing else. */
export interface Look {
  readonly name: string;
  readonly title: string;
  readonly ageYears: number;
  /** Voice by language, `*` for all others; see presenter-pack.ts. */
  readonly voices: Readonly<Record<string, { name: string; pitch?: number; rate?: number }>>;
  readonly skin: string;
  readonly skinShade: string;
  readonly skinLight: string;
  readonly blush: string;
  readonly lip: string;
  readonly lipShade: string;
  readonly lipLight: string;
  readonly brow: string;
  readonly iris: string;
  readonly irisLight: string;
  readonly lash: string;
  /** Eye: half width, height of the open lid, rise of the outer corner, thickness of the lash line. */
  readonly eye: { halfWidth: number; lid: number; rise: number; lashWidth: number; spacing: number; y: number };
  readonly browShape: { halfWidth: number; thickness: number; arch: number; y: number; spacing: number };
  readonly mouth: { halfWidth: number; upper: number; lower: number; y: number; smile: number };
  readonly sleeve: string;
  readonly sleeveShade: string;
  readonly sleeveLight: string;
  readonly cuff: string;
  readonly nails: string | null;
  /** Half widths of shoulder, elbow and wrist and the lengths of both bones, in drawing units. */
  readonly arm: { shoulder: number; elbow: number; wrist: number; upperLength: number; foreLength: number };
  /** Right shoulder joint (of the picture); the left one is its mirror image. */
  readonly shoulder: readonly [x: number, y: number];
  readonly handScale: number;
  /** Creases at the corners of the mouth; a beard hides them. */
  readonly dimples: boolean;
  /** This presenter's own drawings, in the pack's coordinates (1000 × 1400). */
  readonly draw: {
    readonly hairBack: () => string;
    readonly body: () => string;
    readonly head: () => string;
    readonly features: () => string;
    readonly hairFront: () => string;
    /** Glasses: over the eyes, and turning with the nose. */
    readonly eyewear?: () => string;
  };
}

export const CENTRE_X = 500;
export const VIEW_WIDTH = 1000;
export const VIEW_HEIGHT = 1400;

/** A number as it stands in a path: two decimals at most. */
export const n = (value: number): string => String(Math.round(value * 100) / 100);

/** A shape and its mirror image about the figure's middle. */
export const both = (shape: string): string =>
  `${shape}<g transform="translate(${2 * CENTRE_X} 0) scale(-1 1)">${shape}</g>`;

export const gradient = (
  id: string,
  stops: readonly (readonly [number, string, number?])[],
  line = 'x1="0" y1="0" x2="0" y2="1"',
): string =>
  `<linearGradient id="${id}" ${line}>${stops
    .map(
      ([at, colour, opacity]) =>
        `<stop offset="${at}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
    )
    .join('')}</linearGradient>`;

export const glow = (id: string, colour: string, opacity: number): string =>
  `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${opacity}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`;

/** A whole file. */
export const svg = (content: string, viewBox = `0 0 ${VIEW_WIDTH} ${VIEW_HEIGHT}`): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}">${content}</svg>\n`;
