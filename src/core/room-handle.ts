import type { AlarmSnapshot } from './alarm-kinds.js';
import type { LedgerEntry, ReplaceCause } from './verdict.js';

/** What a running room offers to the API, the page and the command line. All numbers are since start. */
export interface OutputSnapshot {
  readonly id: string;
  readonly kind: string;
  /** Address without its key. */
  readonly target: string;
  readonly state: 'connecting' | 'live' | 'degraded' | 'wedged' | 'backoff' | 'stopped';
  readonly bytesSent: number;
  readonly packetsDropped: number;
  readonly reconnects: number;
  /** How often the far side accepted a publish: each may be a new video there. */
  readonly publishes: number;
  /** Between the newest packet and what has gone to the far side. */
  readonly queue: { readonly ms: number; readonly bytes: number };
  /** In words, without secrets; empty when all is well. */
  readonly lastError: string;
  readonly viewers?: number;
  /** The room file wants it live for the room to be fully on air. */
  readonly required?: boolean;
}

/** Something that players fetch from an output: a playlist, a segment. */
export interface OutputFile {
  readonly contentType: string;
  readonly body: string | Buffer;
  /** How long a cache may keep it. */
  readonly maxAgeS: number;
}

/** One change of an output's state. */
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

/** What viewers get of a source: its own frames; what stands in while it stalls; the slate. */
export const SOURCE_RUNGS = ['fresh', 'idle', 'slate'] as const;
export type SourceRung = (typeof SOURCE_RUNGS)[number];

export interface SourceHealth {
  /** `script`, or the id of a layer. */
  readonly id: string;
  readonly kind: 'script' | 'clip';
  readonly rung: SourceRung;
}

export interface RoomSnapshot {
  readonly name: string;
  /** `blanked`: the slate is up until someone or something lifts it; the gate's own holds of the moment do not count. */
  readonly state: 'starting' | 'on-air' | 'blanked' | 'stopping' | 'stopped';
  readonly onAirMs: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frame: number;
  /** `rendered = released + replaced + inWindow`, and `replaced` is the sum of `replacedBy`. */
  readonly frames: {
    rendered: number;
    released: number;
    replaced: number;
    /** Waiting for their verdict, or for a person's. */
    inWindow: number;
    releasedUnjudged: number;
  };
  readonly replacedBy: Readonly<Record<string, number>>;
  /** The sound of so many frames: `rendered = released + muted + inWindow`, and `muted` is the sum of `mutedBy`. */
  readonly sound: { rendered: number; released: number; muted: number; inWindow: number };
  readonly mutedBy: Readonly<Record<string, number>>;
  /** Areas that looked like a code, times a decoder was asked, scans under way, scans without a verdict. */
  readonly scans: { candidates: number; decoded: number; pending: number; failed: number };
  /** Frames of clips that were not read in time. */
  readonly lateClipFrames: number;
  /** Large clips show one of so many of their frames, because the scan does not keep up with all of them; 1: each. */
  readonly clipStep: number;
  /** The script, and every layer with clips that is on the picture. */
  readonly sources: readonly SourceHealth[];
  readonly lateTicks: { total: number; render: number; scan: number; encode: number; stall: number };
  readonly stageMs: Readonly<Record<string, { p50: number; p99: number }>>;
  /** How long after its time a tick began. */
  readonly tickLatenessMs: { readonly p50: number; readonly p99: number; readonly p999: number; readonly max: number };
  readonly audio: { momentaryLufs: number; integratedLufs: number; peakDbfs: number; muted: boolean };
  readonly encoder: EncoderSnapshot;
  /**
   * Picture against sound at a viewer on this machine, by packet clocks, measured once a minute; positive when the
   * picture is late. Null before the first measurement and when one failed.
   */
  readonly avOffsetMs: number | null;
  readonly outputs: readonly OutputSnapshot[];
  readonly speaking: { text: string; language: string } | null;
  readonly product: string | null;
  /** Lines that had their turn and could not be spoken. */
  readonly unspoken: UnspokenSnapshot;
  /** What the operator ordered. Viewers may see the slate for another reason: `slate` has them all. */
  readonly muted: boolean;
  readonly blanked: boolean;
  /** Why viewers see the slate, all that want it; empty while they see the room's picture. */
  readonly slate: readonly SlateReason[];
  /** What `dump` takes back at most: the frames between drawing and release. */
  readonly dumpWindow: { readonly frames: number; readonly ms: number };
  /** Faults of picture and sound that last at the moment. */
  readonly watch: readonly WatchFault[];
  /** How near the room is to a penalty. At `limit` it shows the slate, in silence, until `resume()`. */
  readonly risk: RiskSnapshot;
  /** Whether what is judged gets to the disk, and pieces of evidence that could not be kept. */
  readonly ledger: LedgerHealth & { readonly evidenceDropped: number };
  /** What operators were alerted to and is not over, the oldest first. */
  readonly alarms: readonly AlarmSnapshot[];
}

