/**
 * The room as this page edits it.
 *
 * Problem: a drag makes sixty moves a second, an engine draws each, and the answer comes a moment later; two people may edit.
 * Rule: handles follow the pointer at once. Of the moves that came meanwhile only the newest is sent, when the answer to the
 * one before is there; all of one drag carry one `gesture`, so that undo takes back the drag. The engine's answer is what
 * holds in the end; a refusal puts the layer back and is shown with its rule. What was changed is saved a second later.
 */
import { call, engineUrl, roomUrl, type CallOptions } from '../../api/client';
import { ApiError } from '../../api/error';
import { onNews } from '../../app/news.svelte';
import { isLocked, movedBy, placeFor } from './geometry';
import type {
  AudioState,
  Box,
  Canvas,
  EditLists,
  EditStep,
  Layer,
  LayerList,
  LayerState,
  Placed,
  PresenterState,
  Shot,
} from './shapes';

const SAVE_AFTER_MS = 1000;
/** A picture or a card is judged before it is shown, which takes long on a busy machine. */
const PATIENT = { prefer: 'wait=60' };
/** An edit that is not on the picture by then is said to be coming. */
const SLOW_MS = 1500;
const REFRESH_MS = 4000;
/** Messages of the room that another person's edit sends; several of one drag are one look. */
const NEWS: ReadonlySet<string> = new Set(['layers', 'edits']);
const NEWS_MS = 150;
/** How often a presenter who is being drawn is asked for. */
const DRAWING_MS = 700;
/** The engine's longest: a presenter is drawn once, and a busy machine takes its time. */
const PRESENTER_WAIT = { prefer: 'wait=180' };

export interface Refusal {
  readonly error: unknown;
  /** The layer that it is about. */
  readonly layer: string | null;
}

interface Moves {
  next: { readonly patch: object; readonly gesture: string } | null;
  running: Promise<void> | null;
}

export class RoomEditor {
  canvas: Canvas = $state.raw({ width: 720, height: 1280 });
  /** The shot on the picture; the engine cuts between them. */
  shot: Shot = $state.raw('hero');
  /** From bottom to top. */
  layers: readonly LayerState[] = $state.raw([]);
  edits: readonly EditStep[] = $state.raw([]);
  undone: readonly EditStep[] = $state.raw([]);
  presenter: PresenterState | null = $state.raw(null);
  audio: AudioState | null = $state.raw(null);
  selected: string | null = $state(null);
  refusal: Refusal | null = $state.raw(null);
  /** Changed and not yet in the room file. */
  saving: 'saved' | 'waiting' | 'failed' = $state('saved');
  /** An edit that takes a while: the presenter is drawn, a clip is scanned. */
  busy: string | null = $state(null);
  /** How long that has taken. */
  busyMs = $state(0);
  /** The presenter who is to come. */
  coming: string | null = $state(null);
  /** Edits that the room has had for a while and not answered. */
  slow = $state(0);
  /** Share of the presenter that is drawn; null while none is. */
  drawing: number | null = $state(null);
  loaded = $state(false);

  readonly top: readonly LayerState[] = $derived(this.layers.toReversed());
  readonly chosen: LayerState | null = $derived(this.layers.find(({ id }) => id === this.selected) ?? null);

  private readonly moves = new Map<string, Moves>();
  private saveTimer: ReturnType<typeof setTimeout> | undefined;
  private gestures = 0;
  /** Counts changes sent and answered: a list that was asked for before the newest one is old. */
  private changes = 0;
  private stepping: Promise<unknown> = Promise.resolve();

  constructor(readonly room: string) {}

  /** Reads the room, and again now and then for what others change. Returns a function that ends it. */
  follow(): () => void {
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const step = async (): Promise<void> => {
      await this.refresh().catch(() => undefined); // the page says that the room is off
      if (!over) timer = setTimeout(() => void step(), this.loaded ? REFRESH_MS : 700);
    };
    void step();
    let isAsked = false;
    const end = onNews(({ type, room, data }) => {
      const isCut = type === 'status' && (data as { shot?: unknown } | null)?.shot !== undefined;
      if (room !== this.room || !(NEWS.has(type) || isCut) || isAsked || !this.loaded) return;
      isAsked = true;
      setTimeout(() => {
        isAsked = false;
        void this.refresh().catch(() => undefined); // the next look is near
      }, NEWS_MS);
    });
    return () => {
      over = true;
      end();
      clearTimeout(timer);
      if (this.saving === 'waiting') void this.save();
    };
  }

