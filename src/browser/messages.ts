/**
 * Messages between the part in the page and the part that reaches the engine. The page's part runs among the page's own
 * code, so they contain no secret: neither the engine's address nor its token.
 */

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

export interface CameraState {
  /** Whether this site gets the camera at all. */
  readonly offered: boolean;
  /** Whether the engine answers. */
  readonly available: boolean;
  /** Whether it is the default for a page that names no camera. */
  readonly preferred: boolean;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** For this site alone, and stable. */
  readonly ids: { readonly camera: string; readonly microphone: string; readonly group: string };
  /** Kinds the site had permission for before, so it sees their names. */
  readonly granted: { readonly video: boolean; readonly audio: boolean };
}

export type Request =
  | { readonly kind: 'state' }
  | { readonly kind: 'offer'; readonly sdp: string }
  | { readonly kind: 'drop'; readonly session: string }
  | { readonly kind: 'granted'; readonly video: boolean; readonly audio: boolean }
  /** ICE servers named by the endpoint, requested before an offer is made. */
  | { readonly kind: 'servers' };

export interface OfferReply {
  readonly answer: string;
  /** For `drop`; opaque. */
  readonly session: string;
}

export interface Replies {
  state: CameraState;
  offer: OfferReply;
  drop: null;
  granted: null;
  servers: readonly RTCIceServer[];
}

/** The connection from the page's part to the engine. */
export interface Bridge {
  /** Rejects with an Error that explains the failure. */
  request<K extends Request['kind']>(request: Extract<Request, { kind: K }>): Promise<Replies[K]>;
  /** Called when the settings have changed. */
  onChange(listener: () => void): void;
}

export const LABELS = { camera: 'Showroom Camera', microphone: 'Showroom Microphone' } as const;

/** Until the engine answers. */
export const USUAL_PICTURE = { width: 1280, height: 720, frameRate: 30 } as const;
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080/whep';
