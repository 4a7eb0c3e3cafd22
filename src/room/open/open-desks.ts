import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { decodeVoice } from '../../audio/decode-voice.js';
import type { ReplyWatch } from '../../compliance/watch/reply-watch.js';
import type { SayResult } from '../../config/api/desk-handle.js';
import type { EventRecord, EventsHandle } from '../../config/api/events-handle.js';
import type { LlmHandle, RepliesHandle } from '../../config/api/replies-handle.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Layer } from '../../config/sections/layer.js';
import type { CloseStack } from '../../core/close-stack.js';
import type { Closeable } from '../../core/closeable.js';
import { toEngineError } from '../../core/errors.js';
import { replaceFile } from '../../core/files/replace-file.js';
import type { Log } from '../../core/log.js';
import { LastingQueue } from '../../core/serial-queue.js';
import type { FrameIndex } from '../../core/time.js';
import type { AvatarDesk } from '../../external-avatar/avatar-desk.js';
import { ReportService } from '../../report/report-service.js';
import { openRecogniser } from '../../speech/recogniser/open-recogniser.js';
import type { Recogniser } from '../../speech/recogniser/speech-recogniser.js';
import { storeFile } from '../../store/open-database.js';
import type { ShowStore } from '../../store/show-store.js';
import type { EventOutcome, ReplyPath } from '../../store/store-records.js';
import { TakeoverDesk } from '../../takeover/takeover-desk.js';
import type { TakeoverParts, VoiceLink, VoiceLinkEvents } from '../../takeover/takeover-parts.js';
import type { ReplyRules } from '../../viewers/replies/reply-rules.js';
import type { RoomEvents } from '../../viewers/replies/room-events.js';
import { isInstalled, weightsFolder } from '../../weights/index.js';
import { LlmBudget } from '../../writer/llm/chat-client.js';
import { AgendaCommands, LlmCommands } from '../commands/room-commands.js';
import { RepliesCommands } from '../commands/replies-commands.js';
import { RoomEdits } from '../commands/room-edits.js';
import type { RoomParts } from '../room-desk.js';
import { openReplies } from './open-replies.js';

/** The sound of an external avatar as the voice of a takeover: it is written down and judged like a microphone. */
export async function avatarVoice(
  desk: AvatarDesk,
  { onPcm, onGone }: VoiceLinkEvents,
  { ffmpegPath, delayMs }: { readonly ffmpegPath: string; readonly delayMs: number },
): Promise<VoiceLink> {
  const [{ VoiceDecoder }, { FlvVoiceDecoder, isAacConfig }] = await Promise.all([
    import('../../outputs/voice-in/voice-decoder.js'),
    import('../../outputs/voice-in/voice-decoder.js'),
  ]);
  const options = { ffmpegPath, onPcm, onEnd: onGone };
  const opus = desk.state().source === 'whip' ? new VoiceDecoder(options) : undefined;
  let aac: InstanceType<typeof FlvVoiceDecoder> | undefined;
  const begin = (config: Uint8Array): void => {
    void aac?.close();
    aac = new FlvVoiceDecoder(options, config);
  };
  if (opus === undefined && desk.soundConfig !== undefined) begin(desk.soundConfig);
  desk.hear(
    {
      packet: (sequence, payload) => opus?.push(sequence, payload),
      tag: (tag) => {
        if (isAacConfig(tag)) begin(tag);
        else aac?.push(tag);
      },
    },
    delayMs,
  );
  return {
    get connected() {
      return desk.state().connected;
    },
    answer: () => Promise.resolve(''),
    close: async () => {
      desk.hear(undefined);
      await opus?.close();
      await aac?.close();
    },
  };
}

interface OpenTakeoverOptions {
  readonly parts: Pick<RoomParts, 'room' | 'agenda' | 'runner' | 'judge' | 'ledger' | 'note' | 'log' | 'ffmpegPath'> &
    Partial<Pick<RoomParts, 'avatar'>>;
  /** Judges a typed line and queues it to interrupt. */
  readonly say: (text: string, language?: string) => Promise<SayResult>;
  readonly frame: () => FrameIndex;
  readonly env?: NodeJS.ProcessEnv;
}

/** Opens the part of a room by which a person takes it over. */
function openTakeover({ parts, say, frame, env = process.env }: OpenTakeoverOptions, stack: CloseStack): TakeoverDesk {
  const { room, agenda, runner, judge, ledger, note, ffmpegPath, avatar } = parts;
  const log = parts.log.child({ part: 'takeover' });
  const { recogniser, noVoice } = recogniserOf(parts, env);
  return stack.add(
    new TakeoverDesk({
      config: room.takeover,
      agenda,
      runner,
      say,
      recogniser,
      noVoice,
      language: () => room.language,
      judge: (text) => judge.judge(text, { surface: 'speech', language: room.language, entry: room.products }).hits,
      decode: (bytes, signal) => decodeVoice(bytes, ffmpegPath, signal),
      link: (events) => microphoneLink(events, { ffmpegPath, log }),
      avatarLink:
        avatar?.config && ((events) => avatarVoice(avatar, events, { ffmpegPath, delayMs: room.takeover.delayMs })),
      note,
      operated: (action, detail) => void ledger.append({ kind: 'operator', action, frame: frame(), detail }),
      log,
      nowMs: () => performance.now(),
    }),
  );
}

