import type { Product } from '../../config/sections/product.js';
import type { ReplyRule } from '../../config/sections/replies.js';
import type { AnswerPath, EventRecord } from '../../config/api/events-handle.js';
import type { Reading } from './meaning/comment-meanings.js';
import type { RuleText } from './reply-rules.js';
import type { UnderstoodQuestion } from './understood-question.js';

const MAX_RECORDS = 200;
const MAX_NAMES = 4;

/** An answer that waits for its turn, with everybody who asked for it. */
export class PendingAnswer {
  readonly records: number[] = [];
  readonly ids: string[] = [];
  readonly names: string[] = [];
  /** The given name of the first one who asked. */
  firstName: string | undefined;
  private readonly viewers = new Set<string>();
  /** The first comment. */
  readonly first: EventRecord;
  path: AnswerPath;
  about: string;
  /** Undefined while a language model thinks. */
  texts: readonly RuleText[] | undefined;

  constructor(
    readonly key: string,
    readonly sinceMs: number,
    readonly found: {
      readonly first: EventRecord;
      readonly path: AnswerPath;
      readonly about: string;
      readonly language: string;
      readonly product: Product | undefined;
      readonly rule?: ReplyRule;
      /** What the sentence model said of the comment. */
      readonly reading?: Reading | undefined;
      readonly texts?: readonly RuleText[];
      /** What the show may say of the question; undefined for an event without one. */
      readonly asked?: UnderstoodQuestion;
      /** The comment has been judged clean. */
      readonly isClean: boolean;
    },
  ) {
    this.first = found.first;
    this.path = found.path;
    this.about = found.about;
    this.texts = found.texts;
  }

  join({ seq, id, user }: EventRecord, name: string | undefined): void {
    if (this.records.length === 0) this.firstName = name;
    if (this.records.length < MAX_RECORDS) {
      this.records.push(seq);
      this.ids.push(id);
    }
    if (this.viewers.has(user)) return;
    if (this.viewers.size < MAX_RECORDS) this.viewers.add(user);
    if (name !== undefined && this.names.length < MAX_NAMES) this.names.push(name);
  }

  get asked(): number {
    return Math.max(1, this.viewers.size);
  }
}
