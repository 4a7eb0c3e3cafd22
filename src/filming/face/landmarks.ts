/** Indices of MediaPipe's 468 face points. Left and right are those of the picture. */

/** Corners of the eyes and the bridge of the nose: they move with the skull, not with speech. */
export const STABLE = [33, 133, 362, 263, 168, 6, 197, 195, 5, 127, 356] as const;
/** Eye corners far and near, for the unit of length. */
export const EYE_LEFT = 33;
export const EYE_RIGHT = 263;
/** Sides of the face, for the turn of the head. */
export const SIDE_LEFT = 234;
export const SIDE_RIGHT = 454;
export const FOREHEAD = 10;
export const CHIN = 152;
export const NOSE_BASE = 2;
export const MOUTH_LEFT = 61;
export const MOUTH_RIGHT = 291;
/** Inner edge of the lips from the left corner to the right one. */
export const UPPER_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308] as const;
export const LOWER_INNER = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308] as const;
/** Outer edge of the lips, likewise. */
export const UPPER_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291] as const;
export const LOWER_OUTER = [61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291] as const;
/** The jaw from the left ear over the chin to the right ear. */
export const JAW = [
  234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
] as const;
