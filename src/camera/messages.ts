/**
 * What the part in the page and the part that reaches the engine say to each other. The page's part runs among the
 * page's own code, so nothing secret is in here: not the engine's address, not its token.
 */

export interface CameraState {
  /** Whether this site gets the camera at all. */
  readonly offered: boolean;
  /** Whether the engine answers. */
  readonly available: boolean;
  /** Whether it is taken when a page does not say which camera it wants. */
  readonly preferred: boolean;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** Of this site alone, and the same each time. */
  readonly ids: { readonly camera: string; readonly microphone: string; readonly group: string };
  /** What the site was given before, so that it sees the names. */
  readonly granted: { readonly video: boolean; readonly audio: boolean };
}

export type Request =
  | { readonly kind: 'state' }
  | { readonly kind: 'offer'; readonly sdp: string }
  | { readonly kind: 'drop'; readonly session: string }
  | { readonly kind: 'granted'; readonly video: boolean; readonly audio: boolean }
  /** ICE servers the endpoint names, asked before an offer is made. */
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

/** The way from the page's part to the engine. */
export interface Bridge {
  /** Rejects with an Error in words when it can't be done. */
  request<K extends Request['kind']>(request: Extract<Request, { kind: K }>): Promise<Replies[K]>;
  /** Called when the settings have changed. */
  onChange(listener: () => void): void;
}

export const LABELS = { camera: 'Showroom Camera', microphone: 'Showroom Microphone' } as const;

/** As long as the engine has not said. */
export const USUAL_PICTURE = { width: 1280, height: 720, frameRate: 30 } as const;
export const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080/whep';
