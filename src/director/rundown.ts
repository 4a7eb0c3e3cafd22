import { type Line, type Script, wordingsOf } from '../config/sections/script.js';

/** Where in the script a line stands. `round` counts how often the script has started. */
export interface ScriptPosition {
  readonly round: number;
  readonly segment: number;
  readonly line: number;
}

/** One line to be spoken, in the order the rundown gives. */
export interface RundownLine {
  /** Unique in the room's life: `s0.1.2` for scripts (round, segment, line), `say-3` for inserted ones, `fill-4` for fillers. */
  readonly id: string;
  readonly text: string;
  /** What the caption shows; empty for none. */
  readonly caption: string;
  /** BCP-47, or undefined for the room's language. */
  readonly language: string | undefined;
  readonly gesture: Line['gesture'];
  /** Silence after the line; undefined for the script's gap. */
  readonly pauseMs: number | undefined;
  /** Product that is presented; undefined leaves the current one. */
  readonly product: string | null | undefined;
  readonly source: 'script' | 'say' | 'filler';
  readonly position: ScriptPosition | undefined;
}

/** At most this many inserted lines wait; beyond it `insert` answers false. */
export const MAX_INSERTED_LINES = 50;

/**
 * The script as an endless sequence of lines, with room for lines that are put in while it runs:
 * those marked `next` come before the script's next line, the others after the current segment. Each round says a line in
 * the next of its wordings.
 */
export class Rundown {
  private round = 0;
  private segment = 0;
  private line = 0;
  private inserted = 0;
  private filled = 0;
  private readonly soon: RundownLine[] = [];
  private readonly afterSegment: RundownLine[] = [];

  constructor(private readonly script: Script) {}

  /** The next line, or undefined at the end of a script that does not loop. */
  next(): RundownLine | undefined {
    const soon = this.soon.shift();
    if (soon !== undefined) return soon;
    if (this.line === 0 && this.afterSegment.length > 0) return this.afterSegment.shift();
    const segment = this.script.segments[this.segment];
    if (segment === undefined) return undefined;
    const line = segment.lines[this.line]!;
    const position = { round: this.round, segment: this.segment, line: this.line };
    const wordings = wordingsOf(line);
    const text = wordings[this.round % wordings.length]!;
    this.step(segment.lines.length);
    return {
      id: `s${position.round}.${position.segment}.${position.line}`,
      text,
      // A caption is written for the text; for another wording only that there is to be none holds.
      caption: line.caption === '' || text === line.text ? (line.caption ?? text) : text,
      language: line.language,
      gesture: line.gesture,
      pauseMs: line.pauseMs,
      product: segment.product ?? null,
      source: 'script',
      position,
    };
  }

  /** The next of the lines that were put in to come at once, if any waits. */
  takeUrgent(): RundownLine | undefined {
    return this.soon.shift();
  }

  /** Puts a line in; undefined when too many wait. */
  insert(line: { text: string; caption: string; language?: string; next: boolean }): RundownLine | undefined {
    if (this.soon.length + this.afterSegment.length >= MAX_INSERTED_LINES) return undefined;
    this.inserted += 1;
    const entry = spontaneous(`say-${this.inserted}`, 'say', line);
    (line.next ? this.soon : this.afterSegment).push(entry);
    return entry;
  }

  /** Puts the script's next filler in, to come at once; undefined when it has none or something waits already. */
  fill(): RundownLine | undefined {
    const { fillers } = this.script;
    if (fillers.length === 0 || this.waiting > 0) return undefined;
    const text = fillers[this.filled % fillers.length]!;
    this.filled += 1;
    const entry = spontaneous(`fill-${this.filled}`, 'filler', { text, caption: text });
    this.soon.push(entry);
    return entry;
  }

  /** How many inserted lines wait. */
  get waiting(): number {
    return this.soon.length + this.afterSegment.length;
  }

  /** The script line that `next()` gives after all inserted ones. */
  position(): ScriptPosition {
    return { round: this.round, segment: this.segment, line: this.line };
  }

  /** Goes on at a position of an earlier run; one that the script no longer has starts its segment or the script. */
  resumeAt(position: ScriptPosition): void {
    const segment = this.script.segments[position.segment];
    this.round = position.round;
    this.segment = segment === undefined ? 0 : position.segment;
    this.line = segment?.lines[position.line] === undefined ? 0 : position.line;
  }

  private step(linesInSegment: number): void {
    this.line += 1;
    if (this.line < linesInSegment) return;
    this.line = 0;
    this.segment += 1;
    if (this.segment < this.script.segments.length || !this.script.loop) return;
    this.segment = 0;
    this.round += 1;
  }
}

/** A line that leaves the product as it is. */
const spontaneous = (
  id: string,
  source: RundownLine['source'],
  line: { text: string; caption: string; language?: string },
): RundownLine => ({
  id,
  text: line.text,
  caption: line.caption,
  language: line.language,
  gesture: 'nod',
  pauseMs: undefined,
  product: undefined,
  source,
  position: undefined,
});
