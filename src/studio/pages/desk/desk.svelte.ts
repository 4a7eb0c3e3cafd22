import type { LayerList } from '../../../config/api/layers-handle.js';
import { listedLayers } from '../../../control/live/live-feed.js';
import { call, engineUrl, MODE, roomUrl, send } from '../../api/client';
import type { Role } from '../../api/types';
import { sentenceOf } from '../../app/error-words';
import { reaches } from '../../app/session';
import { Live, type LiveRoom } from '../../lib/live.svelte';
import type { AlarmSnapshot, AudioState, SayResult, ScriptSnapshot } from '../../lib/room-types';
import { both, t } from '../../messages/index.svelte';
import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import { Comments } from './comments.svelte';
import { Microphone } from './microphone.svelte';
import { sayPost } from './say-post';
import { OFF_AIR, viewState } from './view-state';

/** A line of small print beside a control: what came of it. */
export interface Said {
  readonly text: string;
  readonly bad: boolean;
}
export type Area =
  | 'commands'
  | 'rundown'
  | 'products'
  | 'layers'
  | 'rules'
  | 'sound'
  | 'take'
  | 'outputs'
  | 'comments'
  | 'tools'
  | 'alarms';

const SAID_MS = 8000;
/** A product's words and picture are judged first, which takes long on a busy machine. */
const PATIENT = { prefer: 'wait=60' };

/** All that a desk knows and does. */
export class Desk {
  readonly live: Live;
  readonly state: LiveRoom;
  script: ScriptSnapshot | null = $state.raw(null);
  audio: AudioState | null = $state.raw(null);
  readonly comments = new Comments(this);
  readonly said = new SvelteMap<Area, Said>();
  /** What was pressed and not confirmed yet. */
  private pressed: { muted?: boolean; blanked?: boolean } = $state({});
  readonly busy = new SvelteSet<string>();
  /** Destinations of the studio by the id of their output. */
  readonly names = new SvelteMap<string, string>();
  listening = $state(false);
  readonly microphone = new Microphone(() => this.tell('take', t('desk.take.lost'), true));
  /** Held back since the page was opened and not looked at. */
  evidence: number | null = $state(null);
  private readonly timers = new Map<Area, ReturnType<typeof setTimeout>>();

  constructor(
    readonly room: string,
    readonly role: Role,
  ) {
    this.live = new Live({
      detail: [room],
      onmessage: ({ type, resumed }) => {
        if (MODE === 'studio' && type === 'hello' && resumed !== true) void this.readLists();
      },
    });
    this.state = this.live.room(room);
    if (MODE === 'studio') void this.readNames();
  }

  get operates(): boolean {
    return reaches(this.role, 'operator');
  }
  get moderates(): boolean {
    return reaches(this.role, 'moderator');
  }
  get edits(): boolean {
    return reaches(this.role, 'editor');
  }

  get muted(): boolean {
    return this.pressed.muted ?? this.state.snapshot?.muted ?? false;
  }
  get blanked(): boolean {
    return this.pressed.blanked ?? this.state.snapshot?.blanked ?? false;
  }
  get held(): boolean {
    return this.state.snapshot?.slate.includes('risk') ?? false;
  }
  /** The room has no engine: there is nothing to run. */
  get isOff(): boolean {
    return this.state.process === 'off' || this.state.process === 'failed';
  }
  get view(): ReturnType<typeof viewState> {
    const { snapshot } = this.state;
    if (this.isOff) return OFF_AIR;
    const view = viewState(snapshot === null ? null : { ...snapshot, muted: this.muted, blanked: this.blanked });
    const name = this.names.get(String(view.values['name'] ?? ''));
    return name === undefined ? view : { ...view, values: { ...view.values, name } };
  }
  get alarms(): readonly AlarmSnapshot[] {
    return this.state.snapshot?.alarms ?? [];
  }
  get unseen(): readonly AlarmSnapshot[] {
    return this.alarms.filter(({ acknowledgedBy }) => acknowledgedBy === undefined);
  }

