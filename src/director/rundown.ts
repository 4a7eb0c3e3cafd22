import { type Line, type Script, wordingsOf } from '../config/sections/script.js';
import { SegmentChoice } from './products/segment-choice.js';

/** A line's position in the script. `round` counts the starts of the script. */
export interface ScriptPosition {
  readonly round: number;
  readonly segment: number;
  readonly line: number;
}

/** One line to speak, in the rundown's order. */
export interface RundownLine {
  /**
   * Unique in the room's life: `s0.1.2` for scripts (round, segment, line), `say-3` for inserted ones, `fill-4` for
   * fillers.
   */
  readonly id: string;
  readonly text: string;
  /** The caption; empty for none. */
  readonly caption: string;
  /** BCP-47, or undefined for the room's language. */
  readonly language: string | undefined;
  readonly gesture: Line['gesture'];
  /** Silence after the line; undefined for the script's gap. */
  readonly pauseMs: number | undefined;
  /** The presented product; undefined keeps the current one. */
  readonly product: string | null | undefined;
  readonly source: 'script' | 'say' | 'filler';
  readonly position: ScriptPosition | undefined;
}

/** Maximum waiting inserted lines; beyond it `insert` returns undefined. */
export const MAX_INSERTED_LINES = 50;

/**
 * The script as an endless sequence of lines, plus lines inserted while it runs: those marked `next` come before the
 * script's next line, the others after the current segment. Each round uses the next variant of a line.
 */
export class Rundown {
  private round = 0;
  private segment = 0;
  private line = 0;
  private inserted = 0;
  private filled = 0;
  private readonly soon: RundownLine[] = [];
  private readonly afterSegment: RundownLine[] = [];

  /** `choice`: which segments are spoken; all of them without it. */
  constructor(
    private readonly script: Script,
    readonly choice = new SegmentChoice({ products: [] }),
  ) {}

  /** The next line, or undefined at the end of a script that does not loop. */
  next(): RundownLine | undefined {
    const soon = this.soon.shift();
    if (soon !== undefined) return soon;
    this.settle();
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
      // A caption is written for the text; another variant keeps only the choice of no caption.
      caption: line.caption === '' || text === line.text ? (line.caption ?? text) : text,
      language: line.language,
      gesture: line.gesture,
      pauseMs: line.pauseMs,
      product: segment.product ?? null,
      source: 'script',
      position,
    };
  }

  /** The next inserted line marked `next`, if any. */
  takeUrgent(): RundownLine | undefined {
    return this.soon.shift();
  }

  /** Inserts a line; undefined when too many are waiting. */
  insert(line: { text: string; caption: string; language?: string; next: boolean }): RundownLine | undefined {
    if (this.soon.length + this.afterSegment.length >= MAX_INSERTED_LINES) return undefined;
    this.inserted += 1;
    const entry = spontaneous(`say-${this.inserted}`, 'say', line);
    (line.next ? this.soon : this.afterSegment).push(entry);
    return entry;
  }

  /** Inserts the script's next filler to come at once; undefined when it has none or a line is already waiting. */
  fill(): RundownLine | undefined {
    const { fillers } = this.script;
    if (fillers.length === 0 || this.waiting > 0) return undefined;
    const text = fillers[this.filled % fillers.length]!;
    this.filled += 1;
    const entry = spontaneous(`fill-${this.filled}`, 'filler', { text, caption: text });
    this.soon.push(entry);
    return entry;
  }

  /** Number of waiting inserted lines. */
  get waiting(): number {
    return this.soon.length + this.afterSegment.length;
  }

  /** The script line that `next()` returns after all inserted ones. */
  position(): ScriptPosition {
    this.settle();
    return { round: this.round, segment: this.segment, line: this.line };
  }

  /**
   * Continues at the position of an earlier run. A missing line continues at the start of its segment, or of the
   * script.
   */
  resumeAt(position: ScriptPosition): void {
    const segment = this.script.segments[position.segment];
    this.round = position.round;
    this.segment = segment === undefined ? 0 : position.segment;
    this.line = segment?.lines[position.line] === undefined ? 0 : position.line;
  }

  /** Whether a line of the script is still to be spoken. */
  speaks({ position }: RundownLine): boolean {
    return position === undefined || this.choice.speaks(this.script.segments, position.segment);
  }

  /** Goes on to a segment that is spoken, with the next round after the script's end. */
  private settle(): void {
    const { segments, loop } = this.script;
    for (let tried = 0; tried < segments.length && this.segment < segments.length; tried += 1) {
      if (this.choice.speaks(segments, this.segment)) return;
      this.line = 0;
      this.segment += 1;
      if (this.segment === segments.length && (loop || this.choice.pinned !== null)) {
        this.segment = 0;
        this.round += 1;
      }
    }
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

/** A line that keeps the current product. */
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
