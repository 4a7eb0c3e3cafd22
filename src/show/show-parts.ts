import type { PackVoices } from '../avatar/presenter-pack.js';
import type { RuleActions } from '../moderation/packs/index.js';
import type { Afterwards, TextJudge } from '../moderation/index.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Log } from '../core/log.js';
import type { MuteSpan, Utterance } from '../core/speech.js';
import type { FrameIndex } from '../core/time.js';
import type { LedgerEntry, SoundEvidence, TextVerdict } from '../core/verdict.js';
import type { Agenda } from './agenda/agenda.js';
import type { Rundown, RundownLine } from './rundown.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import type { SpeechService } from '../speech/speech-service.js';
import type { LayerStage } from './placing/line-layers.js';
import type { ShowCommand } from './show-command.js';
import type { LineSlot } from './line-schedule.js';

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