  async readNames(): Promise<void> {
    const found = await call<{ destinations: readonly { id: string; name: string }[] }>(
      'GET',
      '/api/destinations',
    ).catch(
      () => undefined, // ids are names enough
    );
    for (const { id, name } of found?.destinations ?? []) this.names.set(id, name);
  }

  /** The studio's socket begins with the room's state; its lists are read. */
  private async readLists(): Promise<void> {
    const { state } = this;
    const read = async (path: string, take: (body: Readonly<Record<string, unknown>>) => void): Promise<void> => {
      try {
        take(await call<Readonly<Record<string, unknown>>>('GET', this.url(path)));
      } catch {
        // A room that is off has none; the socket tells when it has.
      }
    };
    await Promise.all([
      read('/api/events?limit=300', ({ events }) => state.take({ type: 'viewers', data: events })),
      read('/api/verdicts?limit=200', ({ verdicts }) => state.take({ type: 'verdicts', data: verdicts })),
      read('/api/outputs?events=50', ({ events }) => state.take({ type: 'output-events', data: events })),
      read('/api/questions', ({ questions }) => state.take({ type: 'questions', data: questions })),
      read('/api/products', (data) => state.take({ type: 'products', data })),
      read('/api/layers', (data) => state.take({ type: 'layers', data: listedLayers(data as unknown as LayerList) })),
      read('/api/rules', ({ rules }) => state.take({ type: 'rules', data: rules })),
      read('/api/viewers/hidden', ({ hidden }) => state.take({ type: 'hidden', data: hidden })),
      read('/api/machine', (data) => state.take({ type: 'machine', data })),
    ]);
  }

  stop(): void {
    this.live.stop();
    this.microphone.hangUp();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  url(path: string): string {
    return engineUrl(this.room, path);
  }

  tell(area: Area, text: string, bad = false): void {
    clearTimeout(this.timers.get(area));
    if (text === '') this.said.delete(area);
    else {
      this.said.set(area, { text, bad });
      this.timers.set(
        area,
        setTimeout(() => this.said.delete(area), bad ? 3 * SAID_MS : SAID_MS),
      );
    }
  }

  /** A call whose refusal is said beside its control; undefined when it was refused. */
  async try<T>(area: Area, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await work();
      this.tell(area, '');
      return result;
    } catch (error) {
      this.tell(area, sentenceOf(error), true);
      return undefined;
    }
  }

  post<T = unknown>(path: string, body?: unknown): Promise<T> {
    return call<T>('POST', this.url(path), body === undefined ? {} : { body });
  }

  // commands

  async mute(): Promise<void> {
    await this.press('muted', !this.muted, 'mute');
  }
  async blank(): Promise<void> {
    await this.press('blanked', !this.blanked, 'blank');
  }
  async dump(): Promise<void> {
    const done = await this.try('commands', () => this.post<{ frames: number; ms: number }>('/api/dump'));
    if (done === undefined) return;
    const seconds = (done.ms / 1000).toFixed(1);
    this.tell(
      'commands',
      done.frames === 0 ? t('desk.dump.none') : t('desk.dump.done', { seconds, frames: done.frames }),
    );
  }
  async resume(): Promise<void> {
    if (!this.resumable) return;
    this.pressed = { muted: false, blanked: false };
    await this.try('commands', () => this.post('/api/resume'));
    this.pressed = {};
  }
  get resumable(): boolean {
    return this.muted || this.blanked || this.held;
  }

  private async press(key: 'muted' | 'blanked', on: boolean, name: 'mute' | 'blank'): Promise<void> {
    this.pressed = { ...this.pressed, [key]: on };
    await this.try('commands', () => (on ? this.post(`/api/${name}`) : this.post('/api/resume', { [name]: true })));
    const { [key]: _, ...rest } = this.pressed;
    this.pressed = rest;
  }

