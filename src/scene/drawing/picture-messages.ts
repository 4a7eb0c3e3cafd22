import { EngineError, type ErrorCode } from '../../core/errors.js';
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
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly where: string;
      readonly expected: string | undefined;
      readonly found: string | undefined;
      readonly todo: string | undefined;
      readonly details: Record<string, unknown>;
    }
  | { readonly kind: 'undrawable'; readonly width: number; readonly height: number };

/** Undefined for any other error. */
export function refusedOf(error: unknown): RefusedPicture | undefined {
  if (error instanceof Undrawable) return { kind: 'undrawable', width: error.width, height: error.height };
  if (!(error instanceof EngineError)) return undefined;
  const { code, where, expected, found, todo, details } = error;
  return { kind: 'refused', code, where, expected, found, todo, details };
}

export function errorOf(refused: RefusedPicture): Error {
  if (refused.kind === 'undrawable') return new Undrawable(refused.width, refused.height);
  const { code, where, expected, found, todo, details } = refused;
  return new EngineError(code, {
    where,
    details,
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(todo === undefined ? {} : { todo }),
  });
}
