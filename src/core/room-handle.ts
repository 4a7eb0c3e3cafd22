import type { SourceStep } from './handles/source-step.js';
import type { AlarmSnapshot } from './alarm-kinds.js';
import type { IntakeHandle } from './handles/intake-handle.js';
import type { EventSourceHealth, SourcesHandle } from './handles/sources-handle.js';
import type { ReportHandle } from './handles/report-handle.js';
import type { AvatarHandle, AvatarSpeechState } from './handles/avatar-handle.js';
import type { AudioHandle } from './handles/audio-handle.js';
import type { LlmHandle, RepliesHandle } from './handles/replies-handle.js';
import type { LayersHandle } from './handles/layers-handle.js';
import type { HistoryHandle } from './handles/history-handle.js';
import type { PresenterHandle } from './handles/presenter-handle.js';
import type { ProductsHandle } from './handles/products-handle.js';
import type { DeskHandle } from './handles/desk-handle.js';
import type { AgendaHandle } from './handles/agenda-handle.js';
import type { TakeoverHandle, TakeoverSnapshot } from './handles/takeover-handle.js';
import type { ScriptHandle } from './handles/script-handle.js';
import type { EventsHandle } from './handles/events-handle.js';
import type { SayResult } from './handles/say-result.js';
import type { WritingSnapshot } from './handles/writing-snapshot.js';
import type { LedgerEntry, ReplaceCause } from './verdict.js';

export type { SayResult } from './handles/say-result.js';

/** The interface of a running room for the API, the page and the command line. All numbers count from the start. */
export interface OutputSnapshot {
  readonly id: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  readonly state: 'connecting' | 'live' | 'degraded' | 'wedged' | 'backoff' | 'stopped';
  readonly bytesSent: number;
  readonly packetsDropped: number;
  readonly reconnects: number;
  /** Publishes accepted by the receiver; on some platforms each starts a new video. */
  readonly publishes: number;
  /** Media between the newest packet and the receiver. */
  readonly queue: { readonly ms: number; readonly bytes: number };
  /** Last error in words, without secrets; empty before the first. */
  readonly lastError: string;
  readonly viewers?: number;
  /** The room file requires this output to be live for the room to count as fully on air. */
  readonly required?: boolean;
  /** It came while the show ran, and is not in the room file. */
  readonly added?: boolean;
}

/** A file of an output that players fetch: a playlist, a segment. */
export interface OutputFile {
  readonly contentType: string;
  readonly body: string | Buffer;
  /** How long a cache may keep it. */
  readonly maxAgeS: number;
}

/** One state change of an output. */
export interface OutputEvent {
  readonly seq: number;
  /** ISO 8601, for people only. */
  readonly at: string;
  readonly output: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  readonly state: OutputSnapshot['state'];
  readonly before: OutputSnapshot['state'];
  readonly lastError: string;
}

export interface SourceHealth {
  /** `script`, `avatar`, or the id of a layer. */
  readonly id: string;
  readonly kind: 'script' | 'clip' | 'avatar';
  readonly step: SourceStep;
}

