import type { Layer } from '../config/sections/layer.js';
import type { Script, Line } from '../config/sections/script.js';
import {
  type LiveLine,
  LiveScript,
  type LiveSegment,
  type ScriptContent,
  type ScriptPosition,
  WordingChoice,
} from './script/live-script.js';
import type { Product } from '../config/sections/product.js';
import type { Utterance } from '../core/speech.js';
import type { LineKind, LineLayer, LineRequest, SpeakerRole } from './agenda/agenda.js';

export type { ScriptPosition } from './script/live-script.js';

/**
 * Chooses the segments of the script that are spoken.
 *
 * Rule: while a product is pinned, only its segments, as far as it has any; never those of a sold-out product, unless
 * the script has no others.
 */
export class SegmentChoice {
  /** The pinned product; null lets the script decide. */
  pinned: string | null = null;

  /** `room`: its products may change. */
  constructor(private readonly room: { readonly products: readonly Product[] }) {}

  speaks(segments: readonly { readonly product?: string | undefined }[], index: number): boolean {
    const { pinned } = this;
    if (pinned !== null && segments.some(({ product }) => product === pinned))
      return segments[index]?.product === pinned;
    return !this.isSoldOut(segments[index]?.product) || segments.every(({ product }) => this.isSoldOut(product));
  }

  private isSoldOut(id: string | undefined): boolean {
    return id !== undefined && this.room.products.find((one) => one.id === id)?.stock === 'sold-out';
  }
}

/** One line to speak. */
export interface RundownLine {
  /**
   * Unique in the room's life: `s0.1.2` for scripts (round, segment, line), `say-3` for an operator's lines, `fill-4` for
   * fillers, `reply-5`… for others; `~1` follows for a cut line that starts again.
   */
  readonly id: string;
  readonly kind: LineKind;
  readonly text: string;
  /** The caption; empty for none. */
  readonly caption: string;
  /** BCP-47, or undefined for the room's language. */
  readonly language: string | undefined;
  readonly role: SpeakerRole;
  readonly gesture: Line['gesture'];
  /** Silence after the line; undefined for the script's gap. */
  readonly pauseMs: number | undefined;
  /** The presented product; undefined keeps the current one. */
  readonly product: string | null | undefined;
  /** The product it speaks about, where it does not change the presented one. */
  readonly about?: string | null;
  /** Layers shown with it. */
  readonly layers: readonly LineLayer[];
  /** Judged as an answer to viewers. */
  readonly judgedAs: 'speech' | 'reply';
  /** Sound of a person who says it. */
  readonly voice?: Utterance;
  /** Its place in the script. */
  readonly position: ScriptPosition | undefined;
  readonly scripted?: ScriptedLine;
}

/** The origin of a script line. */
interface ScriptedLine {
  readonly segmentId: string;
  readonly line: LiveLine;
  /** The whole wording; `text` is less of it in a line that starts again. */
  readonly wording: string;
}

/** A line that keeps the current product. */
export function lineOfRequest(id: string, request: LineRequest): RundownLine {
  return {
    id,
    kind: request.kind,
    text: request.text,
    caption: request.caption ?? request.text,
    language: request.language,
    role: request.role ?? 'host',
    gesture: request.gesture ?? 'nod',
    pauseMs: request.pauseMs,
    product: undefined,
    ...(request.about === undefined ? {} : { about: request.about }),
    layers: request.layers ?? [],
    judgedAs: request.judgedAs ?? 'speech',
    ...(request.voice === undefined ? {} : { voice: request.voice }),
    position: undefined,
  };
}

/** The layers that a script line shows. */
const cueLayers = (show: readonly string[] | undefined, layers: readonly Layer[]): LineLayer[] =>
  (show ?? []).flatMap((id) => layers.filter((layer) => layer.id === id).map((layer) => ({ layer })));

/** The script as an endless sequence of lines. Each round uses another wording of a line. */
export class Rundown {
  readonly script: LiveScript;
  readonly wordings = new WordingChoice();
  private round = 0;
  private segment = 0;
  private line = 0;
  private filled = 0;

  /** `layers`: the room's, for the ones that script lines show. `choice`: which segments are spoken; all without it. */
  constructor(
    script: Script | LiveScript,
    private readonly layers: readonly Layer[] = [],
    readonly choice = new SegmentChoice({ products: [] }),
  ) {
    this.script = script instanceof LiveScript ? script : new LiveScript(script);
  }

