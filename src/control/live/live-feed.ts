/**
 * Everything that changes in a room, as numbered messages for the pages that watch it.
 *
 * Problem: a page must show a change within 300 ms and lose nothing when its connection is cut or its laptop sleeps, and three
 * pages must not cost the show more than one.
 * Rule: state is compared five times a second while somebody watches, right away after a request that changes something, and
 * only what differs is sent. Each message has a number. A page that comes back names the epoch and the last number it has: it
 * gets the state that changed since and the events that it missed, or, when some of those are gone, everything.
 * Numbers: 200 ms between two looks, 1 s for what seldom changes, 2000 events kept.
 */
import { randomUUID } from 'node:crypto';
import type { EventRecord } from '../../config/api/events-handle.js';
import type { LayerList } from '../../config/api/layers-handle.js';
import type { RoomHandle } from '../../config/api/room-handle.js';
import type { Closeable } from '../../core/closeable.js';

/** A layer as a list shows it; its pictures, which may be megabytes of `data:`, stay where they are. */
export interface ListedLayer {
  readonly id: string;
  readonly type: string;
  /** Its words, shortened; empty for a layer without. */
  readonly text: string;
  readonly visible: boolean;
  /** Shown only while a line names it. */
  readonly onCue: boolean;
  /** Id of the product that it is shown with. */
  readonly product: string | null;
  /** It cannot be hidden. */
  readonly locked: boolean;
}

const MAX_WORDS = 80;

