import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { loadMusic } from '../../audio/load-music.js';
import type { LiveRoomConfig } from '../../config/room-config.js';
import { deepFreeze } from '../../config/load-room.js';
import { absoluteIn, relativeIn } from '../../config/resolve-room.js';
import { audioPatch, type AudioHandle, type AudioState } from '../../config/api/audio-handle.js';
import { audio as audioSchema, type Audio } from '../../config/sections/audio.js';
import type { Presenter } from '../../config/sections/presenter.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';
import { templatePath } from '../../core/files/paths.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import { voiceLanguage } from '../../show/line-voice.js';
import { refusePathsElsewhere } from '../../admission/asset-folders.js';
import type { RoomParts } from '../room-desk.js';
import type { EditHistory, Reversal } from './edit-history.js';
import {
  isEmbedded,
  PROVIDER_FIELDS,
  voice as voiceSchema,
  type Voice,
  type VoiceProvider,
} from '../../config/sections/voice.js';

type Patch = z.infer<typeof audioPatch>;

export type AudioParts = Pick<RoomParts, 'loop' | 'ledger' | 'speech' | 'ffmpegPath'> & {
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly frame: () => number;
  readonly signal: AbortSignal;
};

/** Settings that mean the same to every provider. */
const COMMON = ['provider', 'language', 'rate', 'pitch'];
/** Settings that name something of one provider, though others have a setting of the same name. */
const OWN = ['name', 'model', 'apiKey', 'baseUrl', 'region', 'accountId', 'style'];

/**
 * A voice with changed settings; null returns one to its default. With another provider, the settings of the one before
 * are left out. Throws E_BAD_REQUEST with the setting at fault.
 *
 * @param where the request, for the error
 */
export function patchedVoice(
  before: Voice,
  change: Readonly<Record<string, unknown>> | undefined,
  where: string,
): Voice {
  if (change === undefined) return before;
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = value;
  }
  const provider = merged['provider'] as VoiceProvider | undefined;
  if (provider !== before.provider) {
    const { needs, takes } = PROVIDER_FIELDS[provider ?? 'espeak'];
    const kept = new Set<string>([...COMMON, ...needs, ...takes, ...(isEmbedded(provider) ? [] : ['fallback'])]);
    for (const key of OWN) kept.delete(key);
    for (const key of Object.keys(merged)) if (!kept.has(key) && change[key] === undefined) delete merged[key];
  }
  const result = voiceSchema.safeParse(merged);
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, merged, voiceSchema);
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: `${where}: voice.${fault.where}` });
}