  /** The next line; undefined at the end of a script that does not loop, and while all wordings are withheld. */
  next(): RundownLine | undefined {
    const lines = this.script.content.segments.reduce((sum, one) => sum + one.lines.length, 0);
    for (let tried = 0; tried < lines; tried += 1) {
      this.settle();
      const { segments, loop } = this.script.content;
      const segment = segments[this.segment];
      if (segment === undefined) return undefined;
      const line = segment.lines[this.line]!;
      const position = this.position();
      const text = this.wordings.choose(line, position);
      this.step(segment.lines.length, segments.length, loop);
      if (text !== undefined) return this.lineOf(segment, line, text, position);
    }
    return undefined;
  }

  private lineOf(segment: LiveSegment, line: LiveLine, text: string, position: ScriptPosition): RundownLine {
    const { revision } = this.script;
    return {
      // After an edit a line may get the indexes of another that was already spoken.
      id: `s${position.round}.${position.segment}.${position.line}${revision === 0 ? '' : `e${revision}`}`,
      kind: 'script',
      text,
      // A caption is written for the text; another variant keeps only the choice of no caption.
      caption: line.caption === '' || text === line.text ? (line.caption ?? text) : text,
      language: line.language,
      role: line.role ?? 'host',
      gesture: line.gesture,
      pauseMs: line.pauseMs,
      product: segment.product ?? null,
      layers: cueLayers(line.show, this.layers),
      judgedAs: 'speech',
      position,
      scripted: { segmentId: segment.id, line, wording: text },
    };
  }

  /** The text of the script's next filler; undefined when it has none. */
  filler(): string | undefined {
    const { fillers } = this.script.content;
    if (fillers.length === 0) return undefined;
    const text = fillers[this.filled % fillers.length]!;
    this.filled += 1;
    return text;
  }

  /** The line that `next()` returns. */
  position(): ScriptPosition {
    this.settle();
    return { round: this.round, segment: this.segment, line: this.line };
  }

  /** The ids of the line that `next()` returns; undefined at the end of a script that does not loop. */
  nextIds(): { readonly segment: string; readonly line: string } | undefined {
    this.settle();
    const segment = this.script.content.segments[this.segment];
    return segment && { segment: segment.id, line: segment.lines[this.line]!.id };
  }

  /**
   * Continues at the position of an earlier run. A missing line continues at the start of its segment, or of the
   * script.
   */
  resumeAt(position: ScriptPosition): void {
    const segment = this.script.content.segments[position.segment];
    this.round = position.round;
    this.segment = segment === undefined ? 0 : position.segment;
    this.line = segment?.lines[position.line] === undefined ? 0 : position.line;
  }

  /** Returns to a position that was read from `position()`. */
  restore({ round, segment, line }: ScriptPosition): void {
    this.round = round;
    this.segment = segment;
    this.line = line;
  }

  /** Goes to a line; a jump back begins another round, so that its wordings are others. */
  jump({ segment, line }: Omit<ScriptPosition, 'round'>): void {
    const isBack = segment < this.segment || (segment === this.segment && line < this.line);
    this.resumeAt({ round: this.round + (isBack ? 1 : 0), segment, line });
  }

  /**
   * Goes on with an edited script at the line that would have come next; when that line is gone, at the first of those
   * after it that is still there.
   */
  replace(content: ScriptContent): void {
    const before = this.script.content;
    const { round, segment: from } = this;
    this.script.replace(content);
    for (let s = from; s < before.segments.length; s += 1) {
      const { id, lines } = before.segments[s]!;
      for (let l = s === from ? this.line : 0; l < lines.length; l += 1) {
        const found = this.script.find(id, lines[l]!.id);
        if (found !== undefined) return this.resumeAt({ round, ...found });
      }
    }
    const added = content.segments.findIndex((one) => !before.segments.some(({ id }) => id === one.id));
    if (added >= from) this.resumeAt({ round, segment: added, line: 0 });
    else if (content.loop) this.resumeAt({ round: round + 1, segment: 0, line: 0 });
    else {
      this.segment = content.segments.length;
      this.line = 0;
    }
  }

  /** Whether a line of the script is still to be spoken. */
  speaks({ position }: Pick<RundownLine, 'position'>): boolean {
    return position === undefined || this.choice.speaks(this.script.content.segments, position.segment);
  }

  /** Goes on to a segment that is spoken, with the next round after the script's end. */
  private settle(): void {
    const { segments, loop } = this.script.content;
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

  private step(linesInSegment: number, segments: number, loop: boolean): void {
    this.line += 1;
    if (this.line < linesInSegment) return;
    this.line = 0;
    this.segment += 1;
    if (this.segment < segments || !loop) return;
    this.segment = 0;
    this.round += 1;
  }
}
