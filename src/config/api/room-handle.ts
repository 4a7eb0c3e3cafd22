import { z } from 'zod';
import type { Shape } from '../value-fault.js';
import { type AvatarHandle, avatarSpeechState } from './avatar-handle.js';
import { type EventsHandle, eventSourceHealth, type SourcesHandle } from './events-handle.js';
import { type TakeoverHandle, takeoverSnapshot } from './takeover-handle.js';
import { type AgendaHandle, type ScriptHandle, writingSnapshot } from './script-handle.js';
import { SOURCE_STEPS } from '../../core/source-step.js';
import { type LedgerEntry, REPLACE_CAUSES, type ReplaceCause } from '../../core/verdict.js';
import { ALARM_KINDS } from '../../core/alarm-kinds.js';
import type { IntakeHandle, ProductsHandle } from './products-handle.js';
import type { ReportHandle } from './report-handle.js';
import type { AudioHandle } from './audio-handle.js';
import type { LlmHandle, RepliesHandle } from './replies-handle.js';
import type { LayersHandle } from './layers-handle.js';
import type { DeskHandle, HistoryHandle, SayResult } from './desk-handle.js';
import type { PresenterHandle } from './presenter-handle.js';

export type { SayResult } from './desk-handle.js';

/** The interface of a running room for the API, the page and the command line. All numbers count from the start. */
export const outputSnapshot = z.object({
  id: z.string(),
  kind: z.string(),
  target: z.string().describe('Address without its key'),
  state: z.enum(['connecting', 'live', 'degraded', 'wedged', 'backoff', 'stopped']),
  bytesSent: z.number(),
  packetsDropped: z.number(),
  reconnects: z.number(),
  publishes: z.number().describe('Publishes accepted by the receiver; on some platforms each starts a new video'),
  queue: z.object({ ms: z.number(), bytes: z.number() }).describe('Media between the newest packet and the receiver'),
  lastError: z.string().describe('Last error in words, without secrets; empty before the first'),
  viewers: z.number().exactOptional(),
  required: z
    .boolean()
    .exactOptional()
    .describe('The room file requires this output to be live for the room to count as fully on air'),
  added: z.boolean().exactOptional().describe('It came while the show ran, and is not in the room file'),
});
export type OutputSnapshot = Shape<typeof outputSnapshot>;

/** A file of an output that players fetch: a playlist, a segment. */
export interface OutputFile {
  readonly contentType: string;
  readonly body: string | Buffer;
  /** How long a cache may keep it. */
  readonly maxAgeS: number;
}

/** One state change of an output. */
export const outputEvent = z.object({
  seq: z.number(),
  at: z.string().describe('ISO 8601, for people only'),
  output: z.string(),
  kind: z.string(),
  target: z.string().describe('Address without its key'),
  state: outputSnapshot.shape.state,
  before: outputSnapshot.shape.state,
  lastError: z.string(),
});
export type OutputEvent = Shape<typeof outputEvent>;

const sourceHealth = z.object({
  id: z.string().describe('`script`, `avatar`, or the id of a layer'),
  kind: z.enum(['script', 'clip', 'avatar']),
  step: z.enum(SOURCE_STEPS),
});
export type SourceHealth = Shape<typeof sourceHealth>;

export const encoderSnapshot = z.object({
  generation: z.number().describe('Generation of the video encoder; each begins with an IDR'),
  restarts: z.number(),
  kbitPerSecond: z.number().describe('Measured over the last seconds'),
  videoKbps: z.number().describe('The requested bitrate: below `wantedKbps` while outputs are congested'),
  wantedKbps: z.number(),
  width: z.number().describe('Size that receivers get'),
  height: z.number(),
  fps: z.number(),
});
export type EncoderSnapshot = Shape<typeof encoderSnapshot>;

