import { readdirSync } from 'node:fs';
import { readPresenterCard } from '../avatar/presenter-pack.js';
import type { TwoTexts } from '../core/alarm-kinds.js';
import { silentLog } from '../core/log.js';
import { templatePath } from '../core/files/paths.js';
import { findLanguage, languageRow, languageTable } from '../config/languages/language-table.js';
import { starsOf, PROVIDERS, type ProviderInfo } from '../speech/provider-table.js';
import type { VoiceInfo } from '../speech/speech-provider.js';
import { SpeechService } from '../speech/speech-service.js';
import { lineVoice } from '../show/line-voice.js';
import type { RoomConfig } from '../config/room-config.js';
import type { FallbackVoice, Voice } from '../config/sections/voice.js';
import { voiceName } from '../speech/chain/open-chain.js';
import { isInstalled } from '../weights/index.js';

export interface ListedProvider extends ProviderInfo {
  readonly state: 'ready' | 'key-missing' | 'needs-model' | 'needs-install';
  /** In words: the model found, or the setting that is missing. */
  readonly found: string;
}

/** Services and models that can speak, and whether their usual variable is set. */
export function listProviders(env: NodeJS.ProcessEnv): ListedProvider[] {
  return PROVIDERS.map((info) => {
    if (info.id === 'kokoro')
      return isInstalled('kokoro', env)
        ? { ...info, state: 'ready', found: 'installed' }
        : { ...info, state: 'needs-install', found: 'engine model install kokoro' };
    if (info.id === 'piper' || info.id === 'sherpa')
      return { ...info, state: 'needs-model', found: 'name a model of yours in presenter.voice.model' };
    if (info.variable === undefined) return { ...info, state: 'ready', found: 'embedded' };
    return (env[info.variable] ?? '') === ''
      ? { ...info, state: 'key-missing', found: `set ${info.variable}` }
      : { ...info, state: 'ready', found: `${info.variable} is set` };
  });
}

export interface ChainLine {
  readonly where: string;
  readonly voice: string;
  readonly stars: number;
  readonly ready: boolean;
  readonly found: string;
}

/** The voices of a room in the order in which they are tried. */
export function listChain({ presenter }: Pick<RoomConfig, 'presenter'>, env: NodeJS.ProcessEnv): ChainLine[] {
  const { voice } = presenter;
  const line = (one: Voice | FallbackVoice, where: string): ChainLine => {
    const info = PROVIDERS.find(({ id }) => id === one.provider);
    const variable = one.apiKey?.slice(2, -1);
    const isSet = variable === undefined || (env[variable] ?? '') !== '';
    const found =
      one.provider === 'piper' || one.provider === 'sherpa'
        ? `model ${one.model ?? ''}`
        : variable === undefined
          ? 'no key'
          : `${variable} is ${isSet ? 'set' : 'not set'}`;
    const known = info === undefined ? 'the presenter’s own' : `${info.title}, ${voiceName(one)}`;
    return { where, voice: known, stars: info?.stars ?? 1, ready: isSet, found };
  };
  return [
    line(voice, 'presenter.voice'),
    ...(voice.fallback ?? []).map((one, i) => line(one, `presenter.voice.fallback[${i}]`)),
  ];
}

export interface ListedVoice {
  readonly name: string;
  /** BCP-47, its best language. */
  readonly language: string;
  readonly title: string;
  /** Expected quality, 1–5. */
  readonly stars: number;
  /** Its title, and its known fault in English. */
  readonly note: string;
  /** The known fault of its language's voice. */
  readonly fault?: TwoTexts;
  /** Presenters of the project that use it when their room names no voice. */
  readonly presenters: readonly string[];
}

/**
 * Voices that a room can name, with their known faults: by language, and in each language those of presenters first,
 * then recorded ones, then the rest by name.
 *
 * @param language only voices that speak this language: `es` includes `es-419`
 */
export async function listVoices(language?: string): Promise<ListedVoice[]> {
  const speech = new SpeechService({ log: silentLog });
  try {
    await speech.start();
    const wanted = language?.toLowerCase();
    const all = await speech.voices();
    const voices = wanted === undefined ? all : all.filter((v) => serves(v, wanted));
    const users = await presentersOf(
      speech,
      language === undefined ? languageTable().languages.map(({ tag }) => tag) : [language],
    );
    return voices
      .map((v) => {
        const row = findLanguage(v.languages[0] ?? '');
        const isRow = row?.voice === v.name.split('+')[0];
        const fault = isRow ? row?.fault : undefined;
        return {
          name: v.name,
          language: v.languages[0] ?? '',
          title: v.title,
          stars: (isRow ? row?.stars : undefined) ?? starsOf(v.provider),
          note: fault === undefined ? v.title : `${v.title}: ${fault.en}`,
          ...(fault === undefined ? {} : { fault }),
          presenters: users.get(v.name) ?? [],
        };
      })
      .sort(
        (a, b) =>
          compare(base(a.language), base(b.language)) ||
          b.presenters.length - a.presenters.length ||
          Number(isHuman(b)) - Number(isHuman(a)) ||
          compare(a.language, b.language) ||
          a.name.localeCompare(b.name, 'en', { numeric: true }),
      );
  } finally {
    await speech.close();
  }
}

/** Names of presenters by the voice each of them gets in one of the languages. */
async function presentersOf(speech: SpeechService, languages: readonly string[]): Promise<Map<string, string[]>> {
  const users = new Map<string, string[]>();
  for (const entry of readdirSync(templatePath('presenters'), { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const pack = templatePath('presenters', entry.name);
    const { manifest, spec } = await readPresenterCard(pack);
    // Those of the library share the default voices.
    if (spec !== undefined && spec.voices === undefined) continue;
    const own = manifest.voices;
    for (const language of languages) {
      const room = { language, presenter: { pack, voice: { rate: 1, pitch: 1 } } };
      const { voice } = lineVoice(room, own, undefined);
      const { name } = await speech.voiceFor(language, voice).catch(() => ({ name: '' }));
      const known = users.get(name) ?? [];
      if (!known.includes(entry.name)) users.set(name, [...known, entry.name]);
    }
  }
  return users;
}

const serves = (voice: VoiceInfo, wanted: string): boolean =>
  voice.languages.some((tag) => tag.toLowerCase() === wanted || tag.toLowerCase().startsWith(`${wanted}-`)) ||
  languageRow(wanted)?.voice === voice.name.split('+')[0];
const isHuman = (voice: ListedVoice): boolean => /^heart(?:-|$)/.test(voice.name);
const base = (tag: string): string => tag.split('-')[0]!;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
