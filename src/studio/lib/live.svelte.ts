/**
 * The live socket of a page: state and events of one or many rooms, numbered, resumed after a cut.
 *
 * A page that comes back after a cut or a sleep names the epoch and the last number it has; the server sends what was missed, or
 * the whole state. A connection without a message for SILENT_MS is cut: a laptop that wakes finds a socket that only looks open.
 */
import { currentEngineToken, MODE } from '../api/client';
import { SvelteMap } from 'svelte/reactivity';
import type {
  AgendaSnapshot,
  DeskLayer,
  DeskMachine,
  DeskRule,
  EditStep,
  EventRecord,
  HiddenViewer,
  OpenQuestion,
  OutputEvent,
  ProductList,
  RoomSnapshot,
  VerdictRecord,
} from './room-types';

const SILENT_MS = 15_000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;
const MAX_COMMENTS = 500;
const MAX_VERDICTS = 300;
const MAX_OUTPUT_EVENTS = 100;

export interface LiveMessage {
  readonly type: string;
  readonly seq?: number;
  readonly room?: string;
  readonly data?: unknown;
  readonly epoch?: string;
  readonly resumed?: boolean;
}

/** What a page knows of one room. */
export class LiveRoom {
  snapshot: RoomSnapshot | null = $state.raw(null);
  agenda: AgendaSnapshot | null = $state.raw(null);
  /** Newest first. */
  comments: readonly EventRecord[] = $state.raw([]);
  verdicts: readonly VerdictRecord[] = $state.raw([]);
  outputEvents: readonly OutputEvent[] = $state.raw([]);
  questions: readonly OpenQuestion[] = $state.raw([]);
  products: ProductList | null = $state.raw(null);
  layers: readonly DeskLayer[] = $state.raw([]);
  rules: readonly DeskRule[] = $state.raw([]);
  hidden: readonly HiddenViewer[] = $state.raw([]);
  edits: readonly EditStep[] = $state.raw([]);
  machine: DeskMachine | null = $state.raw(null);
  /** What the studio's host says of the room's process; null on the engine's own page. */
  process: string | null = $state(null);
  /** Rises with every change of the script, which is read again then. */
  scriptRevision = $state(-1);

  take({ type, data }: LiveMessage): void {
    switch (type) {
      case 'snapshot':
        this.snapshot = data as RoomSnapshot;
        break;
      case 'status':
        if (this.snapshot !== null) this.snapshot = { ...this.snapshot, ...(data as Partial<RoomSnapshot>) };
        break;
      case 'process':
        this.process = (data as { state: string }).state;
        // What an ended engine said last is true no more.
        if (this.process === 'off' || this.process === 'failed' || this.process === 'starting') this.snapshot = null;
        break;
      case 'agenda':
        this.agenda = data as AgendaSnapshot;
        break;
      case 'viewers':
        this.comments = (data as readonly EventRecord[]).filter(({ kind }) => kind === 'comment');
        break;
      case 'viewer':
        this.takeViewer(data as EventRecord);
        break;
      case 'verdicts':
        this.verdicts = data as readonly VerdictRecord[];
        break;
      case 'verdict':
        this.verdicts = newest(this.verdicts, data as VerdictRecord, MAX_VERDICTS);
        break;
      case 'output-events':
        this.outputEvents = data as readonly OutputEvent[];
        break;
      case 'output':
        this.outputEvents = newest(this.outputEvents, data as OutputEvent, MAX_OUTPUT_EVENTS);
        break;
      case 'questions':
        this.questions = data as readonly OpenQuestion[];
        break;
      case 'products':
        this.products = data as ProductList;
        break;
      case 'layers':
        this.layers = data as readonly DeskLayer[];
        break;
      case 'rules':
        this.rules = data as readonly DeskRule[];
        break;
      case 'hidden':
        this.hidden = data as readonly HiddenViewer[];
        break;
      case 'edits':
        // The studio says only that they have changed.
        this.edits = Array.isArray(data) ? (data as readonly EditStep[]) : [...this.edits];
        break;
      case 'machine':
        this.machine = data as DeskMachine;
        break;
      case 'script':
        this.scriptRevision = (data as { revision?: number } | undefined)?.revision ?? this.scriptRevision + 1;
        break;
      default:
    }
  }

