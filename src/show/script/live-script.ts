import type { ScriptLineBody } from '../../config/api/script-handle.js';
import type { Script } from '../../config/sections/script.js';

/** A line's position in the script. `round` counts the starts of the script. */
export interface ScriptPosition {
  readonly round: number;
  readonly segment: number;
  readonly line: number;
}

/** A line of the running script; never changed, only replaced. */
export interface LiveLine extends ScriptLineBody {
  readonly id: string;
}

export interface LiveSegment {
  readonly id: string;
  readonly product: string | undefined;
  readonly lines: readonly LiveLine[];
}

/** Everything of a script that can change on air. */
export interface ScriptContent {
  readonly loop: boolean;
  readonly gapMs: number;
  readonly fillers: readonly string[];
  readonly segments: readonly LiveSegment[];
}

/** The running script: the room file's at first, with an id for each segment and line, and a number that counts its edits. */
export class LiveScript {
  private current: ScriptContent;
  private edits = 0;

  constructor({ loop, gapMs, fillers, segments }: Pick<Script, 'loop' | 'gapMs' | 'fillers' | 'segments'>) {
    this.current = { loop, gapMs, fillers, segments: withIds(segments) };
  }

  get content(): ScriptContent {
    return this.current;
  }

  /** Number of edits since the start. */
  get revision(): number {
    return this.edits;
  }

  replace(content: ScriptContent): void {
    this.current = content;
    this.edits += 1;
  }

  /** The indexes of a line; of its segment's first line without a line id. Undefined for unknown ids. */
  find(segmentId: string, lineId?: string): Omit<ScriptPosition, 'round'> | undefined {
    const segment = this.current.segments.findIndex(({ id }) => id === segmentId);
    if (segment < 0) return undefined;
    const line = lineId === undefined ? 0 : this.current.segments[segment]!.lines.findIndex(({ id }) => id === lineId);
    return line < 0 ? undefined : { segment, line };
  }
}

type WithoutId<T extends { readonly id: string }> = Omit<T, 'id'> & { readonly id?: string | undefined };

/** Segments and lines with ids of their own; those without one are numbered. */
export function withIds(
  segments: readonly {
    readonly id?: string | undefined;
    readonly product?: string | undefined;
    readonly lines: readonly WithoutId<LiveLine>[];
  }[],
): LiveSegment[] {
  return numbered(segments, 'segment').map(({ id, product, lines }) => ({
    id,
    product,
    lines: numbered(lines, 'line'),
  }));
}

function numbered<T extends { readonly id?: string | undefined }>(
  list: readonly T[],
  name: string,
): (T & { id: string })[] {
  const taken = new Set(list.map(({ id }) => id));
  return list.map((one, i) => {
    if (one.id !== undefined) return { ...one, id: one.id };
    const id = freeId(name, i + 1, taken);
    taken.add(id);
    return { ...one, id };
  });
}

/** `line-3`, or the next number that is not taken. */
export function freeId(name: string, from: number, taken: ReadonlySet<string | undefined>): string {
  let number = from;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