/** How an installed model is run for a room that names none. */
const INSTALLED = { kind: 'sherpa', model: 'sense-voice', threads: 1, timeoutMs: 4000 } as const;

/** sherpa-onnx-node runs the model; users install it themselves. */
function hasSherpa(): boolean {
  try {
    createRequire(import.meta.url).resolve('sherpa-onnx-node');
    return true;
  } catch {
    return false;
  }
}

/** Without a key or a model the room goes on air all the same, and only typed lines can take it over. */
function recogniserOf(
  { room, log }: Pick<RoomParts, 'room' | 'log'>,
  env: NodeJS.ProcessEnv,
): { recogniser: Recogniser | undefined; noVoice: string } {
  const installed = isInstalled('sense-voice', env) ? weightsFolder('sense-voice', env) : undefined;
  const config = room.recogniser ?? (installed === undefined ? undefined : { ...INSTALLED, folder: installed });
  if (config === undefined) {
    const noVoice = 'no section recogniser in the room file, and no installed model (engine model install sense-voice)';
    return { recogniser: undefined, noVoice };
  }
  if (room.recogniser === undefined && !hasSherpa()) {
    const noVoice =
      'the model sense-voice is installed, the package that runs it is not (npm install sherpa-onnx-node)';
    return { recogniser: undefined, noVoice };
  }
  try {
    return { recogniser: openRecogniser(config, env), noVoice: '' };
  } catch (cause) {
    const { message } = toEngineError(cause, 'recogniser');
    log.warn({ error: message }, 'voices cannot take over the show');
    return { recogniser: undefined, noVoice: message };
  }
}

/** The WebRTC stack is 15 MB of code that a room without a microphone does not load. */
export async function microphoneLink(
  { onPcm, onGone }: VoiceLinkEvents,
  { ffmpegPath, log }: { readonly ffmpegPath: string; readonly log: TakeoverParts['log'] },
): Promise<VoiceLink> {
  const [{ VoiceSession }, { VoiceDecoder }] = await Promise.all([
    import('../../outputs/voice-in/voice-session.js'),
    import('../../outputs/voice-in/voice-decoder.js'),
  ]);
  const decoder = new VoiceDecoder({ ffmpegPath, onPcm, onEnd: onGone });
  const session = new VoiceSession({
    log,
    onPacket: (sequence, payload) => decoder.push(sequence, payload),
    onGone,
  });
  return {
    get connected() {
      return session.connected;
    },
    answer: (offer) => session.answer(offer),
    close: async () => {
      await session.close();
      await decoder.close();
    },
  };
}

/** The places from which people act on a room on air: edits, the agenda, viewers' events, takeover, reports. */
interface RoomDesks {
  readonly edits: RoomEdits;
  readonly agenda: AgendaCommands;
  readonly events: RoomEvents;
  /** As the settings are now. */
  readonly rules: () => ReplyRules;
  readonly report: ReportService;
  readonly takeover: TakeoverDesk;
  readonly replies: RepliesHandle;
  readonly llm: LlmHandle;
}

interface DeskOptions {
  readonly parts: RoomParts;
  readonly frame: () => FrameIndex;
  /** A frame the loop will not have drawn yet when a message arrives. */
  readonly soon: () => FrameIndex;
  /** The picture's layers have changed. */
  readonly onPicture: () => void;
  readonly replies: ReplyWatch;
  /** Speaks a line of somebody who has taken over. */
  readonly takeOverWith: Parameters<typeof openTakeover>[0]['say'];
  readonly stop: AbortSignal;
}

const PATHS: ReadonlySet<string> = new Set<ReplyPath>(['rule', 'intent', 'faq', 'llm', 'operator']);
/** Events that were recorded once and may still change. */
const MAX_OPEN = 1000;

