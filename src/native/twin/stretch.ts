// frame path
/*
 * How far a locator may be stretched: height to width, at most. A video squeezed to 1:2.5 shows codes that readers still
 * read; the rest is the pixel by which each side of a small module is measured too long or too short.
 */
const STRETCH = 14;
const STRETCHED = 5;

/** Whether two sides may be those of one square, squeezed. */
export const areAlike = (a: number, b: number): boolean => STRETCHED * a <= STRETCH * b && STRETCHED * b <= STRETCH * a;
