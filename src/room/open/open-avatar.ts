import { existsSync } from 'node:fs';
import type { RoomConfig } from '../../config/room-config.js';
import type { Log } from '../../core/log.js';
import { framesToMilliseconds } from '../../core/time.js';
import { EngineError } from '../../core/errors.js';
import type { AvatarSpeech } from '../../external-avatar/speech/avatar-speech.js';
import { LiveTalkingSpeech } from '../../external-avatar/speech/live-talking-speech.js';
import { WhipSpeech } from '../../external-avatar/speech/whip-speech.js';
import type { FfmpegInfo } from '../../encoder/process/find-ffmpeg.js';
import { clipInvalid } from '../../scene/clips/clip-limits.js';
import { sniffClip } from '../../scene/clips/sniff-clip.js';
import { ExternalAvatar } from '../../external-avatar/picture/external-avatar.js';
import { presenterBox } from '../../scene/stage-boxes.js';
import type { LoopClient } from '../../loop/loop-client.js';
import type { LoopInit } from '../../loop/loop-message.js';
import type { AvatarDesk } from '../../external-avatar/avatar-desk.js';

export interface OpenAvatarOptions {
  readonly room: RoomConfig;
  readonly desk: AvatarDesk;
  readonly ffmpeg: Pick<FfmpegInfo, 'decoder'>;
  readonly log: Log;
}

/**
 * Opens the memory and thread of an external avatar; the desk closes them. Undefined for a presenter of the room's own. Throws
 * E_ASSET_INVALID for an idle clip that is not a video.
 */
export async function openAvatar({ room, desk, ffmpeg, log }: OpenAvatarOptions): Promise<LoopInit['external']> {
  const { config: external } = desk;
  if (external === undefined) return undefined;
  await requireClip(external.idleClip);
  const { rate } = room;
  const avatar = new ExternalAvatar({
    box: presenterBox(room),
    external,
    ffmpeg: ffmpeg.decoder,
    fps: rate.num / rate.den,
    log: log.child({ part: 'avatar' }),
  });
  desk.connect(avatar);
  return { slots: avatar.slots, standInMs: external.standInAfterMs, standIn: external.standIn };
}

async function requireClip(file: string | undefined): Promise<void> {
  const where = 'presenter.external.idleClip';
  if (file !== undefined && (await sniffClip(file, `${where}: ${file}`)) === undefined)
    throw clipInvalid(`${where}: ${file}`, existsSync(file) ? 'a file of another kind' : 'no such file');
}

export interface OpenAvatarSpeechOptions extends Pick<OpenAvatarOptions, 'room' | 'desk' | 'log'> {
  /** Resolved while the room opens. */
  readonly ffmpeg: Promise<Pick<FfmpegInfo, 'path'>>;
  readonly board: LoopClient['board'];
  readonly env?: NodeJS.ProcessEnv;
}

/** Sends the show's speech to the avatar's engine; undefined where none is wanted. Throws E_ENV_MISSING. */
export function openAvatarSpeech(options: OpenAvatarSpeechOptions): AvatarSpeech | undefined {
  const { desk, room, board, ffmpeg } = options;
  const { speech } = desk.config ?? {};
  if (speech === undefined) return undefined;
  const token = tokenOf(speech.token, options.env ?? process.env);
  const log = options.log.child({ part: 'avatar' });
  const frame = (): number => board.get('frame');
  if (speech.kind === 'whip') {
    const ffmpegPath = ffmpeg.then(({ path }) => path);
    desk.speech = new WhipSpeech({ ...speech, token, rate: room.rate, frame, ffmpegPath, log });
  } else {
    const untilMs = (at: number): number => framesToMilliseconds(at - frame(), room.rate);
    desk.speech = new LiveTalkingSpeech({ ...speech, token, untilMs, log });
  }
  return desk.speech;
}

function tokenOf(variable: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const name = variable?.slice(2, -1);
  if (name === undefined) return undefined;
  const token = env[name];
  if (token !== undefined && token !== '') return token;
  throw new EngineError('E_ENV_MISSING', {
    where: 'presenter.external.speech.token',
    expected: `environment variable ${name}`,
    found: 'not set',
    todo: `set ${name} before starting`,
  });
}