export interface RoomSnapshot {
  readonly name: string;
  /** `blanked`: the slate is up until someone or something lifts it; the gate's momentary replacements do not count. */
  readonly state: 'starting' | 'on-air' | 'blanked' | 'stopping' | 'stopped';
  readonly onAirMs: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Frames a second that are drawn; less than `fps` while the machine is too busy for all. */
  readonly pictureFps: number;
  readonly frame: number;
  /** `rendered = released + replaced + inWindow`, and `replaced` is the sum of `replacedBy`. */
  readonly frames: {
    rendered: number;
    released: number;
    replaced: number;
    /** Frames waiting for a verdict, or in the operator's window. */
    inWindow: number;
    releasedUnjudged: number;
  };
  readonly replacedBy: Readonly<Record<string, number>>;
  /** Sound per frame: `rendered = released + muted + inWindow`, and `muted` is the sum of `mutedBy`. */
  readonly sound: { rendered: number; released: number; muted: number; inWindow: number };
  readonly mutedBy: Readonly<Record<string, number>>;
  /** Code-like areas, decoder calls, scans in flight, scans without a verdict. */
  readonly scans: { candidates: number; decoded: number; pending: number; failed: number };
  /** Clip frames that were not read in time. */
  readonly lateClipFrames: number;
  /** Frames of filmed presenters that were not read in time. */
  readonly lateFilmFrames: number;
  /** Large clips show every n-th frame when the scan cannot keep up; 1: every frame. */
  readonly clipStep: number;
  /** The script, and every visible layer with clips. */
  readonly sources: readonly SourceHealth[];
  /** Speech that is sent to the engine of an external avatar; null where none is sent. */
  readonly avatarSpeech: AvatarSpeechState | null;
  readonly lateTicks: { total: number; render: number; scan: number; encode: number; stall: number };
  readonly stageMs: Readonly<Record<string, { p50: number; p99: number }>>;
  /** Delay of ticks against the clock. */
  readonly tickLatenessMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly audio: {
    momentaryLufs: number;
    integratedLufs: number;
    peakDbfs: number;
    muted: boolean;
    /** Levels of now for meters, in dBFS, falling by 20 dB in 1.5 s. */
    leftDbfs: number;
    rightDbfs: number;
  };
  readonly encoder: EncoderSnapshot;
  /**
   * Offset of picture against sound for a viewer on this machine, by packet clocks, measured once a minute; positive
   * when the picture is late. Null before the first measurement and after a failed one.
   */
  readonly avOffsetMs: number | null;
  readonly outputs: readonly OutputSnapshot[];
  readonly speaking: { text: string; language: string } | null;
  readonly product: string | null;
  /** Script lines that came up and could not be spoken. */
  readonly unspoken: UnspokenSnapshot;
  /** Services and models that speak, in the order in which they are tried; empty with embedded voices alone. */
  readonly voices: readonly VoiceSnapshot[];
  /** The operator's commands. The slate may have further causes: `slate` lists all. */
  readonly muted: boolean;
  readonly blanked: boolean;
  /** Since when, and by whom; null while not in force. */
  readonly orders: { readonly mute: OrderSince | null; readonly blank: OrderSince | null };
  /** Since when viewers see the slate; null while they do not. */
  readonly slateSince: string | null;
  /** All current causes of the slate; empty while viewers see the room's picture. */
  readonly slate: readonly SlateReason[];
  /** Maximum effect of `dump`: the frames between drawing and release. */
  readonly dumpWindow: { readonly frames: number; readonly ms: number };
  /** Active faults of picture and sound. */
  readonly watch: readonly WatchFault[];
  /** How near the room is to a penalty. At `limit` it shows the slate, in silence, until `resume()`. */
  readonly risk: RiskSnapshot;
  /** Whether verdicts reach the disk, and the number of evidence files that could not be kept. */
  readonly ledger: LedgerHealth & { readonly evidenceDropped: number };
  /** Active alarms, oldest first. */
  readonly alarms: readonly AlarmSnapshot[];
  /** Connections to platforms' comments and other events. */
  readonly eventSources: readonly EventSourceHealth[];
  /** A person in place of the script. */
  readonly takeover: TakeoverSnapshot;
  /** Fresh wordings of the script, written on air. */
  readonly writing: WritingSnapshot;
}

/** An operator command in force. */
export interface OrderSince {
  /** ISO 8601, for people only. */
  readonly at: string;
  /** Name of the person; empty when unknown. */
  readonly by: string;
}

export interface LedgerHealth {
  /** The disk refuses lines at present; the room goes on and is judged. */
  readonly failing: boolean;
  /** Lines waiting to be written. */
  readonly waiting: number;
  /** Lines dropped from the full queue; a later line reports their number. */
  readonly lost: number;
}

/**
 * `operator`: a person blanked. `dumped`: dumped frames are still being released as the slate. `risk`: the score
 * reached its limit; lasts until a person resumes. `words`, `codes`: found by a reading of the whole picture; lasts
 * until a later reading finds none. `stalled`: nothing to say for long; lasts until there is. `violation`, `unjudged`,
 * `hold-time`: the gate replaces current frames.
 */
export type SlateReason = ReplaceCause;

/** One voice of a service or model, for people. */
export interface VoiceSnapshot {
  readonly provider: string;
  readonly voice: string;
  /** `resting`: it failed and is left alone; `capped`: its characters of the day are used up. */
  readonly state: 'ready' | 'resting' | 'capped';
  /** Time until it is tried again; 0 unless resting. */
  readonly restMs: number;
  /** It failed and has not spoken since, though lines asked for it within the last minutes. */
  readonly failing: boolean;
  /** Last error in words, without secrets; empty before the first. */
  readonly lastError: string;
  /** Pieces of lines: spoken by it, read from the cache, failed. */
  readonly spoken: number;
  readonly cached: number;
  readonly failed: number;
  /** Characters sent today (UTC), and since the start. */
  readonly charactersToday: number;
  readonly charactersTotal: number;
  readonly maxCharactersPerDay: number | null;
}

export interface UnspokenSnapshot {
  readonly total: number;
  readonly last: {
    readonly line: string;
    readonly text: string;
    readonly code: string;
    readonly message: string;
  } | null;
}

