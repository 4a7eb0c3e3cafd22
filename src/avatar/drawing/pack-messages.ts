/** Messages between the engine and the process that draws strangers' presenter packs. */

export type PackJob =
  | { readonly kind: 'svg'; readonly svg: Uint8Array; readonly where: string }
  | { readonly kind: 'mouths'; readonly bytes: Uint8Array; readonly where: string; readonly sheet: MouthSheet };

/** A sheet of equal pictures in rows, and the size at which each is wanted. */
export interface MouthSheet {
  readonly columns: number;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly toWidth: number;
  readonly toHeight: number;
}

export interface PackReply {
  /** RGBA, straight alpha; of a sheet, its pictures one after another. */
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** CPU time of this job. */
  readonly cpuMs: number;
}
