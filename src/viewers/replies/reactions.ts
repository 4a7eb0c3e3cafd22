import { REACTION_KINDS, type ReactionKind, type RepliesConfig } from '../../config/sections/replies.js';
import type { EventRecord } from '../../config/api/events-handle.js';
import { expandWordings, fillSlots } from '../../writer/expand-wordings.js';
import type { ReplyPack } from './comments/reply-packs.js';
import { namesInWords } from './names/masked-name.js';
import type { EventLog } from '../events/event-intake.js';
import type { AnswerSpeaker } from './answer-speaker.js';

/** Maximum records of one window whose outcome is recorded. */
const MAX_RECORDS = 100;
/** Names judged in one window; two are spoken. */
const MAX_NAMES = 4;

export interface DueReaction {
  readonly kind: ReactionKind;
  /** Texts to try in turn: with names first. */
  readonly texts: readonly string[];
  readonly records: readonly number[];
}

interface Window {
  fromMs: number;
  viewers: Set<string>;
  names: string[];
  records: number[];
}

export interface ReactionsOptions {
  readonly config: RepliesConfig['reactions'];
  readonly pack: ReplyPack;
  /** The name as it may be spoken. */
  readonly name: (user: string) => string | undefined;
  /** Whether names may be said side by side. */
  readonly together: (names: readonly string[], language: string) => boolean;
  /** Reactions as they were: what has been gathered and said goes on. */
  readonly before?: Reactions | undefined;
}

/** Gathers actions of viewers into one reaction: "Welcome Anna, Li Wei and 12 others". */
export class Reactions {
  private readonly windows: Map<ReactionKind, Window>;
  private readonly lastMs: Map<ReactionKind, number>;
  private readonly turns: Map<ReactionKind, number>;

  constructor(private readonly options: ReactionsOptions) {
    const { before, config } = options;
    this.windows = new Map([...(before?.windows ?? [])].filter(([kind]) => config[kind].enabled));
    this.lastMs = new Map(before?.lastMs);
    this.turns = new Map(before?.turns);
  }

  /** False when there is no reaction to this kind. */
  add({ kind, user, seq }: EventRecord, nowMs: number): boolean {
    if (kind === 'comment' || !this.options.config[kind].enabled) return false;
    let window = this.windows.get(kind);
    if (window === undefined)
      this.windows.set(kind, (window = { fromMs: nowMs, viewers: new Set(), names: [], records: [] }));
    if (window.records.length < MAX_RECORDS) window.records.push(seq);
    if (user === '' || window.viewers.has(user) || window.viewers.size >= 100_000) return true;
    window.viewers.add(user);
    const name = window.names.length < MAX_NAMES ? this.options.name(user) : undefined;
    if (name !== undefined) window.names.push(name);
    return true;
  }

  /** Windows that have ended and may be spoken now. */
  due(nowMs: number): DueReaction[] {
    const due: DueReaction[] = [];
    for (const kind of REACTION_KINDS) {
      const window = this.windows.get(kind);
      const { windowMs, minGapMs } = this.options.config[kind];
      if (window === undefined || nowMs - window.fromMs < windowMs) continue;
      if (nowMs - (this.lastMs.get(kind) ?? -Infinity) < minGapMs) continue;
      this.windows.delete(kind);
      this.lastMs.set(kind, nowMs);
      due.push({ kind, texts: this.texts(kind, window), records: window.records });
    }
    return due;
  }

  private texts(kind: ReactionKind, { names, viewers }: Window): string[] {
    const { config, pack, together } = this.options;
    const own = config[kind].texts[pack.language];
    const list = (of: 'named' | 'plain'): readonly string[] =>
      own !== undefined && own[of].length > 0 ? own[of] : pack.reactions[kind][of];
    const turn = this.turns.get(kind) ?? 0;
    this.turns.set(kind, turn + 1);
    const turned = (texts: readonly string[]): string[] => {
      const all = expandWordings(texts);
      return [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
    };
    const said = namesInWords(names, viewers.size, pack, together);
    const named = said === undefined ? [] : turned(list('named')).map((one) => fillSlots(one, { names: said }));
    return [...named, ...turned(list('plain'))];
  }
}

type Change = Parameters<EventLog['change']>[1];

interface SpokenReactions {
  readonly config: Pick<RepliesConfig, 'reactions'>;
  readonly events: EventLog;
  readonly speaker: AnswerSpeaker;
  readonly reactions: Reactions;
}

/** Speaks the reactions that are due, and marks the events that they are for. */
export function speakReactions({ config, events, speaker, reactions }: SpokenReactions, nowMs: number): void {
  for (const { kind, texts, records } of reactions.due(nowMs)) {
    const mark = (change: Change): void => {
      for (const seq of records) events.change(seq, { path: 'reaction', ...change });
    };
    const lineKind = kind === 'order' || kind === 'gift' ? 'order' : 'timed';
    const said = speaker.say(
      texts.map((text) => ({ text, language: undefined })),
      { kind: lineKind, role: config.reactions[kind].role },
      ({ outcome, ...more }) =>
        mark('reason' in more ? { state: 'unanswered', outcome, reason: more.reason } : { state: 'answered', outcome }),
    );
    mark('refused' in said ? { state: 'unanswered', reason: said.refused } : { answer: said.text });
  }
}
