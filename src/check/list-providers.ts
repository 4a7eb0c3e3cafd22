import type { RoomConfig } from '../config/room-config.js';
import type { FallbackVoice, Voice } from '../config/sections/voice.js';
import { voiceName } from '../speech/chain/open-chain.js';
import { isInstalled } from '../weights/index.js';
import { PROVIDERS, type ProviderInfo } from '../speech/provider-table.js';

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