/** Keeps viewers' events in the store: once when each was judged, and again with its outcome. */
export function recordEvents(
  events: Pick<EventsHandle, 'listen'>,
  store: Pick<ShowStore, 'eventSeen' | 'eventResult'>,
  /** The product on screen: viewers ask about what they see. */
  productNow: () => string | null,
  nowMs: () => number = Date.now,
): () => void {
  const open = new Set<number>();
  return events.listen((record) => {
    const { seq, id, platform, kind, user, text, count, atMs, state } = record;
    // Not judged yet: its words may be hostile.
    if (state === 'taken') return;
    const outcome = outcomeOf(record);
    if (!open.has(seq)) {
      const product = kind === 'comment' ? productNow() : undefined;
      store.eventSeen({ id, platform, kind, user, text, count, atMs, intent: intentOf(record), product, outcome });
      if (state === 'hostile' || state === 'ignored') return;
      open.add(seq);
      if (open.size > MAX_OPEN) open.delete(open.values().next().value!);
    }
    if (outcome === 'open') return;
    const path = record.path !== undefined && PATHS.has(record.path) ? (record.path as ReplyPath) : undefined;
    const replyMs = state === 'answered' ? Math.max(0, nowMs() - atMs) : undefined;
    const reason = outcome === 'unanswered' ? record.reason : undefined;
    store.eventResult({ id, platform, outcome, path, intent: intentOf(record), reason, replyMs });
  });
}

const outcomeOf = ({ state }: EventRecord): EventOutcome =>
  state === 'taken' || state === 'answering' ? 'open' : state;

const intentOf = ({ path, about }: EventRecord): string | undefined => (path === 'intent' ? about : undefined);

interface TimedLayersOptions {
  readonly layers: {
    showForLine(id: string, body: unknown, when: () => FrameIndex): Promise<unknown>;
    hideForLine(id: string, atFrame: FrameIndex): void;
  };
  readonly soon: () => FrameIndex;
  readonly log: Log;
  /** A layer has come or gone. */
  readonly onChange: () => void;
}

/** Layers that are shown for some time without a line, judged like all others. */
class TimedLayers implements Closeable {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly options: TimedLayersOptions) {}

  /** A layer with the same id is replaced, and its time begins again. A refused layer is logged. */
  show(layer: Layer, forMs: number): void {
    const { layers, soon, log, onChange } = this.options;
    void layers.showForLine(layer.id, layer, soon).then(
      () => {
        onChange();
        clearTimeout(this.timers.get(layer.id));
        const timer = setTimeout(() => this.hide(layer.id), forMs);
        this.timers.set(layer.id, timer.unref());
      },
      (error: unknown) => log.warn({ layer: layer.id, reason: String(error) }, 'a layer of an answer is not shown'),
    );
  }

  async close(): Promise<void> {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private hide(id: string): void {
    const { layers, soon, log, onChange } = this.options;
    this.timers.delete(id);
    try {
      layers.hideForLine(id, soon());
      onChange();
    } catch (error) {
      // The operator may have removed it.
      log.debug({ layer: id, reason: String(error) }, 'a layer of an answer has already gone');
    }
  }
}

export function openDesks(options: DeskOptions, stack: CloseStack): RoomDesks {
  const { parts, frame, soon, onPicture, replies, takeOverWith, stop } = options;
  const { room, show, log, scene, stage } = parts;
  const report = stack.add(
    new ReportService({ file: storeFile(room.ledgerFile), room: room.name, flush: () => show.store.flush(), log }),
  );
  const edits = new RoomEdits(parts, { frame, soon, onPicture, signal: stop });
  const agenda = new AgendaCommands({ ...parts, frame });
  stage.connect({ room, scene, layers: edits.layers, soon, onChange: onPicture });
  const timed = stack.add(new TimedLayers({ layers: edits.layers, soon, log, onChange: onPicture }));
  const productNow = (): string | null => parts.runner.productAt(frame());
  const budget = openLlmBudget(room, log);
  const { events, rules, renew } = openReplies(
    {
      parts,
      budget,
      agenda: parts.agenda,
      showLayer: (layer, forMs) => timed.show(layer, forMs),
      spam: replies,
      productNow,
      stop,
    },
    stack,
  );
  recordEvents(events, show.store, productNow);
  const takeover = openTakeover({ parts, frame, say: takeOverWith }, stack);
  const common = { live: parts.live, history: edits.steps, onChange: renew };
  const answering = new RepliesCommands({ ...parts, ...common, frame });
  const llm = new LlmCommands({ ...common, budget, signal: stop });
  return { edits, agenda, events, rules, report, takeover, replies: answering, llm };
}

const use = z.object({
  day: z.string(),
  requests: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
});

/** The use of the language model beside the room's ledger: a day's limit holds over a restart. */
function openLlmBudget(room: Pick<RoomConfig, 'ledgerFile' | 'llm'>, log: Log): LlmBudget {
  const file = `${room.ledgerFile.replace(/\.jsonl$/, '')}.llm.json`;
  const writes = new LastingQueue();
  const budget = new LlmBudget(Date.now, read(file), (now) => {
    void writes
      .take(() => replaceFile(file, JSON.stringify(now), { mode: 0o600 }))
      .catch((error: unknown) => log.warn({ file, error: String(error) }, 'the use of the language model is not kept'));
  });
  budget.prices = room.llm?.price;
  budget.maxUsd = room.llm?.maxUsdPerDay;
  return budget;
}

function read(file: string): z.infer<typeof use> | undefined {
  try {
    return use.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // none yet, or a broken one: the day begins at zero
  }
}
