/** Sound of a running room: music, ducking and the presenter's voice. */

export interface AudioState {
  /** Null while no music plays. */
  readonly music: {
    /** Relative to the room file, or the name of an embedded track. */
    readonly src: string;
    readonly gainDb: number;
    readonly instrumental: boolean;
  } | null;
  readonly duckDb: number;
  readonly roomTone: boolean;
  /** As in the room file; it holds for the next line that is prepared. */
  readonly voice: unknown;
  /** Names of the embedded tracks. */
  readonly tracks: readonly string[];
}

export interface AudioHandle {
  state(): Promise<AudioState>;
  /**
   * Changes the named settings. Music is loaded before it changes; throws E_BAD_REQUEST, E_ASSET_MISSING, E_ASSET_INVALID,
   * E_ROOM_REFUSED (words in music are not judged) or E_VOICE_UNKNOWN, and nothing changes.
   */
  patch(body: unknown, gesture?: string): Promise<AudioState>;
}
