import type { MuteSpan } from './speech.js';

/** The surface on which a text or picture appears; the letters are those of the rule table. */
export type Surface = 'speech' | 'caption' | 'reply' | 'cover' | 'entry' | 'frame';

/** Rule 3.3: any form of QR code. */
export const CODE_RULE = '3.3';

/** The action taken on a hit, weakest first. */
export type RuleAction =
  | 'warn'
  | 'review'
  | 'drop-caption'
  | 'mute'
  | 'tone'
  | 'skip'
  | 'blur'
  | 'pixelate'
  | 'hold'
  | 'blank'
  | 'refuse'
  | 'stop';

/** One range of a text that breaks a rule. */
export interface TextHit {
  /** Id in the rule table: `3.2`. */
  readonly rule: string;
  /** Half-open range of UTF-16 offsets in the text as given. */
  readonly start: number;
  readonly end: number;
  readonly match: string;
  /** The kind of the match: `phone`, `link`, `handle`, `payment`… */
  readonly kind: string;
  readonly action: RuleAction;
}

export interface TextVerdict {
  readonly verdict: 'clean' | 'violation' | 'review';
  readonly hits: readonly TextHit[];
}

/** A box in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One match in a picture. */
export interface FrameHit {
  readonly rule: string;
  /** `qr`, `data-matrix`, `aztec`, `undecoded-code`… */
  readonly kind: string;
  readonly text?: string;
  readonly box?: Box;
}

export interface FrameVerdict {
  readonly verdict: 'clean' | 'violation' | 'review';
  readonly hits: readonly FrameHit[];
}

/**
 * Why a frame was not released as drawn. `words` and `codes`: found by a reading of the whole picture; `stalled`: the
 * show has had nothing to say for long.
 */
export const REPLACE_CAUSES = [
  'violation',
  'unjudged',
  'hold-time',
  'operator',
  'risk',
  'dumped',
  'words',
  'codes',
  'stalled',
] as const;
export type ReplaceCause = (typeof REPLACE_CAUSES)[number];
/** A cause of the slate, besides the operator and the risk, that ends by itself. */
export type HoldCause = Extract<ReplaceCause, 'words' | 'codes' | 'stalled'>;

/**
 * The verdict on the sound of one frame when it reaches the gate. `violation`: some of its words were silenced in the
 * mix.
 */
export const SOUND = { unjudged: 0, clean: 1, violation: 2 } as const;
/** Why the sound of one frame was not released as mixed, or was mixed without some of its words. */
export type MuteCause = 'violation' | 'unjudged' | 'operator' | 'risk' | 'dumped';

/** A file beside the ledger with withheld content. */
export interface EvidenceFile {
  /** Relative to the ledger's folder: `ledger-evidence/<sha256>.webp`. */
  readonly name: string;
  /** Hash of the content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Stores silenced words as a sound file; undefined when nothing is kept. */
export interface SoundEvidence {
  sound(pcm: Float32Array, span: Pick<MuteSpan, 'startSample' | 'endSample'>): EvidenceFile | undefined;
}

/** One record of the ledger before it is chained. */
export interface LedgerEntry {
  /** `evidence`: names the file that belongs to an earlier line with the same rule and frame. */
  readonly kind: 'text' | 'frame' | 'audio' | 'admission' | 'operator' | 'room' | 'evidence';
  /** Rule id of a violation. */
  readonly rule?: string;
  readonly surface?: Surface;
  /** The action taken: `mute`, `blank`, `refuse`… */
  readonly action: string;
  /** The frame or sample range. */
  readonly frame?: number;
  readonly startSample?: number;
  readonly endSample?: number;
  /** The matched words or the code's text, cut to 200 characters. */
  readonly evidence?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** The stored frame or sound. */
  readonly file?: EvidenceFile;
}
