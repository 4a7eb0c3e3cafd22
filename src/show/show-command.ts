import type { Chime } from '../audio/chimes.js';
import type { PackVoices } from '../avatar/presenter-pack.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Layer } from '../config/sections/layer.js';
import type { Gesture } from '../config/sections/script.js';
import type { Log } from '../core/log.js';
import type { Acting, MouthTrack, MuteSpan, Utterance } from '../core/speech.js';
import { type FrameIndex, type FrameRate, millisecondsToFrames, type SampleIndex } from '../core/time.js';
import type { LedgerEntry, SoundEvidence, TextVerdict } from '../core/verdict.js';
import type { Afterwards, TextJudge } from '../moderation/index.js';
import type { RuleActions } from '../moderation/packs/index.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import type { SceneUpdate } from '../scene/scene-update.js';
import type { SpeechService } from '../speech/speech-service.js';
import type { Agenda, SpeakerRole } from './agenda/agenda.js';
import type { LineSlot } from './line-schedule.js';
import type { LayerStage } from './placing/line-layers.js';
import type { Rundown, RundownLine } from './rundown.js';

/**
 * Commands from the main thread to the loop about the show: plain data on shared memory. The loop takes each between
 * two ticks; each names its first frame.
 */
export type ShowCommand =
  | { readonly type: 'scene'; readonly update: SceneUpdate }
  | {
      readonly type: 'speak';
      readonly id: string;
      readonly startFrame: FrameIndex;
      readonly startSample: SampleIndex;
      readonly pcm: Float32Array<SharedArrayBuffer>;
      readonly loudnessLufs: number;
      readonly mutes: readonly MuteSpan[];
      readonly tone: boolean;
      readonly verdict: TextVerdict['verdict'];
      readonly mouth: MouthTrack;
      readonly acting?: Acting;
      /** Whose mouth moves; default: the host's. */
      readonly role?: SpeakerRole;
    }
  /**
   * Ends a line: its sound fades from a sample on, its mouth shuts at a frame. A line that has not begun by then is never
   * heard or seen, and neither is its gesture.
   */
  | {
      readonly type: 'cut';
      readonly id: string;
      /** First frame of the line as it was sent. */
      readonly startFrame: FrameIndex;
      readonly atFrame: FrameIndex;
      readonly atSample: SampleIndex;
      readonly fadeSamples: number;
    }
  /** A short sound. */
  | { readonly type: 'chime'; readonly chime: Chime; readonly atSample: SampleIndex }
  /** A comment comes on the picture: whoever does not speak reads it and listens. */
  | { readonly type: 'listen'; readonly atFrame: FrameIndex; readonly frames: number }
  | {
      readonly type: 'gesture';
      readonly atFrame: FrameIndex;
      readonly gesture: Gesture;
      readonly role?: SpeakerRole;
    };

/** How long somebody listens to a comment: the time of reading it. */
const LISTEN_MS = 2600;

/** People on stage who do not speak listen while a viewer's comment comes on the picture; undefined for other layers. */
export const listenTo = (
  { type }: Pick<Layer, 'type'>,
  atFrame: FrameIndex,
  rate: FrameRate,
): Extract<ShowCommand, { type: 'listen' }> | undefined =>
  type === 'question' ? { type: 'listen', atFrame, frames: millisecondsToFrames(LISTEN_MS, rate) } : undefined;

export interface ShowParts {
  readonly room: RoomConfig;
  readonly rundown: Rundown;
  /** Lines beside the script; without it only the script is spoken. */
  readonly agenda?: Agenda;
  readonly judge: TextJudge;
  readonly actions: Pick<RuleActions, 'action'>;
  readonly speech: SpeechService;
  /** The presenter's own voices. */
  readonly voices?: PackVoices;
  /** Those of the assistant, where it has a pack. */
  readonly assistantVoices?: PackVoices;
  /** A promise while its pictures load: only scheduling a line needs it. */
  readonly scene: SceneCompiler | Promise<SceneCompiler>;
  /** Shows the layers of lines; without it lines show none. */
  readonly stage?: LayerStage;
  readonly log: Log;
  /** Sends commands to the loop. */
  readonly send: (command: ShowCommand) => void;
  readonly ledger: (entry: LedgerEntry) => void;
  /** Keeps the muted words. */
  readonly evidence?: SoundEvidence;
  /** A broken rule ends the room. */
  readonly onStop?: (rule: string) => void;
  /** A line was scheduled; `now` is the frame being drawn. One that is scheduled again after it was taken back is reported again. */
  readonly onPlaced?: (placed: { readonly line: RundownLine; readonly slot: LineSlot }, now: FrameIndex) => void;
  /** A scheduled line ends at a frame, or never begins. */
  readonly onCut?: (id: string, atFrame: FrameIndex) => void;
  /** The show goes to a product in `inMs` milliseconds. */
  readonly onProduct?: (id: string | null, inMs: number) => void;
}

/** A judged and spoken line. */
export interface ReadyLine {
  readonly line: RundownLine;
  readonly utterance: Utterance;
  readonly speech: TextVerdict;
  readonly caption: TextVerdict | undefined;
  /** The rest of a cut line: its whole was judged, and these parts of it stay silent. */
  readonly rest?: { readonly mutes: readonly MuteSpan[]; readonly afterwards: Afterwards | undefined };
  /** Findings that the ledger has, by surface, rule and words: a line that is scheduled again is not recorded again. */
  readonly noted: Set<string>;
}