const unspokenSnapshot = z.object({
  total: z.number(),
  last: z.object({ line: z.string(), text: z.string(), code: z.string(), message: z.string() }).nullable(),
});
export type UnspokenSnapshot = Shape<typeof unspokenSnapshot>;

/** One voice of a service or model, for people. */
const voiceSnapshot = z.object({
  provider: z.string(),
  voice: z.string(),
  state: z
    .enum(['ready', 'resting', 'capped'])
    .describe('`resting`: it failed and is left alone; `capped`: its characters of the day are used up'),
  restMs: z.number().describe('Time until it is tried again; 0 unless resting'),
  failing: z
    .boolean()
    .describe('It failed and has not spoken since, though lines asked for it within the last minutes'),
  lastError: z.string().describe('Last error in words, without secrets; empty before the first'),
  spoken: z.number().describe('Pieces of lines: spoken by it, read from the cache, failed'),
  cached: z.number(),
  failed: z.number(),
  charactersToday: z.number().describe('Characters sent today (UTC), and since the start'),
  charactersTotal: z.number(),
  maxCharactersPerDay: z.number().nullable(),
});
export type VoiceSnapshot = Shape<typeof voiceSnapshot>;

/** An active alarm. */
const alarmSnapshot = z.object({
  kind: z.enum(ALARM_KINDS),
  subject: z
    .string()
    .describe('Id of the output, source or voice, or the folder; empty when the kind is specific enough'),
  severity: z.enum(['critical', 'warning']),
  since: z.string().describe('ISO 8601, for people only'),
  text: z.object({ en: z.string(), zh: z.string() }).describe('The trouble in words, without secrets'),
  acknowledgedBy: z
    .string()
    .exactOptional()
    .describe('Who has seen it; absent until somebody has, empty for a person without a name'),
});
export type AlarmSnapshot = Shape<typeof alarmSnapshot>;

/** An operator command in force. */
const orderSince = z.object({
  at: z.string().describe('ISO 8601, for people only'),
  by: z.string().describe('Name of the person; empty when unknown'),
});
export type OrderSince = Shape<typeof orderSince>;

const watchFault = z.object({
  kind: z.string().describe('`black`, `frozen`, `dead-air`…'),
  rule: z.string(),
  since: z.number().describe('First frame of the fault'),
  value: z.number().describe('The measured figure: a share (0–1), or dBFS'),
});
export type WatchFault = Shape<typeof watchFault>;

const riskSnapshot = z.object({
  score: z.number(),
  level: z.enum(['calm', 'raised', 'limit']),
  reasons: z
    .array(z.object({ rule: z.string(), score: z.number(), count: z.number() }))
    .describe('Rules that contribute to the score, largest contribution first'),
});
export type RiskSnapshot = Shape<typeof riskSnapshot>;

const ledgerHealth = z.object({
  failing: z.boolean().describe('The disk refuses lines at present; the room goes on and is judged'),
  waiting: z.number().describe('Lines waiting to be written'),
  lost: z.number().describe('Lines dropped from the full queue; a later line reports their number'),
});
export type LedgerHealth = Shape<typeof ledgerHealth>;

