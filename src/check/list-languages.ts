import {
  formatPieces,
  formatPrice,
  formatUnit,
  languageTable,
  scriptOf,
  type Language,
} from '../config/languages/language-table.js';
import { silentLog } from '../core/log.js';
import { readGlyphs } from '../scene/fonts/glyph-set.js';
import { findVoice } from '../speech/find-voice.js';
import { starsOf } from '../speech/provider-table.js';
import type { VoiceInfo } from '../speech/speech-provider.js';
import { SpeechService } from '../speech/speech-service.js';

export interface ListedLanguage extends Pick<
  Language,
  'tag' | 'english' | 'native' | 'greeting' | 'label' | 'fault' | 'nearest'
> {
  /** English name. */
  readonly script: string;
  readonly direction: 'ltr' | 'rtl';
  /** The embedded voice that speaks it, its provider and expected quality, 1–5; null: none. */
  readonly voice: { readonly name: string; readonly provider: string; readonly stars: number } | null;
  /** Providers that speak it, where no embedded voice does. */
  readonly services: readonly string[];
  /** Whether this machine has a font for it, and the npm package that holds one, where the engine brings none. */
  readonly font: { readonly found: boolean; readonly package: string | null };
  /** Examples of its formats. */
  readonly price: string;
  readonly pieces: string;
  readonly weight: string;
}

/** Every language of the table as this machine speaks and writes it. */
export async function listLanguages(): Promise<ListedLanguage[]> {
  const speech = new SpeechService({ log: silentLog });
  try {
    await speech.start();
    const [voices, glyphs] = [await speech.voices(), await readGlyphs()];
    return languageTable().languages.map((row) => {
      const { tag, english, native, greeting, label, fault, nearest, currency, services = [] } = row;
      const { name: script, direction, font } = scriptOf(row);
      const found = glyphs.missing(`${greeting}${native}${label}`).length === 0;
      return {
        tag,
        english,
        native,
        script,
        direction,
        voice: row.voice === null ? null : voiceOf(row, voices),
        services,
        font: { found, package: font ?? null },
        greeting,
        label,
        price: formatPrice(1234.5, currency, tag),
        pieces: formatPieces(500, tag),
        weight: formatUnit(2.5, 'kilogram', tag),
        ...(fault === undefined ? {} : { fault }),
        ...(nearest === undefined ? {} : { nearest }),
      };
    });
  } finally {
    await speech.close();
  }
}

function voiceOf({ tag, stars }: Language, voices: readonly VoiceInfo[]): ListedLanguage['voice'] {
  const { name, provider } = findVoice(voices, tag);
  return { name, provider, stars: (provider === 'espeak' ? stars : undefined) ?? starsOf(provider) };
}
