import type { Box } from '../../core/verdict.js';
import type { FilmManifest } from './film-manifest.js';

/**
 * An I420 picture of twice the height (the picture above its matte, both in limited range) becomes a premultiplied YUVA
 * bitmap of `width` × `height`.
 */
export function joinMatte(source: Uint8Array, width: number, height: number, to: Uint8Array): void {
  const luma = width * height;
  const quarter = luma / 4;
  const halfWidth = width / 2;
  const alphaAt = luma + 2 * quarter;
  const coarseAt = 2 * luma + 2 * quarter;
  for (let i = 0; i < luma; i += 1) {
    // The coder leaves some noise at both ends of the matte.
    const m = ((source[luma + i]! - 22) * 255 + 103) / 207;
    const a = m <= 0 ? 0 : m >= 255 ? 255 : Math.floor(m);
    to[alphaAt + i] = a;
    to[i] = Math.floor((source[i]! * a + 127) / 255);
  }
  for (let y = 0; y < height / 2; y += 1) {
    for (let x = 0; x < halfWidth; x += 1) {
      const at = alphaAt + 2 * y * width + 2 * x;
      const a = (to[at]! + to[at + 1]! + to[at + width]! + to[at + width + 1]! + 2) >> 2;
      const i = y * halfWidth + x;
      to[coarseAt + i] = a;
      to[luma + i] = Math.floor((source[2 * luma + i]! * a + 127) / 255);
      to[luma + quarter + i] = Math.floor((source[2 * luma + 2 * quarter + i]! * a + 127) / 255);
    }
  }
}

/** How a film fills the presenter's box; all numbers but `scale` are even. */
export interface FilmFit {
  readonly scaleX: number;
  readonly scaleY: number;
  /** The whole film, scaled… */
  readonly scaledWidth: number;
  readonly scaledHeight: number;
  /** …and the part of it that is kept. */
  readonly cropX: number;
  readonly cropY: number;
  readonly width: number;
  readonly height: number;
  /** Place in the box. */
  readonly x: number;
  readonly y: number;
}

const even = (v: number): number => 2 * Math.round(v / 2);
const evenDown = (v: number): number => 2 * Math.floor(v / 2);
/** A film is enlarged by at most this much: beyond it looks soft. */
const MAX_SCALE = 2.5;
/** Share of the film's width kept around a person: its box is that of the half-transparent edge. */
const PERSON_MARGIN = 0.04;
/** Share of the film's width kept above the head. */
const HEADROOM = 0.05;

/**
 * A cut-out person fills the box's height unless that would cut them at the sides, and stands on its bottom edge. A
 * film with its background covers the box, with the face in the middle where there is room.
 */
export function fitFilm({ film, person, face }: FilmManifest, box: Box): FilmFit {
  const cover = Math.max(box.width / film.width, box.height / film.height);
  // Nobody is ever in the rest of a cut-out film: it is neither kept nor drawn, and takes no height from the person.
  const margin = film.width * PERSON_MARGIN;
  const above = Math.max(0, person[1] - film.width * HEADROOM);
  const contain = Math.min(box.height / (film.height - above), box.width / person[2]);
  const scale = Math.min(MAX_SCALE, film.alpha ? contain : cover);
  const scaledWidth = even(film.width * scale);
  const scaledHeight = even(film.height * scale);
  const middle = (film.alpha ? person[0] + person[2] / 2 : face[0] + face[2] / 2) * scale;
  const reach = film.alpha ? even((person[2] + 2 * margin) * scale) : scaledWidth;
  const top = film.alpha ? evenDown(above * scale) : 0;
  const width = Math.min(evenDown(box.width), scaledWidth, reach);
  const height = Math.min(evenDown(box.height), scaledHeight - top);
  const clamp = (v: number, max: number): number => evenDown(Math.min(Math.max(0, v), max));
  const cropX = clamp(middle - width / 2, scaledWidth - width);
  // The head stays: what does not fit is cut below.
  const headroom = Math.max(0, face[1] * scale - box.height * 0.22);
  const cropY = film.alpha ? scaledHeight - height : clamp(headroom, scaledHeight - height);
  return {
    scaleX: scaledWidth / film.width,
    scaleY: scaledHeight / film.height,
    scaledWidth,
    scaledHeight,
    cropX,
    cropY,
    width,
    height,
    x: evenDown((box.width - width) / 2),
    y: evenDown(box.height - height),
  };
}
