import { call, roomUrl } from '../../../api/client';
import type { RoomEditor } from '../room-editor.svelte';
import type { LlmState, LlmTest, ProductState, Replies } from '../shapes';

export type Section = 'welcome' | 'reactions' | 'keywords' | 'rules' | 'faq' | 'talk' | 'offers' | 'quiet' | 'model';

export interface Judged {
  readonly verdict: 'clean' | 'warn' | 'refused';
  /** Why, in both languages. */
  readonly text: { readonly en: string; readonly zh: string } | null;
  readonly rule: string | null;
}

/** How the room answers its viewers, as this page edits it. */
export class Interaction {
  replies: Replies | null = $state.raw(null);
  llm: LlmState | null = $state.raw(null);
  products: readonly ProductState[] = $state.raw([]);
  /** The last refused change, and the section that it came from. */
  refusal: { readonly section: Section; readonly error: unknown } | null = $state.raw(null);
  failed: unknown = $state.raw(null);

  constructor(readonly editor: RoomEditor) {}

  async read(): Promise<void> {
    try {
      const [replies, llm, { products }] = await Promise.all([
        this.editor.engine<Replies>('GET', '/api/replies'),
        this.editor.engine<LlmState>('GET', '/api/llm'),
        this.editor.engine<{ products: readonly ProductState[] }>('GET', '/api/products'),
      ]);
      this.replies = replies;
      this.llm = llm;
      this.products = products;
      this.failed = null;
    } catch (error) {
      this.failed = error;
    }
  }

  patch(section: Section, patch: object): Promise<boolean> {
    return this.change(section, async () => {
      this.replies = await this.editor.engine<Replies>('PATCH', '/api/replies', { body: patch });
    });
  }

  patchModel(patch: object | null): Promise<boolean> {
    return this.change('model', async () => {
      this.llm = await this.editor.engine<LlmState>('PATCH', '/api/llm', {
        body: JSON.stringify(patch),
        headers: { 'content-type': 'application/json' },
      });
    });
  }

  async testModel(): Promise<LlmTest> {
    const test = await this.editor.engine<LlmTest>('POST', '/api/llm/test');
    this.llm = await this.editor.engine<LlmState>('GET', '/api/llm');
    return test;
  }

  patchProduct(id: string, patch: object): Promise<boolean> {
    return this.change('faq', async () => {
      await this.editor.engine('PATCH', `/api/products/${encodeURIComponent(id)}`, { body: patch });
      await this.read();
    });
  }

  /** What the room's rules say of words that somebody types. */
  async judge(texts: readonly string[], language: string): Promise<readonly Judged[]> {
    interface Result {
      readonly verdict: Judged['verdict'];
      readonly hits: readonly { readonly rule: string; readonly text?: Judged['text'] }[];
    }
    const { results } = await call<{ results: readonly Result[] }>('POST', roomUrl(this.editor.room, '/script/judge'), {
      body: { texts: texts.map((text, id) => ({ id: String(id), text, language, surface: 'reply' })) },
    });
    return results.map(({ verdict, hits }) => ({ verdict, text: hits[0]?.text ?? null, rule: hits[0]?.rule ?? null }));
  }

  private async change(section: Section, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      if (this.refusal?.section === section) this.refusal = null;
      this.editor.saveSoon();
      await this.editor.refresh();
      return true;
    } catch (error) {
      this.refusal = { section, error };
      return false;
    }
  }
}
