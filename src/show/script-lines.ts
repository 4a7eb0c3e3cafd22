import type { Rundown, RundownLine } from './rundown.js';
import type { ScriptContent, ScriptPosition } from './script/live-script.js';
import type { Unprepared } from './prepare-line.js';
import type { ReadyLine } from './show-command.js';

/** A script line on its way: it is being judged and spoken, or is ready. */
export interface UpcomingLine {
  readonly line: RundownLine;
  readonly ready: Promise<ReadyLine | Unprepared>;
  isReady: boolean;
}

/** The script's next lines: those taken back from the schedule, and one that is prepared ahead. */
export class ScriptLines {
  private upcoming: UpcomingLine[] = [];

  constructor(
    private readonly rundown: Rundown,
    private readonly prepare: (line: RundownLine) => Promise<ReadyLine | Unprepared>,
  ) {}

  /** The next line, as far as it is known. */
  get known(): UpcomingLine | undefined {
    return this.upcoming[0];
  }

  /** The next line; undefined at the end of a script that does not loop. */
  first(): UpcomingLine | undefined {
    this.prime();
    return this.upcoming[0];
  }

  /** Starts to prepare the next line. */
  prime(): void {
    if (this.upcoming.length > 0) return;
    const line = this.rundown.next();
    if (line === undefined) return;
    const one: UpcomingLine = { line, ready: this.prepare(line), isReady: false };
    // Awaited when it is due; until then a failure must not count as unhandled.
    one.ready.catch(() => undefined).finally(() => (one.isReady = true));
    this.upcoming.push(one);
  }

  shift(): void {
    this.upcoming.shift();
  }

  /** Lines that were taken back come next, in their order. */
  giveBack(lines: readonly ReadyLine[]): void {
    this.upcoming.unshift(
      ...lines.map((ready) => ({ line: ready.line, ready: Promise.resolve(ready), isReady: true })),
    );
  }

  /** The script begins a segment with its next line, or has ended. */
  get segmentEnds(): boolean {
    return this.position.line === 0;
  }

  /** The ids of the next line; undefined at the end of a script that does not loop. */
  get nextIds(): { readonly segment: string; readonly line: string } | undefined {
    const scripted = this.upcoming[0]?.line.scripted;
    return scripted === undefined ? this.rundown.nextIds() : { segment: scripted.segmentId, line: scripted.line.id };
  }

  /** Goes to another line; those on their way are dropped. */
  jump(to: Omit<ScriptPosition, 'round'>): void {
    this.rundown.restore(this.position);
    this.upcoming = [];
    this.rundown.jump(to);
  }

  /** Goes on with an edited script. Lines on their way stay while the edited script has them there too. */
  edit(content: ScriptContent): void {
    this.rundown.restore(this.position);
    this.rundown.replace(content);
    const before = this.upcoming;
    this.upcoming = [];
    for (const one of before) {
      const position = this.rundown.position();
      const next = this.rundown.next();
      if (next === undefined || !isSame(next, one.line)) {
        this.rundown.restore(position);
        return;
      }
      this.upcoming.push(one);
    }
  }

  /** A wording of the line may not be said: the line comes with another one, or the script goes on behind it. */
  reword({ scripted, position }: RundownLine): void {
    this.rundown.wordings.withhold(scripted!.line, scripted!.wording);
    this.rundown.restore(position!);
    this.upcoming = [];
  }

  /** A script that loops and has no line: all its wordings are withheld. */
  get isHeldBack(): boolean {
    return this.rundown.script.content.loop;
  }

  /** Makes the lines on their way anew: by other listings, another voice or another choice of segments. */
  renew(): void {
    this.rundown.wordings.release();
    this.rundown.restore(this.position);
    this.upcoming = [];
  }

  private get position(): ScriptPosition {
    return this.upcoming[0]?.line.position ?? this.rundown.position();
  }
}

/** Edits replace the lines that they change. */
const isSame = (a: RundownLine, b: RundownLine): boolean =>
  a.scripted!.line === b.scripted!.line &&
  a.scripted!.segmentId === b.scripted!.segmentId &&
  a.text === b.scripted!.wording &&
  a.product === b.product;