/** Changes music, ducking and voice on air, one change after another. */
export class AudioCommands implements AudioHandle {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'PATCH /api/audio' });
  /** The track that `on: true` brings back. */
  private last: Audio['music'];

  constructor(private readonly parts: AudioParts) {
    this.last = parts.live.room.audio.music;
  }

  async state(): Promise<AudioState> {
    const { audio, presenter, dir } = this.parts.live.room;
    const { music, duckDb, roomTone, chimes } = audio;
    return {
      music:
        music === undefined
          ? null
          : { src: shortName(music.src, dir), gainDb: music.gainDb, instrumental: music.instrumental },
      duckDb,
      roomTone,
      chimes,
      voice: presenter.voice,
      tracks: await embeddedTracks(),
    };
  }

  patch(body: unknown, gesture?: string): Promise<AudioState> {
    return this.turns.take(async (late) => {
      const { live, history } = this.parts;
      const patch = parse(body);
      const { audio, presenter } = live.room;
      const nextAudio = await this.audioWith(patch);
      const nextPresenter = await this.presenterWith(patch);
      pointOfNoReturn(late);
      await this.apply(nextAudio, nextPresenter);
      const applyAgain =
        (to: Audio, { voice }: Presenter): Reversal =>
        (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            pointOfNoReturn(signal);
            await this.apply(to, { ...live.room.presenter, voice });
          });
      if (!isDeepStrictEqual([audio, presenter], [nextAudio, nextPresenter]))
        history.register({
          what: 'audio',
          undo: applyAgain(audio, presenter),
          redo: applyAgain(nextAudio, nextPresenter),
          gesture,
        });
      return this.state();
    });
  }

  private async audioWith({ music: wanted, duckDb, roomTone, chimes }: Patch): Promise<Audio> {
    const { audio } = this.parts.live.room;
    const rest = {
      ...audio,
      ...(duckDb === undefined ? {} : { duckDb }),
      ...(roomTone === undefined ? {} : { roomTone }),
      ...(chimes === undefined ? {} : { chimes }),
    };
    if (wanted === undefined) return rest;
    const { on = true, src, ...fields } = wanted;
    const { music: _none, ...silent } = rest;
    if (!on) return silent;
    const before = audio.music ?? this.last;
    const named = src === undefined ? before?.src : await this.trackOf(src, fields.instrumental ?? false);
    if (named === undefined)
      throw new EngineError('E_BAD_REQUEST', {
        where: 'PATCH /api/audio: music',
        expected: 'a track in `src`',
        found: 'no `src`, and the room has had no music',
        todo: `name one of ${(await embeddedTracks()).join(', ')}, or a file`,
      });
    const isNew = named !== before?.src;
    const music = audioSchema.shape.music.parse({
      ...(isNew ? { instrumental: true, gainDb: before?.gainDb } : before),
      ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
      src: named,
    });
    return { ...rest, music };
  }

  /** The file of a track; E_ROOM_REFUSED unless the track is declared to be without words. */
  private async trackOf(src: string, instrumental: boolean): Promise<string> {
    const { room } = this.parts.live;
    const embedded = templatePath('music', `${src.replace(/\.flac$/, '')}.flac`);
    if (!src.includes('/') && existsSync(embedded)) return embedded;
    const file = absoluteIn(room.dir)(src);
    if (dirname(file) !== templatePath('music')) await refusePathsElsewhere(room, 'audio.music.src', [file]);
    if (!instrumental)
      throw new EngineError('E_ROOM_REFUSED', {
        where: 'PATCH /api/audio: music.instrumental',
        expected: '`true`, by someone who has listened: words in music are not judged',
        found: '`instrumental` is not set',
        todo: 'listen to the file, and send `instrumental: true` if nobody sings or speaks in it',
      });
    return file;
  }

  private async presenterWith({ voice: wanted }: Patch): Promise<Presenter> {
    const { room } = this.parts.live;
    if (wanted === undefined) return room.presenter;
    const voice = patchedVoice(room.presenter.voice, wanted, 'PATCH /api/audio');
    const presenter = { ...room.presenter, voice };
    await this.parts.speech.voiceFor(voiceLanguage({ ...room, presenter }, undefined), voice.name, voice.provider);
    return presenter;
  }

  private async apply(audio: Audio, presenter: Presenter): Promise<void> {
    const { live, loop, ledger, frame, ffmpegPath, signal } = this.parts;
    const before = live.room;
    const isOther = audio.music?.src !== before.audio.music?.src;
    const music =
      !isOther || audio.music === undefined ? null : await loadMusic(audio.music.src, { ffmpegPath, signal });
    if (audio.music !== undefined) this.last = audio.music;
    else this.last = before.audio.music ?? this.last;
    const isVoice = !isDeepStrictEqual(presenter.voice, before.presenter.voice);
    live.set({
      audio: deepFreeze(audio),
      // The presenter may have changed meanwhile.
      ...(isVoice ? { presenter: deepFreeze({ ...live.room.presenter, voice: presenter.voice }) } : {}),
    });
    loop.send({ type: 'audio', audio, ...(isOther ? { music } : {}) });
    const track = audio.music === undefined ? 'none' : basename(audio.music.src);
    ledger.append({
      kind: 'operator',
      action: 'audio',
      frame: frame(),
      detail: { music: track, duckDb: audio.duckDb },
    });
  }
}

function parse(body: unknown): Patch {
  const result = audioPatch.safeParse(body ?? {});
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, body, audioPatch);
  const where = 'PATCH /api/audio';
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: fault.where === '' ? where : `${where}: ${fault.where}` });
}

const embeddedTracks = async (): Promise<string[]> =>
  (await readdir(templatePath('music')))
    .filter((name) => extname(name) === '.flac')
    .map((name) => basename(name, '.flac'));

const shortName = (file: string, dir: string): string =>
  dirname(file) === templatePath('music') ? basename(file, extname(file)) : relativeIn(dir)(file);
