import type { MuteSpan } from './speech.js';

/** Where a text or picture is met; the letters are those of the rule table. */
export type Surface = 'speech' | 'caption' | 'reply' | 'cover' | 'entry' | 'frame';

/** Rule 3.3: any form of QR code. */
export const CODE_RULE = '3.3';

/** What is done about a hit, weakest first. */
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

/** One place in a text that breaks a rule. */
export interface TextHit {
  /** Id in the rule table: `3.2`. */
  readonly rule: string;
  /** Half-open range of UTF-16 offsets in the text as given. */
  readonly start: number;
  readonly end: number;
  readonly match: string;
  /** What kind of thing it is: `phone`, `link`, `handle`, `payment`… */
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

/** One thing found in a picture. */
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
 * Why a frame did not leave as it was drawn. `words` and `codes`: a look at the whole picture found them; `stalled`: the
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
/** What brings up the slate beside the operator and the risk, until it is over by itself. */
export type HoldCause = Extract<ReplaceCause, 'words' | 'codes' | 'stalled'>;

/** What is known of the sound of one frame when it comes to the gate. `violation`: words in it were silenced as it was mixed. */
export const SOUND = { unjudged: 0, clean: 1, violation: 2 } as const;
/** Why the sound of one frame did not leave as it was mixed, or was mixed without some of its words. */
export type MuteCause = 'violation' | 'unjudged' | 'operator' | 'risk' | 'dumped';

/** A file beside the ledger that holds what was held back. */
export interface EvidenceFile {
  /** Relative to the ledger's folder: `ledger-evidence/<sha256>.webp`. */
  readonly name: string;
  /** Of its content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Keeps the words that were silenced, as a sound file; undefined where nothing is kept. */
export interface SoundEvidence {
  sound(pcm: Float32Array, span: Pick<MuteSpan, 'startSample' | 'endSample'>): EvidenceFile | undefined;
}

/** One line of the ledger before it is chained. */
export interface LedgerEntry {
  /** `evidence`: names the file that goes with an earlier line of the same rule and frame. */
  readonly kind: 'text' | 'frame' | 'audio' | 'admission' | 'operator' | 'room' | 'evidence';
  /** Rule id, when a rule was broken. */
  readonly rule?: string;
  readonly surface?: Surface;
  /** What was done: `mute`, `blank`, `refuse`… */
  readonly action: string;
  /** Frame or sample range it concerns. */
  readonly frame?: number;
  readonly startSample?: number;
  readonly endSample?: number;
  /** The words or the code's text, cut to 200 characters. */
  readonly evidence?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
  /** The frame or the sound itself, when it was kept. */
  readonly file?: EvidenceFile;
}
