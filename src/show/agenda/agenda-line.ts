import type { Gesture } from '../../config/sections/script.js';
import type { Utterance } from '../../core/speech.js';
import type { Layer } from '../../config/sections/layer.js';

/**
 * Kinds of lines, most urgent first. The agenda decides at line ends: of the waiting lines the one with the lowest
 * number is spoken next; lines of one kind keep their order. The script is the kind that is always there.
 */
export const LINE_PRIORITIES = {
  operator: 0,
  takeover: 0,
  urgent: 1,
  order: 2,
  reply: 3,
  timed: 4,
  script: 5,
  filler: 6,
} as const;
export type LineKind = keyof typeof LINE_PRIORITIES;

/** Answers, thanks and timed lines, which leave the script its share. */
export const isOfViewers = (kind: LineKind): boolean =>
  LINE_PRIORITIES[kind] >= LINE_PRIORITIES.order && LINE_PRIORITIES[kind] < LINE_PRIORITIES.script;

/** Who speaks a line. */
export type SpeakerRole = 'host' | 'assistant';

/** A layer shown while a line is spoken; it carries its own id. */
export interface LineLayer {
  readonly layer: Layer;
  /** How long it stays after the line's last word. */
  readonly tailMs?: number;
  /** It leaves earlier where the next line shows layers of its own, which may have the same place. */
  readonly givesWay?: boolean;
}

/** A line that something other than the script asks for. */
export interface LineRequest {
  readonly kind: Exclude<LineKind, 'script'>;
  readonly text: string;
  /** Default: the text; empty for none. */
  readonly caption?: string;
  /** BCP-47; default: the room's language. */
  readonly language?: string;
  /** Default: host. */
  readonly role?: SpeakerRole;
  readonly gesture?: Gesture;
  /**
   * Sound of a person who says the text. It is mixed instead of a synthesiser's, and words that must not be heard are
   * muted, since nobody can say it again without them.
   */
  readonly voice?: Utterance;
  /** Silence after it; default: the script's gap. */
  readonly pauseMs?: number;
  readonly layers?: readonly LineLayer[];
  /** Cuts the current line at once instead of waiting for its end; the cut line starts again at its sentence. */
  readonly interrupt?: boolean;
  /** It goes on with what was just spoken: before all lines but interrupting ones. */
  readonly continues?: boolean;
  /** Ids of the viewer events that it answers. */
  readonly answers?: readonly string[];
  /** Id of the product it speaks about: it is judged by that listing. Default: by all listings. */
  readonly about?: string | null;
  /** Judged as an answer to viewers. */
  readonly judgedAs?: 'speech' | 'reply';
  /** `segment`: waits until the script begins another segment. Default: spoken at the next line end. */
  readonly after?: 'line' | 'segment';
  /** Forgotten when it has waited longer; default by kind. */
  readonly maxWaitMs?: number;
  /**
   * Called once: when its first sample is scheduled, or when it is dropped. A scheduled line may still move for another that
   * interrupts. Not called when `add` returns undefined.
   */
  readonly onOutcome?: (outcome: LineOutcome) => void;
}

export type LineOutcome =
  | { readonly outcome: 'scheduled'; readonly startFrame: number; readonly endFrame: number }
  | { readonly outcome: 'forgotten' | 'displaced' | 'refused' | 'failed' | 'cancelled'; readonly reason: string };

/** A waiting or current line, for the API. */
export interface AgendaItem {
  readonly id: string;
  readonly kind: LineKind;
  readonly text: string;
  readonly role: SpeakerRole;
  readonly state: 'speaking' | 'scheduled' | 'waiting';
  readonly waitedMs: number;
  /** These lines have no place in the script. */
  readonly place: null;
}
