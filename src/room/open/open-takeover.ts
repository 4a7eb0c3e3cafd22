import { createRequire } from 'node:module';
import { decodeVoice } from '../../audio/decode-voice.js';
import type { CloseStack } from '../../core/close-stack.js';
import { toEngineError } from '../../core/errors.js';
import type { SayResult } from '../../config/api/desk-handle.js';
import type { FrameIndex } from '../../core/time.js';
import type { TakeoverParts, VoiceLink, VoiceLinkEvents } from '../../takeover/takeover-parts.js';
import { TakeoverDesk } from '../../takeover/takeover-desk.js';
import { openRecogniser } from '../../speech/recogniser/open-recogniser.js';
import type { Recogniser } from '../../speech/recogniser/recogniser.js';
import { isInstalled, weightsFolder } from '../../weights/index.js';
import type { RoomParts } from '../room-parts.js';
import type { AvatarDesk } from '../../external-avatar/avatar-desk.js';

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

export interface OpenTakeoverOptions {
  readonly parts: Pick<RoomParts, 'room' | 'agenda' | 'runner' | 'judge' | 'ledger' | 'note' | 'log' | 'ffmpegPath'> &
    Partial<Pick<RoomParts, 'avatar'>>;
  /** Judges a typed line and queues it to interrupt. */
  readonly say: (text: string, language?: string) => Promise<SayResult>;
  readonly frame: () => FrameIndex;
  readonly env?: NodeJS.ProcessEnv;
}

/** Opens the part of a room by which a person takes it over. */
export function openTakeover(
  { parts, say, frame, env = process.env }: OpenTakeoverOptions,
  stack: CloseStack,
): TakeoverDesk {
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

/** The package that runs the model is none of the engine's own. */
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
