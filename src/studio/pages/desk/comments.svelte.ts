import { SvelteMap, type SvelteSet } from 'svelte/reactivity';
import { call } from '../../api/client';
import type { LiveRoom } from '../../lib/live.svelte';
import type { EventRecord, PreviewedAnswer, SayResult } from '../../lib/room-types';
import { t } from '../../messages/index.svelte';
import { sayPost } from './say-post';

interface Suggestion {
  readonly state: 'asking' | 'known' | 'none';
  readonly source: string;
}

/** What it needs of the desk. */
interface Surroundings {
  readonly state: LiveRoom;
  readonly moderates: boolean;
  readonly busy: SvelteSet<string>;
  url(path: string): string;
  post<T>(path: string, body?: unknown): Promise<T>;
  speak(area: 'comments', work: () => Promise<SayResult>): Promise<boolean>;
  try<T>(area: 'comments', work: () => Promise<T>): Promise<T | undefined>;
  tell(area: 'comments', text: string): void;
}

/** The chosen comment: what the host would say, what a person writes, and what becomes of it. */
export class Comments {
  /** Number of the chosen comment. */
  chosen: number | null = $state(null);
  readonly drafts = new SvelteMap<number, string>();
  readonly suggestions = new SvelteMap<number, Suggestion>();

  constructor(private readonly desk: Surroundings) {}

  choose(seq: number | null): void {
    this.chosen = seq;
    const record = this.desk.state.comments.find((one) => one.seq === seq);
    if (record !== undefined && this.desk.moderates) void this.suggest(record);
  }

  get comment(): EventRecord | undefined {
    return this.desk.state.comments.find(({ seq }) => seq === this.chosen);
  }

  /** What the host would say, as a draft that a person changes. */
  async suggest({ seq, text, state }: EventRecord): Promise<void> {
    if (this.suggestions.has(seq) || text === undefined || state === 'hostile') return;
    this.suggestions.set(seq, { state: 'asking', source: '' });
    try {
      const found = await this.desk.post<PreviewedAnswer>('/api/ask', { text: text.slice(0, 500) });
      const known = found.outcome === 'answered' && found.answer !== undefined;
      this.suggestions.set(seq, { state: known ? 'known' : 'none', source: known ? this.sourceOf(found) : '' });
      // Who asked is said before it anyway.
      if (known && (this.drafts.get(seq) ?? '') === '') this.drafts.set(seq, found.plain ?? found.answer ?? '');
    } catch {
      this.suggestions.set(seq, { state: 'none', source: '' });
    }
  }

  /** Where a fact stands, as a person would say it. */
  private sourceOf({ source, product }: PreviewedAnswer): string {
    const number = Number(/^(?:faq|question) (\d+)$/.exec(source ?? '')?.[1]);
    const listed = this.desk.state.products?.products.find(({ id }) => id === product)?.product as
      | { readonly faq?: readonly { readonly question: string }[] }
      | undefined;
    const question = listed?.faq?.[number - 1]?.question;
    return question === undefined ? (source ?? '') : t('desk.comments.from-question', { question });
  }

  async answer(): Promise<void> {
    const record = this.comment;
    const text = (record && this.drafts.get(record.seq))?.trim() ?? '';
    if (record === undefined || text === '') return;
    const key = `answer ${record.seq}`;
    if (this.desk.busy.has(key)) return;
    this.desk.busy.add(key);
    const done = await this.desk.speak('comments', () =>
      sayPost(this.desk.url(`/api/comments/${record.seq}/answer`), { text }),
    );
    this.desk.busy.delete(key);
    if (done) this.drafts.delete(record.seq);
  }
  async show(): Promise<void> {
    const record = this.comment;
    if (record === undefined) return;
    if (await this.desk.speak('comments', () => sayPost(this.desk.url(`/api/comments/${record.seq}/show`))))
      this.desk.tell('comments', t('desk.comments.shown'));
  }
  async hidePerson(): Promise<void> {
    const record = this.comment;
    if (record === undefined || record.user === '') return;
    const { platform, user } = record;
    const done = await this.desk.try('comments', () => this.desk.post('/api/viewers/hidden', { platform, user }));
    if (done !== undefined) this.desk.tell('comments', t('desk.comments.hidden', { name: user }));
  }
  async unhide(platform: string, user: string): Promise<void> {
    await this.desk.try('comments', () =>
      call('DELETE', this.desk.url('/api/viewers/hidden'), { body: { platform, user } }),
    );
  }
}