export interface LedgerHealth {
  /** The disk does not take its lines at present; the room goes on and is judged. */
  readonly failing: boolean;
  /** Lines that wait to be written. */
  readonly waiting: number;
  /** Lines that found no room to wait in; a later line says how many they were. */
  readonly lost: number;
}

/**
 * `operator`: a person blanked. `dumped`: what a person dropped leaves still. `risk`: the score reached its limit; until a person resumes. `words`, `codes`: a
 * look at the whole picture found them; until a later look finds none. `stalled`: nothing to say for long; until
 * there is. `violation`, `unjudged`, `hold-time`: the gate holds back what is drawn at the moment.
 */
export type SlateReason = ReplaceCause;

export interface UnspokenSnapshot {
  readonly total: number;
  readonly last: {
    readonly line: string;
    readonly text: string;
    readonly code: string;
    readonly message: string;
  } | null;
}

/** What `resume` undoes. */
export interface ResumeOptions {
  readonly mute?: boolean;
  readonly blank?: boolean;
  /** The score goes back to 0, whatever it is. */
  readonly risk?: boolean;
}

export interface WatchFault {
  /** `black`, `frozen`, `dead-air`… */
  readonly kind: string;
  readonly rule: string;
  /** Frame from which it lasts. */
  readonly since: number;
  /** The figure that was judged: a share (0–1), or dBFS. */
  readonly value: number;
}

export interface RiskSnapshot {
  readonly score: number;
  readonly level: 'calm' | 'raised' | 'limit';
  /** Rules that make up the score, the greatest part first. */
  readonly reasons: readonly { readonly rule: string; readonly score: number; readonly count: number }[];
}

export interface DumpResult {
  /** First frame that was dropped. */
  readonly fromFrame: number;
  readonly frames: number;
  readonly ms: number;
}

export interface SayOptions {
  readonly language?: string;
  /** Shown as caption too; default true. */
  readonly caption?: boolean;
  /** Spoken before the script's next line (true, default) or after what is queued. */
  readonly next?: boolean;
  /** It answers a viewer: judged as a reply, and not spoken when such answers come too often. */
  readonly reply?: boolean;
}

export interface SayResult {
  /** Empty where it is refused. */
  readonly id: string;
  /** `refused`: not spoken at all, not even in part. */
  readonly result: 'queued' | 'refused';
  /** Of a refused line, in plain words: "phone number / outside contact". */
  readonly reason?: { readonly en: string; readonly zh: string };
  readonly hits: readonly { rule: string; kind: string; match: string }[];
}

export interface VerdictRecord extends LedgerEntry {
  readonly seq: number;
  /** ISO 8601, for people only. */
  readonly at: string;
}

export interface EncoderSnapshot {
  /** Of the video encoder; each begins with an IDR. */
  readonly generation: number;
  readonly restarts: number;
  /** Measured over the last seconds. */
  readonly kbitPerSecond: number;
  /** What the encoder is asked for at present: under `wantedKbps` while outputs are congested. */
  readonly videoKbps: number;
  readonly wantedKbps: number;
  /** What receivers get. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Who wants to watch. */
export interface ViewerFrom {
  /** The offer came with the room's token. */
  readonly holdsToken: boolean;
  /** Whose share of the places it counts to. */
  readonly address: string;
}

export interface RoomHandle {
  snapshot(): RoomSnapshot;
  /** Newest first. */
  verdicts(limit: number): readonly VerdictRecord[];
  /** Throws E_VOICE_UNKNOWN for a language that no voice speaks, E_BAD_REQUEST when too many lines wait. */
  say(text: string, options?: SayOptions): Promise<SayResult>;
  /** Adds or replaces a layer at run time, judged before it is shown. Throws E_ASSET_REFUSED and the like. */
  putLayer(id: string, layer: unknown): Promise<{ id: string; atFrame: number }>;
  removeLayer(id: string): Promise<void>;
  /**
   * Other encoder settings from the next generation on; resolves when its first packet is out. Throws
   * E_BAD_REQUEST and E_ENCODER_DIED, and the old settings hold then.
   */
  changeEncoder(patch: unknown): Promise<EncoderSnapshot>;
  mute(): void;
  blank(): void;
  /**
   * Undoes what is named. Without a name: mute, blank, and the slate for the risk; a score below its limit is not
   * forgotten. What holds the slate for another reason stays; `snapshot().slate` has it.
   */
  resume(what?: ResumeOptions): void;
  /** Drops, picture and sound, what was made and has not left the gate. */
  dump(): Promise<DumpResult>;
  /** Changes of the outputs' states, newest first. */
  outputEvents(limit: number): readonly OutputEvent[];
  /** A file of an HLS output; undefined where there is none of this name now. */
  outputFile(output: string, name: string): OutputFile | undefined;
  /** WHEP: an SDP offer in, an answer and a session id out. */
  whepOffer(sdp: string, from: ViewerFrom): Promise<{ id: string; answer: string }>;
  whepCandidate(id: string, fragment: string): Promise<void>;
  whepDelete(id: string): Promise<void>;
  /** A frame as it left the gate, as JPEG, for the page's poster. */
  stillJpeg(): Promise<Buffer>;
}