export const roomSnapshot = z.object({
  name: z.string(),
  state: z
    .enum(['starting', 'on-air', 'blanked', 'stopping', 'stopped'])
    .describe(
      "`blanked`: the slate is up until someone or something lifts it; the gate's momentary replacements do not count",
    ),
  onAirMs: z.number(),
  width: z.number(),
  height: z.number(),
  fps: z.number(),
  pictureFps: z
    .number()
    .describe('Frames a second that are drawn; less than `fps` while the machine is too busy for all'),
  frame: z.number(),
  frames: z
    .object({
      rendered: z.number(),
      released: z.number(),
      replaced: z.number(),
      inWindow: z.number().describe("Frames waiting for a verdict, or in the operator's window"),
      releasedUnjudged: z.number(),
    })
    .describe('`rendered = released + replaced + inWindow`, and `replaced` is the sum of `replacedBy`'),
  replacedBy: z.record(z.string(), z.number()),
  sound: z
    .object({ rendered: z.number(), released: z.number(), muted: z.number(), inWindow: z.number() })
    .describe('Sound per frame: `rendered = released + muted + inWindow`, and `muted` is the sum of `mutedBy`'),
  mutedBy: z.record(z.string(), z.number()),
  scans: z
    .object({ candidates: z.number(), decoded: z.number(), pending: z.number(), failed: z.number() })
    .describe('Code-like areas, decoder calls, scans in flight, scans without a verdict'),
  lateClipFrames: z.number().describe('Clip frames that were not read in time'),
  lateFilmFrames: z.number().describe('Frames of filmed presenters that were not read in time'),
  clipStep: z.number().describe('Large clips show every n-th frame when the scan cannot keep up; 1: every frame'),
  sources: z.array(sourceHealth).describe('The script, and every visible layer with clips'),
  avatarSpeech: avatarSpeechState
    .nullable()
    .describe('Speech that is sent to the engine of an external avatar; null where none is sent'),
  lateTicks: z.object({
    total: z.number(),
    render: z.number(),
    scan: z.number(),
    encode: z.number(),
    stall: z.number(),
  }),
  stageMs: z.record(z.string(), z.object({ p50: z.number(), p99: z.number() })),
  tickLatenessMs: z
    .object({ p50: z.number(), p99: z.number(), p999: z.number(), max: z.number() })
    .describe('Delay of ticks against the clock'),
  audio: z.object({
    momentaryLufs: z.number(),
    integratedLufs: z.number(),
    peakDbfs: z.number(),
    muted: z.boolean(),
    leftDbfs: z.number().describe('Levels of now for meters, in dBFS, falling by 20 dB in 1.5 s'),
    rightDbfs: z.number(),
  }),
  encoder: encoderSnapshot,
  avOffsetMs: z
    .number()
    .nullable()
    .describe(
      'Offset of picture against sound for a viewer on this machine, by packet clocks, measured once a minute; positive when the picture is late. Null before the first measurement and after a failed one',
    ),
  outputs: z.array(outputSnapshot),
  speaking: z.object({ text: z.string(), language: z.string() }).nullable(),
  product: z.string().nullable(),
  shot: z
    .object({
      name: z.string().describe('hero, side-by-side or close-up'),
      reason: z.string().describe('Why the director cut to it'),
      sinceFrame: z.number().describe('First frame of the shot'),
    })
    .describe('The shot that the set is seen in'),
  unspoken: unspokenSnapshot.describe('Script lines that came up and could not be spoken'),
  voices: z
    .array(voiceSnapshot)
    .describe('Services and models that speak, in the order in which they are tried; empty with embedded voices alone'),
  muted: z.boolean().describe("The operator's commands. The slate may have further causes: `slate` lists all"),
  blanked: z.boolean(),
  orders: z
    .object({ mute: orderSince.nullable(), blank: orderSince.nullable() })
    .describe('Since when, and by whom; null while not in force'),
  slateSince: z.string().nullable().describe('Since when viewers see the slate; null while they do not'),
  slate: z
    .array(z.enum(REPLACE_CAUSES))
    .describe("All current causes of the slate; empty while viewers see the room's picture"),
  dumpWindow: z
    .object({ frames: z.number(), ms: z.number() })
    .describe('Maximum effect of `dump`: the frames between drawing and release'),
  watch: z.array(watchFault).describe('Active faults of picture and sound'),
  risk: riskSnapshot.describe(
    'How near the room is to a penalty. At `limit` it shows the slate, in silence, until `resume()`',
  ),
  ledger: ledgerHealth
    .extend({ evidenceDropped: z.number() })
    .describe('Whether verdicts reach the disk, and the number of evidence files that could not be kept'),
  alarms: z.array(alarmSnapshot).describe('Active alarms, oldest first'),
  eventSources: z.array(eventSourceHealth).describe("Connections to platforms' comments and other events"),
  takeover: takeoverSnapshot.describe('A person in place of the script'),
  writing: writingSnapshot.describe('Fresh wordings of the script, written on air'),
});
export type RoomSnapshot = Shape<typeof roomSnapshot>;

