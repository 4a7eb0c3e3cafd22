import { type CarriedError, carriedError, errorFrom } from '../../core/errors.js';
import type { DecodedPicture, PageRequest } from '../assets/decode-page.js';
import type { LoadedPicture, PictureRequest } from '../assets/load-picture.js';
import { Undrawable } from '../raster.js';

/** Messages between the engine and its drawing process (Node's channel, advanced serialisation). */

export type PictureJob =
  | { readonly kind: 'picture'; readonly bytes: Uint8Array; readonly request: PictureRequest }
  | { readonly kind: 'page'; readonly request: PageRequest };

export type PictureReply =
  | { readonly kind: 'picture'; readonly picture: LoadedPicture }
  | { readonly kind: 'page'; readonly page: DecodedPicture }
  | RefusedPicture;

/** An error that describes the picture's fault. */
export type RefusedPicture =
  | CarriedError
  | { readonly kind: 'undrawable'; readonly width: number; readonly height: number };

/** Undefined for any other error. */
export function refusedOf(error: unknown): RefusedPicture | undefined {
  if (error instanceof Undrawable) return { kind: 'undrawable', width: error.width, height: error.height };
  return carriedError(error);
}

export const errorOf = (refused: RefusedPicture): Error =>
  refused.kind === 'undrawable' ? new Undrawable(refused.width, refused.height) : errorFrom(refused);
