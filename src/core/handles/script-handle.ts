/** The running script, for the API and the page. */

/** A script line as the room file writes it. */
export interface ScriptLineBody {
  readonly id?: string | undefined;
  readonly text: string;
  readonly variants: readonly string[];
  readonly caption?: string | undefined;
  readonly language?: string | undefined;
  readonly gesture: string;
  readonly pauseMs?: number | undefined;
  readonly role?: 'host' | 'assistant' | undefined;
  readonly show?: readonly string[] | undefined;
}

/** Changed fields of a line; null returns a field to its default. */
export type ScriptLinePatch = {
  readonly [K in keyof Omit<ScriptLineBody, 'id'>]?: ScriptLineBody[K] | null | undefined;
} & { readonly after?: string | null | undefined };

export interface ScriptSegmentBody {
  readonly id?: string | undefined;
  readonly product?: string | undefined;
  readonly lines: readonly ScriptLineBody[];
}

export interface ScriptSegmentPatch {
  /** Null: no product. */
  readonly product?: string | null | undefined;
  /** Moves it behind another segment; null: to the front. */
  readonly after?: string | null | undefined;
}

export interface ScriptSettings {
  readonly loop?: boolean | undefined;
  readonly gapMs?: number | undefined;
  readonly fillers?: readonly string[] | undefined;
}

interface ScriptLineSnapshot extends ScriptLineBody {
  readonly id: string;
}

export interface ScriptSnapshot {
  /** Number of edits since the start. */
  readonly revision: number;
  readonly paused: boolean;
  /** Ids of the script line on air; null while another line or none is. */
  readonly current: ScriptPlace | null;
  /** Ids of the next script line; null at the end of a script that does not loop. */
  readonly next: ScriptPlace | null;
  readonly loop: boolean;
  readonly gapMs: number;
  readonly fillers: readonly string[];
  readonly segments: readonly {
    readonly id: string;
    readonly product: string | null;
    readonly lines: readonly ScriptLineSnapshot[];
  }[];
}

interface ScriptPlace {
  readonly segment: string;
  readonly line: string;
}

/** A segment or line that was added or changed. */
export interface ScriptEdit {
  readonly revision: number;
  readonly id: string;
}

/**
 * Every edit is judged first, then applied to the running show. Throws E_TEXT_REFUSED for words that must not be spoken
 * or shown, E_NOT_FOUND for unknown ids, E_BAD_REQUEST for a script that could not run.
 */
export interface ScriptHandle {
  snapshot(): ScriptSnapshot;
  replace(segments: readonly ScriptSegmentBody[]): Promise<ScriptSnapshot>;
  change(settings: ScriptSettings): Promise<ScriptSnapshot>;
  /** Adds a segment behind another one; without `after` at the end, with null at the front. */
  addSegment(segment: ScriptSegmentBody, after?: string | null): Promise<ScriptEdit>;
  /** Replaces a segment, or adds one with that id at the end. */
  putSegment(id: string, segment: ScriptSegmentBody): Promise<ScriptEdit>;
  patchSegment(id: string, patch: ScriptSegmentPatch): Promise<ScriptEdit>;
  deleteSegment(id: string): Promise<void>;
  addLine(segment: string, line: ScriptLineBody, after?: string | null): Promise<ScriptEdit>;
  /** Replaces a line, or adds one with that id at the end of the segment. */
  putLine(segment: string, id: string, line: ScriptLineBody): Promise<ScriptEdit>;
  patchLine(segment: string, id: string, patch: ScriptLinePatch): Promise<ScriptEdit>;
  deleteLine(segment: string, id: string): Promise<void>;
  /** Goes to a line, or to a segment's first, after the line on air; with `now` that line is cut. */
  jump(to: {
    readonly segment: string;
    readonly line?: string | undefined;
    readonly now?: boolean | undefined;
  }): Promise<ScriptSnapshot>;
  /** Ends the line on air at its sentence, or at once; `skipped`: its id, null when it ends by itself or none is. */
  skip(options: { readonly now?: boolean | undefined }): Promise<{ readonly skipped: string | null }>;
  /** Holds the script after the line on air; other lines are spoken. */
  pause(): Promise<ScriptSnapshot>;
  resume(): Promise<ScriptSnapshot>;
}
