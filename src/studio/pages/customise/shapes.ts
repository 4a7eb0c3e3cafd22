/** Shapes of the engine's edit API as this page uses them. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pixels, a share (`"40%"`) or of the shorter side (`"5vmin"`). */
export type Length = number | string;

export type Shot = 'hero' | 'side-by-side' | 'close-up';

/** A layer as the room file has it: what this page reads of it, and all else as it came. */
export interface Layer {
  readonly type: string;
  readonly anchor?: string;
  readonly x?: Length;
  readonly y?: Length;
  readonly width?: Length;
  readonly height?: Length;
  readonly z?: number;
  readonly rotate?: number;
  readonly hidden?: boolean;
  readonly locked?: boolean;
  readonly shown?: 'always' | 'on-cue';
  readonly product?: string;
  readonly src?: string;
  readonly text?: string;
  readonly title?: string;
  readonly offer?: string;
  readonly items?: readonly string[];
  /** The shots that it is in, with its place where it differs; left out: all of them. */
  readonly shots?: Readonly<Partial<Record<Shot, { readonly x?: Length; readonly y?: Length }>>>;
  readonly [key: string]: unknown;
}

export interface LayerState {
  readonly id: string;
  readonly layer: Layer;
  readonly box: Box | null;
  readonly can: { readonly resize: boolean; readonly turn: boolean; readonly hide: boolean; readonly remove: boolean };
}
export interface Canvas {
  readonly width: number;
  readonly height: number;
}
export interface LayerList {
  readonly canvas: Canvas;
  /** The one on the picture. */
  readonly shot: Shot;
  readonly layers: readonly LayerState[];
}
export interface Placed {
  readonly id: string;
  readonly atFrame: number;
  readonly box: Box | null;
}
export interface EditStep {
  readonly id: number;
  readonly what: string;
}
export interface EditLists {
  readonly edits: readonly EditStep[];
  readonly redo: readonly EditStep[];
}

export interface Voice {
  readonly provider?: string;
  readonly name?: string;
  readonly language?: string;
  readonly rate?: number;
  readonly pitch?: number;
}
export interface AudioState {
  readonly music: { readonly src: string; readonly gainDb: number; readonly instrumental: boolean } | null;
  readonly duckDb: number;
  readonly chimes: boolean;
  readonly voice: Voice;
  readonly tracks: readonly string[];
}
export interface PresenterState {
  readonly pack: string | null;
  readonly look: unknown;
  readonly looks: readonly string[];
  /** Share of a person who is drawn for the first time. */
  readonly drawing: number | null;
}

export type Answer = string | { readonly text: string; readonly language?: string };
export interface ReplyRule {
  readonly id: string;
  readonly match: string;
  readonly matchBy: 'words' | 'meaning';
  readonly kinds: readonly string[];
  readonly quietMs: number;
  readonly answers: readonly Answer[];
  readonly layer?: unknown;
  readonly [key: string]: unknown;
}
export interface Reaction {
  readonly enabled: boolean;
  readonly windowMs: number;
  readonly minGapMs: number;
  readonly texts: Readonly<Record<string, { readonly named: readonly string[]; readonly plain: readonly string[] }>>;
}
export type ReactionKind = 'enter' | 'follow' | 'like' | 'gift' | 'order' | 'cart';
export interface TimedTalk {
  readonly everyMs?: number;
  readonly at?: string;
  readonly text: string;
  readonly variants: readonly string[];
  readonly language?: string;
}
export interface Replies {
  readonly enabled: boolean;
  readonly rules: readonly ReplyRule[];
  readonly fromListing: boolean;
  readonly faq: boolean;
  readonly meaning: boolean;
  readonly llm: { readonly enabled: boolean; readonly timeoutMs: number; readonly perMinute: number };
  readonly missing: 'say' | 'silence';
  readonly unknown: 'silence' | 'stock-line';
  readonly minGapMs: number;
  readonly maxInARow: number;
  readonly sameQuestionMs: number;
  readonly perViewerPerMinute: number;
  readonly sayNames: boolean;
  readonly showQuestion: boolean;
  readonly reactions: Readonly<Record<ReactionKind, Reaction>>;
  readonly timedTalk: readonly TimedTalk[];
}
export interface LlmState {
  readonly llm: {
    readonly baseUrl: string;
    readonly model: string;
    readonly apiKey?: string;
    readonly price?: { readonly input: number; readonly output: number };
    readonly maxUsdPerDay?: number;
  } | null;
  readonly today: {
    readonly requests: number;
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly usd: number | null;
  };
  readonly off: string | null;
}
export interface LlmTest {
  readonly ok: boolean;
  readonly tookMs: number;
  readonly answer: string;
  readonly fault: string | null;
}
export interface Faq {
  readonly question: string;
  readonly answer: string;
}
export interface ProductState {
  readonly id: string;
  readonly product: { readonly title: string; readonly image: string; readonly faq: readonly Faq[] };
  readonly shown: boolean;
}
export interface Model {
  readonly name: string;
  readonly title: string;
  readonly use: { readonly en: string; readonly zh: string };
  readonly bytes: number;
  readonly state: 'installed' | 'installing' | 'failed' | 'missing';
  readonly doneBytes: number;
  readonly fault: string | null;
}

/** What the package brings: names, and addresses of pictures. */
export interface Gallery {
  readonly presenters: readonly {
    readonly name: string;
    readonly title: { readonly en: string; readonly zh: string };
    readonly about: { readonly en: string; readonly zh: string };
    readonly looks: readonly string[];
    readonly still: string;
  }[];
  readonly backgrounds: readonly { readonly name: string; readonly picture: string }[];
  readonly stickers: readonly { readonly name: string; readonly picture: string }[];
  readonly music: readonly { readonly name: string; readonly sound: string }[];
}
export interface GalleryVoice {
  readonly name: string;
  readonly provider: string;
  readonly kind: 'native' | 'accented' | 'robot';
  readonly installed: boolean;
}
export interface Medium {
  readonly id: string;
  readonly name: string;
  readonly kind: 'picture' | 'clip' | 'sound';
  readonly bytes: number;
  readonly src: string;
  readonly picture: string | null;
}
