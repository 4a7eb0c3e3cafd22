/** The lines on air and on their way, for the API and the page. */

export interface AgendaItemSnapshot {
  readonly id: string;
  /** `script`, `operator`, `reply`… */
  readonly kind: string;
  readonly text: string;
  readonly role: 'host' | 'assistant';
  readonly state: 'speaking' | 'scheduled' | 'waiting';
  readonly waitedMs: number;
  /** Its place in the script; null for other lines. */
  readonly place: { readonly segment: string; readonly line: string } | null;
}

/** The line on air and how far it has come. */
export interface SpokenItemSnapshot extends AgendaItemSnapshot {
  /** BCP-47. */
  readonly language: string;
  /** Characters of the text that have been spoken. */
  readonly spokenCharacters: number;
  readonly elapsedMs: number;
  readonly lengthMs: number;
}

export interface AgendaSnapshot {
  /** The operator holds the script. */
  readonly paused: boolean;
  readonly current: SpokenItemSnapshot | null;
  /** Sent to the frame loop; they can still be taken back for an urgent line. */
  readonly scheduled: readonly AgendaItemSnapshot[];
  /** In the order in which they would be spoken. */
  readonly waiting: readonly AgendaItemSnapshot[];
  /** Lines since the start, by their fate. */
  readonly counters: Readonly<
    Record<'added' | 'spoken' | 'forgotten' | 'displaced' | 'refused' | 'cancelled' | 'failed', number>
  >;
}

export interface AgendaHandle {
  snapshot(): AgendaSnapshot;
  /** Drops a line that has not begun. Throws E_NOT_FOUND for any other. */
  cancel(id: string): Promise<void>;
}