  async acknowledge(): Promise<void> {
    if (!this.moderates || this.unseen.length === 0) return;
    await this.try('alarms', () => this.post('/api/alarms/acknowledge', {}));
  }

  // rundown

  async readScript(): Promise<void> {
    const script = await call<ScriptSnapshot>('GET', this.url('/api/script')).catch(() => undefined);
    if (script !== undefined) this.script = script;
  }
  async pause(): Promise<void> {
    const paused = this.state.agenda?.paused === true;
    await this.try('rundown', () => this.post(`/api/script/${paused ? 'resume' : 'pause'}`));
  }
  async skip(): Promise<void> {
    await this.try('rundown', () => this.post('/api/script/skip', {}));
  }
  async jump(segment: string, line: string): Promise<void> {
    await this.try('rundown', () => this.post('/api/script/jump', { segment, line }));
  }
  async drop(line: string): Promise<void> {
    await this.try('rundown', () => call('DELETE', this.url(`/api/agenda/${encodeURIComponent(line)}`)));
  }
  /** Spoken once, after the line on air. */
  async insert(text: string): Promise<boolean> {
    return this.speak('rundown', () => sayPost(this.url('/api/say'), { text, next: true }));
  }

  /** A refused line is an answer with its reason, not an error. */
  async speak(area: Area, work: () => Promise<SayResult>): Promise<boolean> {
    try {
      const result = await work();
      this.tell(
        area,
        result.result === 'queued' ? t('desk.queued') : t('desk.refused', { reason: both(result.reason) }),
        result.result !== 'queued',
      );
      return result.result === 'queued';
    } catch (error) {
      this.tell(area, sentenceOf(error), true);
      return false;
    }
  }

  // products

  async pin(id: string): Promise<void> {
    const before = this.state.products;
    const pinned = before?.pinned === id;
    // Shown at once, so that a second press takes it back.
    if (before !== null)
      this.state.products = {
        ...before,
        pinned: pinned ? null : id,
        products: before.products.map((one) => ({ ...one, pinned: !pinned && one.id === id })),
      };
    const path = `/api/products/${encodeURIComponent(id)}/${pinned ? 'unpin' : 'pin'}`;
    const done = await this.try('products', () => this.post(path).then(() => true));
    if (done === undefined) this.state.products = before;
  }
  async soldOut(id: string, on: boolean): Promise<void> {
    const path = `/api/products/${encodeURIComponent(id)}/${on ? 'sold-out' : 'on-sale'}`;
    await this.try('products', () => call('POST', this.url(path), { headers: PATIENT }));
  }
  async change(id: string, body: unknown): Promise<boolean> {
    const done = await this.try('products', () =>
      call<{ breaks: readonly unknown[] }>('PATCH', this.url(`/api/products/${encodeURIComponent(id)}`), {
        body,
        headers: PATIENT,
      }),
    );
    if (done === undefined) return false;
    if (done.breaks.length > 0) this.tell('products', t('desk.products.breaks', { count: done.breaks.length }));
    return true;
  }

  // layers, rules, sound

  async hideLayer(id: string, hidden: boolean): Promise<void> {
    await this.try('layers', () =>
      call('PATCH', this.url(`/api/layers/${encodeURIComponent(id)}`), { body: { hidden } }),
    );
  }
  async setRule(id: string, on: boolean): Promise<void> {
    await this.try('rules', () => call('PUT', this.url(`/api/rules/${encodeURIComponent(id)}`), { body: { on } }));
  }
  async readAudio(): Promise<void> {
    const audio = await call<AudioState>('GET', this.url('/api/audio')).catch(() => undefined);
    if (audio !== undefined) this.audio = audio;
  }
  async changeAudio(body: unknown): Promise<void> {
    const audio = await this.try('sound', () => call<AudioState>('PATCH', this.url('/api/audio'), { body }));
    if (audio !== undefined) this.audio = audio;
  }