/**
 * `operator`: a person blanked. `dumped`: dumped frames are still being released as the slate. `risk`: the score
 * reached its limit; lasts until a person resumes. `words`, `codes`: found by a reading of the whole picture; lasts
 * until a later reading finds none. `stalled`: nothing to say for long; lasts until there is. `violation`, `unjudged`,
 * `hold-time`: the gate replaces current frames.
 */
export type SlateReason = ReplaceCause;

/** The commands that `resume` takes back; all without any. */
export const resumeOptions = z
  .strictObject({
    mute: z.boolean(),
    blank: z.boolean(),
    risk: z.boolean().describe('Resets the score to 0'),
  })
  .partial();
export type ResumeOptions = Shape<typeof resumeOptions>;

export const dumpResult = z.object({
  fromFrame: z.number().describe('First dropped frame'),
  frames: z.number(),
  ms: z.number(),
});
export type DumpResult = Shape<typeof dumpResult>;

export const MAX_SAY_CHARACTERS = 1000;

export const sayBody = z.strictObject({
  text: z.string().min(1).max(MAX_SAY_CHARACTERS),
  language: z.string().min(2).max(35).optional(),
  caption: z.boolean().optional().describe('Also shown as a caption; default true'),
  next: z
    .boolean()
    .optional()
    .describe("Spoken before the script's next line (true, default) or after the queued lines"),
  reply: z
    .boolean()
    .optional()
    .describe('Answers a viewer: judged as a reply, and refused when answers come too often'),
  interrupt: z
    .boolean()
    .optional()
    .describe('Cuts the line on air at once; that line starts again at its sentence afterwards'),
  role: z.enum(['host', 'assistant']).optional().describe("Whose voice speaks it; default the host's"),
});
export type SayOptions = Omit<Shape<typeof sayBody>, 'text'>;

export interface VerdictRecord extends LedgerEntry {
  readonly seq: number;
  /** ISO 8601, for people only. */
  readonly at: string;
}
export const verdictRecord: z.ZodType<VerdictRecord> = z.object({
  seq: z.int(),
  at: z.string().describe('ISO 8601, for people only'),
  kind: z.enum(['text', 'frame', 'audio', 'admission', 'operator', 'room', 'evidence']),
  rule: z.string().exactOptional().describe('Id of a violated rule'),
  surface: z.enum(['speech', 'caption', 'reply', 'cover', 'entry', 'frame']).exactOptional(),
  action: z.string().describe('The action taken: `mute`, `blank`, `refuse`…'),
  frame: z.int().exactOptional(),
  startSample: z.int().exactOptional(),
  endSample: z.int().exactOptional(),
  evidence: z.string().exactOptional().describe("The matched words or the code's text, cut to 200 characters"),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
  file: z
    .object({ name: z.string(), sha256: z.string(), bytes: z.int() })
    .exactOptional()
    .describe('The stored frame or sound'),
});

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

/** Whether every rendered frame and sound block is accounted for: released, replaced for a cause, or in the window. */
export function countersAddUp(s: Pick<RoomSnapshot, 'frames' | 'replacedBy' | 'sound' | 'mutedBy'>): boolean {
  const { frames, replacedBy, sound, mutedBy } = s;
  return (
    frames.rendered === frames.released + frames.replaced + frames.inWindow &&
    frames.replaced === sum(replacedBy) &&
    sound.rendered === sound.released + sound.muted + sound.inWindow &&
    sound.muted === sum(mutedBy) &&
    sound.rendered === frames.rendered
  );
}

const sum = (values: Readonly<Record<string, number>>): number => Object.values(values).reduce((a, b) => a + b, 0);