  engine<T = void>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options: CallOptions = {},
  ): Promise<T> {
    return call<T>(method, engineUrl(this.room, path), method === 'GET' ? options : { headers: PATIENT, ...options });
  }

  async refresh(): Promise<void> {
    const asked = this.changes;
    const [list, edits] = await Promise.all([
      this.engine<LayerList>('GET', '/api/layers'),
      this.engine<EditLists>('GET', '/api/edits'),
    ]);
    this.canvas = list.canvas;
    // A layer that is being moved is where the hand has it.
    const isMoving = [...this.moves.values()].some(({ running }) => running !== null);
    if (!isMoving && asked === this.changes) [this.layers, this.shot] = [list.layers, list.shot];
    this.takeEdits(edits);
    if (this.presenter === null) void this.readPeople();
    this.loaded = true;
  }

  async readPeople(): Promise<void> {
    [this.presenter, this.audio] = await Promise.all([
      this.engine<PresenterState>('GET', '/api/presenter'),
      this.engine<AudioState>('GET', '/api/audio'),
    ]);
  }

  newGesture(): string {
    return `${Date.now().toString(36)}-${(this.gestures += 1)}`;
  }

  locked({ layer, box }: LayerState): boolean {
    return isLocked(layer, box, this.canvas);
  }

  /** Moves, resizes or turns a layer while a hand does it. */
  drag(id: string, patch: object, gesture: string): void {
    const moves = this.moves.get(id) ?? { next: null, running: null };
    this.moves.set(id, moves);
    moves.next = { patch, gesture };
    this.changes += 1;
    moves.running ??= this.sendMoves(id, moves);
  }

  /** Resolves when all moves of a layer have been sent. */
  async settled(id: string): Promise<void> {
    await this.moves.get(id)?.running;
  }

  moveBy(id: string, dx: number, dy: number, gesture = this.newGesture()): void {
    const state = this.layers.find((one) => one.id === id);
    if (state === undefined || this.locked(state)) return;
    const { box } = state;
    const place = movedBy(state.layer, dx, dy, this.canvas, this.shot);
    this.show(id, place, box && { ...box, x: box.x + dx, y: box.y + dy });
    this.drag(id, place, gesture);
  }

  /** Moves by the keyboard, from where an undo that is under way puts the layer. */
  async nudge(id: string, dx: number, dy: number, gesture: string): Promise<void> {
    await this.stepping;
    this.moveBy(id, dx, dy, gesture);
  }

  /** Moves to a place that depends on the layer's box, as an undo that is under way leaves it. */
  async moveTo(id: string, to: (box: Box) => { readonly x: number; readonly y: number }): Promise<void> {
    await this.stepping;
    const box = this.layers.find((one) => one.id === id)?.box ?? null;
    if (box === null) return;
    const { x, y } = to(box);
    this.moveBy(id, x - box.x, y - box.y);
  }

  /** Place and size of a layer that is to fill this box. */
  placeFor({ layer }: LayerState, box: Box): object {
    return {
      ...placeFor(layer, box, this.canvas, this.shot),
      width: Math.round(box.width),
      height: Math.round(box.height),
    };
  }

  change(id: string, patch: object): Promise<boolean> {
    return this.edit(id, async () => {
      const placed = await this.engine<Placed>('PATCH', `/api/layers/${id}`, { body: patch });
      this.show(id, patch, placed.box);
    });
  }

  /** Adds a layer above the others and selects it. */
  async add(base: string, layer: Layer): Promise<boolean> {
    const id = this.freeId(base);
    const z =
      Math.max(0, ...this.layers.filter((one) => one.layer.type !== 'label').map((one) => one.layer.z ?? 0)) + 1;
    const added = await this.edit(id, async () => {
      await this.engine<Placed>('PUT', `/api/layers/${id}`, { body: { z: Math.min(z, 1000), ...layer } });
    });
    if (added) this.selected = id;
    return added;
  }

  put(id: string, layer: Layer): Promise<boolean> {
    return this.edit(id, async () => {
      await this.engine<Placed>('PUT', `/api/layers/${id}`, { body: layer });
    });
  }

  copy(state: LayerState): Promise<boolean> {
    return this.add(state.id.replace(/-\d+$/, ''), {
      ...state.layer,
      ...movedBy(state.layer, 24, 24, this.canvas, this.shot),
    });
  }

  async remove(id: string): Promise<void> {
    const done = await this.edit(id, () => this.engine('DELETE', `/api/layers/${id}`));
    if (done && this.selected === id) this.selected = null;
  }

  order(ids: readonly string[]): Promise<boolean> {
    return this.edit(null, async () => {
      this.layers = (await this.engine<LayerList>('PUT', '/api/layers/order', { body: { ids } })).layers;
    });
  }

  /** One step towards the front (1) or the back (−1). */
  async raise(id: string, by: 1 | -1): Promise<void> {
    const ids = this.layers
      .filter(({ layer }) => layer.type !== 'label' && layer.shown !== 'on-cue')
      .map((one) => one.id);
    const at = ids.indexOf(id);
    const other = ids[at + by];
    if (at < 0 || other === undefined) return;
    await this.order(by === 1 ? [other, id] : [id, other]);
  }

  undo(): Promise<boolean> {
    return this.step('undo');
  }
  redo(): Promise<boolean> {
    return this.step('redo');
  }

  /** Any other edit of the room: its refusal is shown, its state is saved. */
  async edit(layer: string | null, work: () => Promise<unknown>): Promise<boolean> {
    this.changes += 1;
    const late = this.countWhenSlow();
    try {
      await work().finally(late);
      this.changes += 1;
      if (this.refusal?.layer === layer) this.refusal = null;
      this.saveSoon();
      await this.refresh();
      return true;
    } catch (error) {
      this.refusal = { error, layer };
      await this.refresh().catch(() => undefined); // the refusal says enough
      return false;
    }
  }

  async changePresenter(change: { readonly pack?: string; readonly [key: string]: unknown }): Promise<boolean> {
    this.busy = 'presenter';
    this.coming = change.pack ?? null;
    const begun = performance.now();
    const timer = setInterval(() => {
      this.busyMs = performance.now() - begun;
      void this.readDrawing();
    }, DRAWING_MS);
    const done = await this.edit('presenter', async () => {
      this.presenter = await this.engine<PresenterState>('PUT', '/api/presenter', {
        body: change,
        headers: PRESENTER_WAIT,
      });
      await this.readPeople();
    });
    clearInterval(timer);
    this.busy = this.drawing = this.coming = null;
    this.busyMs = 0;
    return done;
  }

  private async readDrawing(): Promise<void> {
    const { drawing } = await this.engine<PresenterState>('GET', '/api/presenter').catch(() => ({ drawing: null }));
    if (this.busy === 'presenter') this.drawing = drawing;
  }

  changeAudio(patch: object, gesture?: string): Promise<boolean> {
    return this.edit('audio', async () => {
      this.audio = await this.engine<AudioState>('PATCH', '/api/audio', { body: patch, query: { gesture } });
    });
  }

  /** Returns a function that ends the count. */
  private countWhenSlow(): () => void {
    let isCounted = false;
    const timer = setTimeout(() => {
      isCounted = true;
      this.slow += 1;
    }, SLOW_MS);
    return () => {
      clearTimeout(timer);
      if (isCounted) this.slow -= 1;
    };
  }

  saveSoon(): void {
    this.saving = 'waiting';
    clearTimeout(this.saveTimer);
    this.saveTimer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  private async save(): Promise<void> {
    clearTimeout(this.saveTimer);
    try {
      await call('POST', roomUrl(this.room, '/save'));
      this.saving = 'saved';
    } catch (error) {
      this.saving = 'failed';
      this.refusal = { error, layer: null };
    }
  }

  private step(way: 'undo' | 'redo'): Promise<boolean> {
    const done = this.edit(null, async () => {
      // The last moves of a drag may still be on their way: behind the step they would bring back what it takes back.
      await Promise.all([...this.moves.keys()].map((id) => this.settled(id)));
      this.takeEdits(await this.engine<EditLists>('POST', `/api/${way}`));
      await this.readPeople();
    });
    this.stepping = done;
    return done;
  }

  private takeEdits({ edits, redo }: EditLists): void {
    this.edits = edits;
    this.undone = redo;
  }

  private async sendMoves(id: string, moves: Moves): Promise<void> {
    try {
      while (moves.next !== null) {
        const { patch, gesture } = moves.next;
        moves.next = null;
        const placed = await this.engine<Placed>('PATCH', `/api/layers/${id}`, { body: patch, query: { gesture } });
        if (moves.next === null) this.show(id, patch, placed.box);
      }
      if (this.refusal?.layer === id) this.refusal = null;
      this.saveSoon();
    } catch (error) {
      moves.next = null;
      this.refusal = { error, layer: id };
    }
    moves.running = null;
    this.changes += 1;
    await this.refresh().catch(() => undefined); // the next one comes in a moment
  }

  /** A layer as it will be. */
  private show(id: string, patch: object, box: Box | null): void {
    this.layers = this.layers.map((one) =>
      one.id === id ? { ...one, layer: { ...one.layer, ...patch }, box: box ?? one.box } : one,
    );
  }

  private freeId(base: string): string {
    const clean =
      base
        .replace(/[^a-zA-Z0-9-]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 50) || 'layer';
    const taken = new Set(this.layers.map(({ id }) => id));
    if (!taken.has(clean)) return clean;
    let n = 2;
    while (taken.has(`${clean}-${n}`)) n += 1;
    return `${clean}-${n}`;
  }
}

/** A code and a rule, where a refusal has them. */
export const ruleOf = (error: unknown): string | null => {
  if (!(error instanceof ApiError)) return null;
  return /\brule (\d+\.\d+)/.exec(`${error.body.found ?? ''} ${error.body.message}`)?.[1] ?? null;
};