/** From bottom to top. */
export const listedLayers = ({ layers }: LayerList): ListedLayer[] =>
  layers.map(({ id, layer, can }) => {
    const { type, text, items, hidden, shown, product } = (layer ?? {}) as Readonly<Record<string, unknown>>;
    const words = typeof text === 'string' ? text : type === 'ticker' && Array.isArray(items) ? items.join(' ') : '';
    return {
      id,
      type: String(type ?? ''),
      text: words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS - 1)}…` : words,
      visible: hidden !== true,
      onCue: shown === 'on-cue',
      product: typeof product === 'string' ? product : null,
      locked: !can.hide,
    };
  });

const LOOK_MS = 200;
const SLOW_MS = 1000;
const MAX_EVENTS = 2000;
/** Lists for a page that connects. */
const FIRST_VIEWERS = 300;
const FIRST_VERDICTS = 200;
const FIRST_OUTPUT_EVENTS = 50;
/** How long the last seconds are kept for clips when nobody watches any more. */
const CLIPS_MS = 60_000;
/** Figures that change with every look and that no page shows at once. */
const SLOW_KEYS: ReadonlySet<string> = new Set(['stageMs', 'tickLatenessMs', 'scans', 'voices', 'writing']);

interface LiveMessage {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly data: unknown;
}

type LiveListener = (message: LiveMessage) => void;

interface State {
  readonly json: string;
  readonly seq: number;
  readonly data: unknown;
}

interface LiveFeedOptions {
  readonly room: RoomHandle;
  /** Unix time in ms. */
  readonly now?: () => number;
}

export class LiveFeed implements Closeable {
  readonly epoch = randomUUID();
  private seq = 0;
  private readonly status = new Map<string, State>();
  private readonly topics = new Map<string, State>();
  private readonly events: LiveMessage[] = [];
  /** First number whose events are all kept. */
  private from = 1;
  private readonly listeners = new Set<LiveListener>();
  private readonly waiting = new Map<number, EventRecord>();
  private timer: NodeJS.Timeout | undefined;
  private clips: NodeJS.Timeout | undefined;
  private slowMs = -Infinity;
  private verdictSeq = 0;
  private outputSeq = 0;
  private readonly stopEvents: () => void;
  private readonly now: () => number;

  constructor(private readonly options: LiveFeedOptions) {
    const { room, now = Date.now } = options;
    this.now = now;
    this.stopEvents = room.events.listen((record) => {
      this.waiting.set(record.seq, record);
      if (this.waiting.size > MAX_EVENTS) this.waiting.delete(this.waiting.keys().next().value!);
    });
    this.verdictSeq = room.verdicts(1)[0]?.seq ?? 0;
    this.outputSeq = room.outputEvents(1)[0]?.seq ?? 0;
  }

  /** Sends what `resume` lacks, then each message; returns a function that ends it. */
  watch(
    listener: LiveListener,
    resume: { readonly epoch: string; readonly seq: number } | undefined,
    hello: (seq: number, resumed: boolean) => void,
  ): () => void {
    this.look(true);
    const resumed =
      resume !== undefined && resume.epoch === this.epoch && resume.seq >= this.from - 1 && resume.seq <= this.seq;
    hello(this.seq, resumed);
    if (resumed) for (const message of this.since(resume.seq)) listener(message);
    else for (const message of this.everything()) listener(message);
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.look(false), LOOK_MS).unref();
    clearTimeout(this.clips);
    this.options.room.desk.keepClips(true);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
      this.clips = setTimeout(() => this.options.room.desk.keepClips(false), CLIPS_MS).unref();
    };
  }

  /** Something was changed by a request: looks at everything at once. */
  poke(): void {
    if (this.listeners.size > 0) this.look(true);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.clips);
    this.stopEvents();
    this.listeners.clear();
  }

  private look(all: boolean): void {
    const { room } = this.options;
    const nowMs = performance.now();
    const slow = all || nowMs - this.slowMs >= SLOW_MS;
    if (slow) this.slowMs = nowMs;
    const changed: Record<string, unknown> = {};
    for (const [key, data] of Object.entries(room.snapshot())) {
      if (!slow && SLOW_KEYS.has(key)) continue;
      if (this.differs(this.status, key, data)) changed[key] = data;
    }
    if (Object.keys(changed).length > 0) {
      const message = this.next('status', changed);
      for (const [key, data] of Object.entries(changed)) this.keep(this.status, key, data, message.seq);
      this.tell(message);
    }
    this.topic('agenda', room.agenda.snapshot());
    for (const record of this.waiting.values()) this.event('viewer', record);
    this.waiting.clear();
    this.records();
    if (slow) this.lookAtRest();
  }

  /** What seldom changes. */
  private lookAtRest(): void {
    const { script, history, events, products, layers, desk } = this.options.room;
    const { revision, paused, current, next } = script.snapshot();
    this.topic('script', { revision, paused, current, next });
    this.topic('edits', history.steps());
    this.topic('questions', events.questions());
    this.topic('products', products.list());
    this.topic('layers', listedLayers(layers.list()));
    this.topic('rules', desk.rules());
    this.topic('hidden', desk.hidden());
    this.topic('machine', desk.machine());
  }

  private records(): void {
    const { room } = this.options;
    // A burst within one look is longer than this only on a machine in flames; the newest are what counts then.
    const verdicts = room.verdicts(FIRST_VERDICTS).filter(({ seq }) => seq > this.verdictSeq);
    for (const one of verdicts.toReversed()) this.event('verdict', one);
    this.verdictSeq = verdicts[0]?.seq ?? this.verdictSeq;
    const outputs = room.outputEvents(FIRST_OUTPUT_EVENTS).filter(({ seq }) => seq > this.outputSeq);
    for (const one of outputs.toReversed()) this.event('output', one);
    this.outputSeq = outputs[0]?.seq ?? this.outputSeq;
  }

  private topic(type: string, data: unknown): void {
    if (!this.differs(this.topics, type, data)) return;
    const message = this.next(type, data);
    this.keep(this.topics, type, data, message.seq);
    this.tell(message);
  }

  private event(type: string, data: unknown): void {
    const message = this.next(type, data);
    this.events.push(message);
    if (this.events.length > MAX_EVENTS) this.from = this.events.shift()!.seq + 1;
    this.tell(message);
  }

  private differs(states: Map<string, State>, key: string, data: unknown): boolean {
    return states.get(key)?.json !== jsonOf(data);
  }

  private keep(states: Map<string, State>, key: string, data: unknown, seq: number): void {
    states.set(key, { json: jsonOf(data), seq, data });
  }

  private next(type: string, data: unknown): LiveMessage {
    this.seq += 1;
    return { seq: this.seq, at: this.now(), type, data };
  }

  private tell(message: LiveMessage): void {
    for (const listener of this.listeners) listener(message);
  }

  /** In the order of their numbers. */
  private since(seq: number): LiveMessage[] {
    const at = this.now();
    const status = [...this.status].filter(([, state]) => state.seq > seq);
    const topics = [...this.topics].filter(([, state]) => state.seq > seq);
    return [
      ...this.events.filter((message) => message.seq > seq),
      ...topics.map(([type, state]): LiveMessage => ({ seq: state.seq, at, type, data: state.data })),
      ...(status.length === 0
        ? []
        : [
            {
              seq: Math.max(...status.map(([, state]) => state.seq)),
              at,
              type: 'status',
              data: Object.fromEntries(status.map(([key, state]) => [key, state.data])),
            },
          ]),
    ].toSorted((a, b) => a.seq - b.seq);
  }

  private everything(): LiveMessage[] {
    const { room } = this.options;
    const { seq } = this;
    const at = this.now();
    const list = (type: string, data: unknown): LiveMessage => ({ seq, at, type, data });
    return [
      list('snapshot', Object.fromEntries([...this.status].map(([key, state]) => [key, state.data]))),
      ...[...this.topics].map(([type, state]) => list(type, state.data)),
      list('viewers', room.events.recent(FIRST_VIEWERS)),
      list('verdicts', room.verdicts(FIRST_VERDICTS)),
      list('output-events', room.outputEvents(FIRST_OUTPUT_EVENTS)),
    ];
  }
}

const jsonOf = (data: unknown): string => JSON.stringify(data) ?? '';
