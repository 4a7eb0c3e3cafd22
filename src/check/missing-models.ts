import type { RoomConfig } from '../config/room-config.js';
import { isEmbedded } from '../config/sections/voice.js';
import { languageRow } from '../config/languages/language-table.js';
import type { TwoTexts } from '../core/alarm-kinds.js';
import { humanLanguage } from '../speech/kokoro/human-voices.js';
import { bytesOf, isInstalled, weightsOf, type WeightsId } from '../weights/index.js';

/** A model that would serve a room and is not installed. */
export interface MissingModel {
  readonly model: WeightsId;
  readonly bytes: number;
  readonly command: string;
  readonly text: TwoTexts;
}

type Room = Pick<RoomConfig, 'language' | 'presenter' | 'script' | 'recogniser' | 'takeover'>;

/** Models that a room would use: a human voice for its languages, ears for a takeover by microphone. */
export function missingModels(room: Room, env: NodeJS.ProcessEnv = process.env): MissingModel[] {
  const missing: MissingModel[] = [];
  const { provider, name } = room.presenter.voice;
  const isOpen = isEmbedded(provider) && (provider === 'kokoro' || (provider === undefined && name === undefined));
  const said = [
    room.language,
    ...room.script.segments.flatMap(({ lines }) => lines.flatMap(({ language = [] }) => language)),
  ];
  const spoken = isOpen ? said.find((language) => humanLanguage(language) !== undefined) : undefined;
  const voice = spoken === undefined ? undefined : missingVoice(spoken, env);
  if (voice !== undefined) missing.push(voice);
  if (room.recogniser === undefined && room.takeover.quickPhrases.length > 0) missing.push(...missingEars(env));
  return missing;
}

/** The human voice of a language; undefined where there is none, and where it is installed. */
export function missingVoice(language: string, env: NodeJS.ProcessEnv = process.env): MissingModel | undefined {
  const how = humanLanguage(language);
  if (how === undefined || isInstalled('kokoro', env)) return undefined;
  const row = languageRow(language);
  const [english, native] = [row?.english ?? language, row?.native ?? language];
  return modelOf('kokoro', (command, size) => ({
    en: `A human voice for ${english}${how.kind === 'accented' ? ' (with an accent)' : ''} is not installed, so a robot speaks: ${command} (${size})`,
    zh: `${native}的真人声音${how.kind === 'accented' ? '（带口音）' : ''}未安装，目前由机器音播报：${command}（${size}）`,
  }));
}

/** The recogniser of a takeover by microphone, where it is not installed. */
function missingEars(env: NodeJS.ProcessEnv = process.env): MissingModel[] {
  if (isInstalled('sense-voice', env)) return [];
  return [
    modelOf('sense-voice', (command, size) => ({
      en: `A takeover by microphone needs a recogniser, which is not installed: ${command} (${size})`,
      zh: `真人麦克风接管需要语音识别模型，尚未安装：${command}（${size}）`,
    })),
  ];
}

function modelOf(model: WeightsId, text: (command: string, size: string) => TwoTexts): MissingModel {
  const bytes = bytesOf(weightsOf(model));
  const command = `engine model install ${model}`;
  return { model, bytes, command, text: text(command, `${Math.round(bytes / 1e6)} MB`) };
}