  private takeViewer(record: EventRecord): void {
    if (record.kind !== 'comment') return;
    const at = this.comments.findIndex(({ seq }) => seq === record.seq);
    this.comments = at >= 0 ? this.comments.with(at, record) : [record, ...this.comments].slice(0, MAX_COMMENTS);
  }
}

const newest = <T extends { readonly seq: number }>(list: readonly T[], one: T, most: number): readonly T[] =>
  list.some(({ seq }) => seq === one.seq) ? list : [one, ...list].slice(0, most);

export interface LiveOptions {
  /** Ids of rooms of which everything is wanted; the engine's own page has one, whatever its id. */
  readonly detail?: readonly string[];
  /** Ids of rooms of which state and alarms are wanted. */
  readonly rooms?: readonly string[] | '*';
  /** Messages of no room: the list of rooms, the machine, jobs. */
  readonly onmessage?: (message: LiveMessage) => void;
  /** Where this person is, for the others. */
  readonly presence?: { readonly room: string; readonly page: string };
}

export class Live {
  link: 'connecting' | 'live' | 'cut' = $state('connecting');
  /** When the next try is made, in Unix ms. */
  retryAt = $state(0);
  /** Signed out: nothing is tried any more. */
  refused = $state(false);
  readonly rooms = new SvelteMap<string, LiveRoom>();
  private socket: WebSocket | undefined;
  private epoch = '';
  private seq = 0;
  private waitMs = FIRST_WAIT_MS;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly options: LiveOptions) {
    for (const id of options.detail ?? []) this.room(id);
    addEventListener('online', this.hurry);
    document.addEventListener('visibilitychange', this.hurry);
    this.connect();
  }

  room(id: string): LiveRoom {
    let room = this.rooms.get(id);
    if (room === undefined) {
      room = new LiveRoom();
      this.rooms.set(id, room);
    }
    return room;
  }

  /** Tries at once. */
  tryNow(): void {
    clearTimeout(this.retry);
    if (this.link !== 'live') this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    removeEventListener('online', this.hurry);
    document.removeEventListener('visibilitychange', this.hurry);
    this.socket?.close();
  }

  private readonly hurry = (): void => {
    if (document.visibilityState === 'visible' && this.link === 'cut') this.tryNow();
  };

  private connect(): void {
    if (this.stopped || this.refused) return;
    this.socket?.close();
    const url = new URL('/api/live', location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const token = currentEngineToken();
    const protocols = MODE === 'engine' ? ['showroom', `showroom.token.${encodeURIComponent(token ?? '')}`] : [];
    const socket = new WebSocket(url, protocols);
    this.socket = socket;
    socket.onopen = () => {
      const { detail, rooms = [] } = this.options;
      const resume = this.epoch === '' ? {} : { resume: { epoch: this.epoch, seq: this.seq } };
      socket.send(JSON.stringify({ type: 'watch', rooms, detail: detail ?? [], ...resume }));
      if (this.options.presence !== undefined) socket.send(JSON.stringify({ type: 'at', ...this.options.presence }));
      this.heard();
    };
    socket.onmessage = ({ data }) => {
      if (socket !== this.socket) return;
      this.heard();
      this.take(JSON.parse(String(data)) as LiveMessage);
    };
    socket.onclose = ({ code }) => {
      if (socket !== this.socket || this.stopped) return;
      if (code === 4401 || code === 4403) this.refused = true;
      this.cut();
    };
  }

  private heard(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.close(), SILENT_MS);
  }

  private cut(): void {
    clearTimeout(this.silence);
    this.link = 'cut';
    this.retryAt = Date.now() + this.waitMs;
    this.retry = setTimeout(() => this.connect(), this.waitMs);
    this.waitMs = Math.min(LONGEST_WAIT_MS, this.waitMs * 1.7);
  }

  private take(message: LiveMessage): void {
    const { type, seq } = message;
    if (type === 'ping') return;
    if (type === 'hello') {
      this.link = 'live';
      this.waitMs = FIRST_WAIT_MS;
      this.epoch = message.epoch ?? '';
      if (message.resumed !== true) this.seq = seq ?? 0;
      this.options.onmessage?.(message);
      return;
    }
    if (seq !== undefined) this.seq = Math.max(this.seq, seq);
    const id = message.room ?? (MODE === 'engine' ? this.options.detail?.[0] : undefined);
    if (id !== undefined) this.room(id).take(message);
    this.options.onmessage?.(message);
  }
}
