/**
 * The channel between the two halves of the extension in one page: the half in the page's own world, which makes the
 * camera, and the half in the extension's world, which may talk to the rest of the extension.
 *
 * They find each other by two events before any script of the page has run, and hand over a MessagePort; later page
 * code can neither see nor use it.
 */
export const READY_EVENT = 'showroom-camera-ready';
export const CONNECT_EVENT = 'showroom-camera-connect';

export interface Call {
  readonly id: number;
  readonly request: unknown;
}
export type FromExtension =
  | { readonly id: number; readonly reply: unknown }
  | { readonly id: number; readonly error: string }
  | { readonly changed: true };