/** The commands that `resume` takes back; all without any. */
export interface ResumeOptions {
  readonly mute?: boolean;
  readonly blank?: boolean;
  /** Resets the score to 0. */
  readonly risk?: boolean;
}

export interface WatchFault {
  /** `black`, `frozen`, `dead-air`… */
  readonly kind: string;
  readonly rule: string;
  /** First frame of the fault. */
  readonly since: number;
  /** The measured figure: a share (0–1), or dBFS. */
  readonly value: number;
}

export interface RiskSnapshot {
  readonly score: number;
  readonly level: 'calm' | 'raised' | 'limit';
  /** Rules that contribute to the score, largest contribution first. */
  readonly reasons: readonly { readonly rule: string; readonly score: number; readonly count: number }[];
}

export interface DumpResult {
  /** First dropped frame. */
  readonly fromFrame: number;
  readonly frames: number;
  readonly ms: number;
}

export interface SayOptions {
  readonly language?: string;
  /** Also shown as a caption; default true. */
  readonly caption?: boolean;
  /** Spoken before the script's next line (true, default) or after the queued lines. */
  readonly next?: boolean;
  /** Cuts the line on air at once; that line starts again at its sentence afterwards. */
  readonly interrupt?: boolean;
  /** Whose voice speaks it; default the host's. */
  readonly role?: 'host' | 'assistant';
  /** Answers a viewer: judged as a reply, and refused when answers come too often. */
  readonly reply?: boolean;
}

export interface VerdictRecord extends LedgerEntry {
  readonly seq: number;
  /** ISO 8601, for people only. */
  readonly at: string;
}

export interface EncoderSnapshot {
  /** Generation of the video encoder; each begins with an IDR. */
  readonly generation: number;
  readonly restarts: number;
  /** Measured over the last seconds. */
  readonly kbitPerSecond: number;
  /** The requested bitrate: below `wantedKbps` while outputs are congested. */
  readonly videoKbps: number;
  readonly wantedKbps: number;
  /** Size that receivers get. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** The origin of a viewer. */
export interface ViewerFrom {
  /** The offer came with the room's token. */
  readonly holdsToken: boolean;
  /** The address that the viewer is counted under. */
  readonly address: string;
}

export interface RoomHandle {
  readonly desk: DeskHandle;
  /** Reports from the room's store. */
  readonly report: ReportHandle;
  readonly products: ProductsHandle;
  readonly layers: LayersHandle;
  readonly history: HistoryHandle;
  readonly audio: AudioHandle;
  readonly presenter: PresenterHandle;
  /** A presenter whose pictures come from another engine. */
  readonly avatar: AvatarHandle;
  readonly script: ScriptHandle;
  readonly agenda: AgendaHandle;
  /** A person in place of the script. */
  readonly takeover: TakeoverHandle;
  /** Viewers' events and the answers to them. */
  readonly events: EventsHandle;
  /** How viewers are answered, and by which model. */
  readonly replies: RepliesHandle;
  readonly llm: LlmHandle;
  snapshot(): RoomSnapshot;
  readonly sources: SourcesHandle;
  readonly intake: IntakeHandle;
  /** Newest first. */
  verdicts(limit: number): readonly VerdictRecord[];
  /** Throws E_VOICE_UNKNOWN for a language without a voice, E_BAD_REQUEST when too many lines wait. */
  say(text: string, options?: SayOptions): Promise<SayResult>;
  /**
   * Changes encoder settings from the next generation on; resolves with its first packet. On E_BAD_REQUEST or
   * E_ENCODER_DIED the old settings stay.
   */
  changeEncoder(patch: unknown): Promise<EncoderSnapshot>;
  mute(by?: string): void;
  blank(by?: string): void;
  /**
   * Undoes the named states. By default: mute, blank, and the slate for the risk; a score below its limit is kept.
   * Other causes of the slate remain, see `snapshot().slate`.
   */
  resume(what?: ResumeOptions): void;
  /** Drops the picture and sound that have not left the gate. */
  dump(): Promise<DumpResult>;
  /** State changes of outputs, newest first. */
  outputEvents(limit: number): readonly OutputEvent[];
  /** A file of an HLS output; undefined when no file has this name now. */
  outputFile(output: string, name: string): OutputFile | undefined;
  /** WHEP: takes an SDP offer, returns an answer and a session id. */
  whepOffer(sdp: string, from: ViewerFrom): Promise<{ id: string; answer: string }>;
  whepCandidate(id: string, fragment: string): Promise<void>;
  whepDelete(id: string): Promise<void>;
  /** A released frame as JPEG, for the page's poster. */
  stillJpeg(): Promise<Buffer>;
}
