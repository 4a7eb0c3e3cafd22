/** Who presents a running room. */

export interface PresenterState {
  /** Name of an embedded presenter, or the path of a pack. */
  readonly pack: string | null;
  /** The look that it wears, by name or as clothes; null is its own. */
  readonly look: unknown;
  /** Names of its looks; empty for a pack with one look. */
  readonly looks: readonly string[];
  /** First frame with this presenter; null when it was so from the start. */
  readonly atFrame: number | null;
  /** Names of the embedded presenters. */
  readonly packs: readonly string[];
  /** Null in a room without one. */
  readonly assistant: AssistantState | null;
}

interface AssistantState extends Pick<PresenterState, 'look' | 'looks' | 'atFrame'> {
  /** Null for a voice without a face. */
  readonly pack: string | null;
  readonly voice: unknown;
}

export interface PresenterHandle {
  state(): Promise<PresenterState>;
  /**
   * Another presenter or assistant takes over, or the same one changes clothes or voice, once the lines scheduled so far are over. Throws E_BAD_REQUEST, E_ASSET_MISSING,
   * E_PRESENTER_INVALID or E_VOICE_UNKNOWN, and nothing changes.
   */
  put(body: unknown): Promise<PresenterState>;
}
