import type { PackVoices } from '../../avatar/presenter-pack.js';
import type { RuleActions } from '../../moderation/packs/index.js';
import type { TextJudge } from '../../moderation/index.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Log } from '../../core/log.js';
import type { Utterance } from '../../core/speech.js';
import type { FrameIndex } from '../../core/time.js';
import type { LedgerEntry, SoundEvidence, TextVerdict } from '../../core/verdict.js';
import type { Rundown, RundownLine } from '../rundown.js';
import type { SceneCompiler } from '../../scene/scene-compiler.js';
import type { SpeechService } from '../../speech/speech-service.js';
import type { ShowCommand } from './show-command.js';
import type { PlacedLine } from './placed-line.js';

export interface ShowParts {
  readonly room: RoomConfig;
  readonly rundown: Rundown;
  readonly judge: TextJudge;
  readonly actions: Pick<RuleActions, 'action'>;
  readonly speech: SpeechService;
  /** The presenter's own voices. */
  readonly voices?: PackVoices;
  /** A promise while its pictures load: only scheduling a line needs it. */
  readonly scene: SceneCompiler | Promise<SceneCompiler>;
  readonly log: Log;
  /** Sends commands to the loop. */
  readonly send: (command: ShowCommand) => void;
  readonly ledger: (entry: LedgerEntry) => void;
  /** Keeps the muted words. */
  readonly evidence?: SoundEvidence;
  /** A broken rule ends the room. */
  readonly onStop?: (rule: string) => void;
  /** A line was scheduled; `now` is the frame being drawn. */
  readonly onPlaced?: (placed: PlacedLine, now: FrameIndex) => void;
  /** The show goes to a product in `inMs` milliseconds. */
  readonly onProduct?: (id: string | null, inMs: number) => void;
}

export interface ReadyLine {
  readonly line: RundownLine;
  readonly utterance: Utterance;
  readonly speech: TextVerdict;
  readonly caption: TextVerdict | undefined;
  /** The listings and the voice's settings when it was judged and spoken; it is made anew when either has changed. */
  readonly listed: RoomConfig['products'];
  readonly voiced: RoomConfig['presenter'];
}
