import type { RuleActions } from '../../moderation/packs/index.js';
import type { Closeable } from '../../core/closeable.js';
import type { Kernels } from '../../core/kernels.js';
import type { Log } from '../../core/log.js';
import type { FrameIndex } from '../../core/time.js';
import type { Box, LedgerEntry, RuleAction } from '../../core/verdict.js';
import type { PictureTextVerdict } from '../../compliance/ocr/text-reader.js';
import type { ComposedWords } from '../../admission/composed-words.js';
import type { EvidenceKeeper } from '../gate-ledger.js';

/** The timer that a debounce uses. */
interface DebounceClock {
  nowMs(): number;
  /** Schedules `due`; returns a function that cancels it. */
  after(delayMs: number, due: () => void): () => void;
}

const realClock: DebounceClock = {
  nowMs: () => performance.now(),
  after(delayMs, due) {
    const timer = setTimeout(due, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Schedules the next reading of the picture. A request may bring it forward, never postpone it; layers that change all
 * the time would otherwise keep the picture from ever being read.
 */
export class Debounce {
  private dueMs = Infinity;
  private cancel: (() => void) | undefined;
  private closed = false;

  constructor(
    private readonly due: () => void,
    private readonly clock: DebounceClock = realClock,
  ) {}

  /** Reads the picture within `delayMs` milliseconds. */
  within(delayMs: number): void {
    if (this.closed) return;
    const { clock } = this;
    const dueMs = clock.nowMs() + delayMs;
    if (dueMs >= this.dueMs) return;
    this.cancel?.();
    this.dueMs = dueMs;
    this.cancel = clock.after(delayMs, () => {
      this.dueMs = Infinity;
      this.cancel = undefined;
      this.due();
    });
  }

  close(): void {
    this.closed = true;
    this.cancel?.();
    this.cancel = undefined;
  }
}

type SampledVerdict = Pick<PictureTextVerdict, 'verdict' | 'hits'> & Partial<Pick<PictureTextVerdict, 'lines'>>;

export interface WordsWatchOptions {
  readonly width: number;
  readonly height: number;
  /** The target of the search; used in the log. */
  readonly what?: 'words' | 'codes';
  /** False when the room or the machine does not read pictures. */
  readonly enabled: () => boolean;
  /** 0: only after changes. */
  readonly everySeconds: number;
  readonly kernels: Pick<Kernels, 'i420ToRgba'>;
  /** The picture as drawn, I420, before the gate replaces it. */
  readonly canvas: () => Promise<Uint8Array>;
  /** Boxes of the engine's own texts, which are judged as texts. */
  readonly ownTexts: () => readonly Box[];
  readonly read: (picture: { rgba: Uint8Array; width: number; height: number }) => Promise<SampledVerdict>;
  /** Readings of equal pictures, also in earlier runs; a clean one makes a reading after a change unnecessary. */
  readonly earlier?: Pick<ComposedWords, 'isClean' | 'begin'>;
  readonly actions: Pick<RuleActions, 'action'>;
  readonly evidence: Pick<EvidenceKeeper, 'picture'>;
  readonly note: (entry: LedgerEntry) => void;
  /** The slate is needed, or no longer. */
  readonly onHold: () => void;
  readonly onStop: (rule: string) => void;
  readonly frame: () => FrameIndex;
  readonly log: Log;
  /** Default: the system's timers. */
  readonly clock?: DebounceClock;
}

/** By then new layers are visible, their transitions included. */
const AFTER_CHANGE_MS = 1500;
/** Changes within this time are read together. */
const MIN_INTERVAL_MS = 10_000;
/** Interval of readings while the slate is up for words. */
const HOLD_INTERVAL_MS = 5000;

/** Margin in pixels painted over around the engine's own texts. */
const MARGIN = 6;
const GREY = 128;

/** Paints over a text that was judged as text, because a reader might misread it. */
export function paintOver(rgba: Uint8Array, width: number, height: number, box: Box): void {
  const x0 = Math.max(0, box.x - MARGIN);
  const x1 = Math.min(width, box.x + box.width + MARGIN);
  const y1 = Math.min(height, box.y + box.height + MARGIN);
  if (x1 <= x0) return;
  for (let y = Math.max(0, box.y - MARGIN); y < y1; y += 1) {
    rgba.fill(GREY, (y * width + x0) * 4, (y * width + x1) * 4);
    for (let x = x0; x < x1; x += 1) rgba[(y * width + x) * 4 + 3] = 255;
  }
}

/**
 * Reads the whole picture regularly: words that no single layer holds, such as halves side by side or a drawing in
 * motion, and the drawings of a presenter's pack.
 *
 * Problem: a reading takes two thirds of a second, too late for its frame, and it also reads captions, sometimes
 * wrongly.
 * Rule: the engine's own texts, which were judged as texts, are painted over first. Words that break a rule bring up
 * the slate until a later reading is clean. An unreadable picture is recorded and changes nothing, since each layer's
 * picture was read before it was shown.
 *
 * Another instance samples codes the same way.
 */
export class PictureSampler implements Closeable {
  /** The slate is up for a finding. */
  holding = false;
  private readonly next: Debounce;
  private looking: Promise<void> | undefined;
  private closed = false;
  private lookedAtMs = -Infinity;

  constructor(private readonly options: WordsWatchOptions) {
    this.next = new Debounce(() => this.lookInTurn(), options.clock);
    if (options.everySeconds > 0) this.next.within(options.everySeconds * 1000);
  }

  /** The picture changes in `inMs` milliseconds: layers added or removed, the show begun, or another product. */
  changed(inMs = 0): void {
    if (!this.options.enabled()) return;
    this.next.within(Math.max(inMs + AFTER_CHANGE_MS, this.lookedAtMs + MIN_INTERVAL_MS - this.nowMs()));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.next.close();
    await this.looking;
  }

  /** Reads once. Never rejects. */
  async sample(): Promise<void> {
    const { log, canvas, ownTexts, read, kernels, width, height, enabled, earlier, what = 'words' } = this.options;
    if (!enabled() || (this.onlyAfterChanges && earlier?.isClean() === true)) return;
    this.lookedAtMs = this.nowMs();
    try {
      const keep = earlier?.begin();
      const picture = await canvas();
      const rgba = new Uint8Array(width * height * 4);
      kernels.i420ToRgba(picture, width, height, rgba);
      for (const box of ownTexts()) paintOver(rgba, width, height, box);
      const verdict = await read({ rgba, width, height });
      if (this.closed) return;
      this.act(verdict, picture);
      if (verdict.lines !== undefined) keep?.({ hits: verdict.hits, lines: verdict.lines });
    } catch (error) {
      if (!this.closed) log.warn({ what, error: String(error) }, 'the picture was not read');
    }
  }

  /** Readings at an interval and under a slate look at the picture itself. */
  private get onlyAfterChanges(): boolean {
    return this.options.everySeconds === 0 && !this.holding;
  }

  private act({ verdict, hits }: SampledVerdict, picture: Uint8Array): void {
    const { actions, evidence, note, onHold, onStop, frame, log, what = 'words' } = this.options;
    if (hits.some((hit) => hit.kind === 'unread-text')) {
      log.warn({ found: hits[0]?.text }, 'the words in the picture could not be read');
      return;
    }
    let holds = false;
    const at = frame();
    for (const hit of hits) {
      const wanted: RuleAction = verdict === 'violation' ? (actions.action(hit.rule, 'frame') ?? 'warn') : 'review';
      const action: RuleAction = wanted === 'warn' || wanted === 'review' || wanted === 'stop' ? wanted : 'blank';
      if (action === 'blank' || action === 'stop') holds = true;
      if (this.holding && action === 'blank') continue;
      note({
        kind: 'frame',
        rule: hit.rule,
        surface: 'frame',
        action,
        frame: at,
        evidence: (hit.text ?? hit.kind).slice(0, 200),
        detail: { kind: hit.kind, read: true, ...(hit.box === undefined ? {} : { ...hit.box }) },
      });
      log.warn({ rule: hit.rule, kind: hit.kind, action }, `${what} inside the picture`);
      if (action === 'stop') onStop(hit.rule);
    }
    if (holds && !this.holding) evidence.picture(picture, { rule: hits[0]!.rule, surface: 'frame', frame: at });
    if (holds === this.holding) return;
    this.holding = holds;
    if (!holds) note({ kind: 'frame', surface: 'frame', action: 'resume', frame: at, detail: { read: true } });
    onHold();
  }

  private lookInTurn(): void {
    this.looking = (this.looking ?? Promise.resolve())
      .then(() => this.sample())
      .then(() => {
        const { everySeconds } = this.options;
        if (this.holding) this.next.within(HOLD_INTERVAL_MS);
        else if (everySeconds > 0) this.next.within(everySeconds * 1000);
      });
  }

  private nowMs(): number {
    return this.options.clock?.nowMs() ?? performance.now();
  }
}

/** The machine is busy right after the start. */
const AFTER_START_MS = 5000;

/**
 * Schedules readings of a picture whose layers nobody changed: after the start, and at the first appearance of each
 * product. Each picture was read by itself; their texts together, and the presenter's drawings, were not unless
 * somebody ran `engine check`.
 */
export class FirstSamples {
  private readonly seen = new Set<string | null>();
  private begun = false;

  constructor(private readonly words: Pick<PictureSampler, 'changed'>) {}

  /** The show is on air with this product. */
  begin(product: string | null): void {
    this.begun = true;
    this.seen.add(product);
    this.words.changed(AFTER_START_MS);
  }

  /** The show goes to a product, or to none, in `inMs` milliseconds. */
  product(id: string | null, inMs: number): void {
    if (!this.begun || this.seen.has(id)) return;
    this.seen.add(id);
    this.words.changed(Math.max(0, inMs));
  }

  /** Layers were added or removed, so the picture with each product is new. */
  layersChanged(): void {
    this.seen.clear();
    this.words.changed();
  }
}