  // outputs

  async reconnect(id: string): Promise<void> {
    await this.try('outputs', () => this.post(`/api/outputs/${encodeURIComponent(id)}/reconnect`));
  }
  async removeOutput(id: string): Promise<void> {
    const output = encodeURIComponent(id);
    // A destination is switched off in the studio, or the next start of the room would bring it back.
    await this.try('outputs', () =>
      this.names.has(id)
        ? call('POST', roomUrl(this.room, `/destinations/${output}/off`))
        : call('DELETE', this.url(`/api/outputs/${output}`)),
    );
  }
  async addOutput(id: string, body: unknown): Promise<boolean> {
    const done = await this.try('outputs', () =>
      call('PUT', this.url(`/api/outputs/${encodeURIComponent(id)}`), { body }).then(() => true),
    );
    return done === true;
  }

  // takeover

  get taken(): boolean {
    return this.state.snapshot?.takeover.on ?? false;
  }
  async takeOver(mode: 'text' | 'audio' | 'microphone' = 'text'): Promise<boolean> {
    return (await this.try('take', () => this.post('/api/takeover', { mode }))) !== undefined;
  }
  async giveBack(): Promise<void> {
    this.microphone.hangUp();
    await this.try('take', () => call('DELETE', this.url('/api/takeover')));
  }
  /** During a takeover at once, else before the script's next line. */
  async say(text: string): Promise<boolean> {
    return this.speak('take', () =>
      this.taken
        ? sayPost(this.url('/api/takeover/say'), { text })
        : sayPost(this.url('/api/say'), { text, next: true }),
    );
  }
  async sayPhrase(phrase: { readonly id: string; readonly text: string }): Promise<void> {
    await this.speak('take', () =>
      this.taken
        ? sayPost(this.url('/api/takeover/say'), { phrase: phrase.id })
        : sayPost(this.url('/api/say'), { text: phrase.text, next: true }),
    );
  }
  async play(file: File): Promise<void> {
    if (!this.taken && !(await this.takeOver('audio'))) return;
    this.tell('take', t('desk.take.judging'));
    const type = file.type.startsWith('audio/') ? file.type : 'application/octet-stream';
    const done = await this.try('take', async () => {
      const reply = await send('POST', this.url('/api/takeover/audio'), {
        body: file,
        headers: { 'content-type': type },
      });
      return (await reply.json()) as { durationMs: number; text: string; hits: readonly unknown[] };
    });
    if (done === undefined) return;
    const seconds = Math.round(done.durationMs / 1000);
    this.tell(
      'take',
      t('desk.take.plays', { seconds, text: done.text }) +
        (done.hits.length > 0 ? t('desk.take.silent', { count: done.hits.length }) : ''),
    );
  }
  async speakLive(): Promise<void> {
    if (!(await this.takeOver('microphone'))) return;
    await this.try('take', () => this.microphone.open(this.url('/whip/takeover')));
  }

  // tools

  async screenshot(): Promise<void> {
    await this.try('tools', async () => this.save(await send('GET', this.url('/api/still')), 'jpg'));
  }
  async clip(): Promise<void> {
    await this.try('tools', async () =>
      this.save(await send('GET', this.url('/api/clip'), { query: { seconds: 30 } }), 'mp4'),
    );
  }
  get recording(): boolean {
    return this.state.snapshot?.outputs.some(({ id }) => id === 'desk-recording') ?? false;
  }
  async record(): Promise<void> {
    await this.try('tools', () => call(this.recording ? 'DELETE' : 'POST', this.url('/api/recording')));
  }

  private async save(reply: Response, ending: string): Promise<void> {
    const url = URL.createObjectURL(await reply.blob());
    const link = document.createElement('a');
    const at = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
    link.href = url;
    link.download = `${this.state.snapshot?.name ?? 'room'}-${at}.${ending}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    this.tell('tools', t('desk.tools.saved', { name: link.download }));
  }
}
