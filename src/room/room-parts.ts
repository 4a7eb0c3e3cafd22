import type { FilmFeeder } from '../avatar/filmed/film-feeder.js';
import type { Ledger } from '../compliance/ledger/ledger.js';
import type { TextJudge } from '../moderation/index.js';
import type { WatchEvent } from '../compliance/watch/watch-event.js';
import type { LiveRoomConfig } from '../config/live-room-config.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { EngineError } from '../core/errors.js';
import type { Log } from '../core/log.js';
import type { BitmapId } from '../core/media/picture.js';
import type { LedgerEntry } from '../core/verdict.js';
import type { Agenda } from '../show/agenda/agenda.js';
import type { Rundown } from '../show/rundown.js';
import type { EncoderSupervisor } from '../encoder/process/encoder-supervisor.js';
import type { EmbeddedServer } from '../outputs/embedded/embedded-server.js';
import type { OutputSupervisor } from '../outputs/output-supervisor.js';
import type { LastSeconds } from '../outputs/recording/last-seconds.js';
import type { MakeOutputs } from './start/open-outputs.js';
import type { WhepServer } from '../outputs/whep/whep-server.js';
import type { ClipFeeder } from '../scene/clips/clip-feeder.js';
import type { PictureProcess } from '../scene/drawing/picture-process.js';
import type { SceneCompiler } from '../scene/scene-compiler.js';
import type { SpeechService } from '../speech/speech-service.js';
import type { Admission } from '../admission/admission.js';
import type { PresenterOnStage } from '../admission/composed-words.js';
import type { AvatarDesk } from '../external-avatar/avatar-desk.js';
import type { AvProbe } from './av-probe.js';
import type { LineStage } from './commands/line-stage.js';
import type { EvidenceKeeper } from './evidence-keeper.js';
import type { EncoderKeeper } from './encoder-keeper.js';
import type { LoopClient } from '../loop/loop-client.js';
import type { ResumeKeeper } from './resume/resume-keeper.js';
import type { ShowRecords } from './records/show-records.js';
import type { RoomRisk } from './watches/room-risk.js';
import type { RoomWatch } from './watches/room-watch.js';
import type { SecondOpinion } from './watches/learned-sampler.js';
import type { LiveVoices } from '../show/live-voices.js';
import type { ShowRunner } from '../show/show-runner.js';
import type { PictureSampler } from './watches/picture-sampler.js';

/** The running parts of a room, each on its close stack. */
export interface RoomParts {
  /** A live view: products, sound and presenter as they are now. */
  readonly room: RoomConfig;
  readonly live: LiveRoomConfig;
  readonly log: Log;
  /** The one that decodes files and voices of others. */
  readonly ffmpegPath: string;
  readonly judge: TextJudge;
  readonly ledger: Ledger;
  readonly evidence: EvidenceKeeper;
  readonly scene: SceneCompiler;
  readonly feeder: ClipFeeder;
  /** A presenter whose pictures come from another engine. */
  readonly avatar: AvatarDesk;
  readonly filmFeeder: FilmFeeder;
  readonly rundown: Rundown;
  readonly agenda: Agenda;
  readonly runner: ShowRunner;
  /** Shows the layers of lines. */
  readonly stage: LineStage;
  readonly speech: SpeechService;
  /** The presenter's own voices; a presenter who takes over brings others. */
  readonly voices: LiveVoices;
  /** The same of the assistant. */
  readonly assistantVoices: LiveVoices;
  readonly kernels: Kernels;
  /** Bitmaps of the presenter that the show began with; only their ids, so that they can be freed. */
  readonly presenterBitmaps: readonly BitmapId[];
  readonly assistantBitmaps: readonly BitmapId[];
  /** The presenter on stage, as a change leaves it. */
  readonly onStage: { presenter: PresenterOnStage };
  readonly loop: LoopClient;
  readonly encoder: EncoderSupervisor;
  readonly encoderKeeper: EncoderKeeper;
  readonly server: EmbeddedServer;
  readonly outputs: OutputSupervisor;
  /** Creates an output that is added while the show runs. */
  readonly makeOutputs: MakeOutputs;
  readonly lastSeconds: LastSeconds;
  readonly whep: WhepServer;
  readonly risk: RoomRisk;
  /** Records for reports. */
  readonly show: ShowRecords;
  readonly watch: RoomWatch;
  readonly words: PictureSampler;
  readonly secondOpinion: SecondOpinion;
  /** Resolves when the encoders wait for their first frame. */
  readonly encoding: Promise<void>;
  /** The previous engine was killed: pictures start first, speech after them. */
  readonly fastStart: boolean;
  /** Writes to the ledger and adds to the risk. */
  readonly note: (entry: LedgerEntry) => void;
  readonly admission: Admission;
  /** Draws the room's own pictures. */
  readonly drawing: PictureProcess;
  readonly resume: ResumeKeeper;
  readonly avProbe: AvProbe;
}

/** Events that the parts report to their room. */
export interface RoomHooks {
  readonly onRiskLimit: () => void;
  /** A watch asks for the slate because of the picture, or withdraws it. */
  readonly onHold: () => void;
  readonly onDeath: (error: EngineError) => void;
  readonly onWatch: (event: WatchEvent) => void;
  /** The show goes to a product in `inMs` milliseconds. */
  readonly onProduct: (id: string | null, inMs: number) => void;
}
