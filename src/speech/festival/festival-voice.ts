import { EngineError } from '../../core/errors.js';
import type { PhonemeMark } from '../speech-provider.js';
import { VoiceFault } from '../providers/voice-fault.js';
import type { SourceClip, SourceRequest, VoiceSource } from '../providers/voice-source.js';
import { findFestival, type FoundFestival } from './find-festival.js';
import { isRussian, plainRussian, russianIpa } from './russian-sounds.js';
import { runFestival, type FestivalSpeech } from './run-festival.js';

const PAUSE = 'pau';
/** Multiples that a resampler's filter bank stays small for. */
const RATE_STEP_HZ = 50;

export interface FestivalVoiceOptions {
  readonly timeoutMs: number;
  /** Place in the room file. */
  readonly where: string;
  /** Default: the one of this machine. */
  readonly found?: FoundFestival | undefined;
}

/**
 * The recorded Russian voice of Festival, where it is installed (Debian: festival and festvox-ru). It times words and
 * sounds itself. Joined from recordings, it knows neither speed nor pitch: the sound is played faster or slower, by the
 * mean of both.
 */
export class FestivalVoice implements VoiceSource {
  readonly identity = 'festival|msu_ru_nsh_clunits';
  private readonly found: FoundFestival;
  /** One process at a time, as each takes half a gigabyte. */
  private last: Promise<unknown> = Promise.resolve();

  /** Throws E_ASSET_MISSING. */
  constructor(private readonly options: FestivalVoiceOptions) {
    const found = 'found' in options ? options.found : findFestival();
    if (found === undefined)
      throw new EngineError('E_ASSET_MISSING', {
        where: `${options.where}.provider`,
        expected: 'Festival with the Russian voice msu_ru_nsh_clunits',
        found: 'none on this machine',
        todo: 'install the Debian packages festival and festvox-ru, or choose another voice',
      });
    this.found = found;
  }

  async synthesise({ text, rate, pitch }: SourceRequest, signal: AbortSignal): Promise<SourceClip> {
    if (!isRussian(text)) throw new VoiceFault('text', 'letters or signs that the Russian voice cannot read');
    const run = this.last.then(() => {
      signal.throwIfAborted();
      return runFestival(this.found.program, plainRussian(text), { timeoutMs: this.options.timeoutMs, signal });
    });
    this.last = run.catch(() => undefined);
    const said = await run;
    const playedHz = Math.round((said.rateHz * Math.sqrt(rate * pitch)) / RATE_STEP_HZ) * RATE_STEP_HZ;
    return { pcm: said.pcm, rateHz: playedHz, ...timesOf(said, playedHz) };
  }
}

function timesOf(
  { pcm, rateHz, sounds, tokens }: FestivalSpeech,
  playedHz: number,
): Pick<SourceClip, 'words' | 'phonemes'> {
  const phonemes: PhonemeMark[] = [];
  let from = 0;
  for (const { name, endSeconds } of sounds) {
    const to = Math.min(pcm.length, Math.round(endSeconds * rateHz));
    if (name !== PAUSE && to > from) phonemes.push({ ipa: russianIpa(name), startSample: from, endSample: to });
    from = Math.max(from, to);
  }
  const words = tokens.map(({ text, startSeconds }) => ({ text, atMs: (1000 * startSeconds * rateHz) / playedHz }));
  return { words, phonemes };
}
