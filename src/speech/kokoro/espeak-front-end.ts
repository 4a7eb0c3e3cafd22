import { espeakSymbols } from '../piper/piper-symbols.js';
import { positions, type EspeakProvider } from '../espeak/espeak-provider.js';
import type { SpokenText } from '../spoken-text.js';
import { ipaOf, isMark, kokoroLetters, withGlides, withVietnameseTones, type KokoroSymbol } from './symbols.js';

/** Symbols of a text in any language of eSpeak, from its sounds. */
export async function espeakFrontEnd(
  espeak: EspeakProvider,
  voice: string,
  language: string,
  { text, offsets }: SpokenText,
  signal: AbortSignal,
): Promise<KokoroSymbol[]> {
  const job = { text: text.replaceAll('&', '&amp;'), voice, rate: 175, pitch: 50 };
  const { events } = await espeak.pool.run(job, signal);
  const at = positions(text, offsets, 0);
  const out: KokoroSymbol[] = [];
  for (const { text: sound, ipa, char, first } of espeakSymbols(text, events, at)) {
    const letters = ipa === '' ? sound : kokoroLetters(sound, language);
    let begins = first;
    for (const letter of letters) {
      // Kokoro heard neither two spaces nor a space before a comma.
      if (letter === ' ' && out.at(-1)?.text === ' ') continue;
      const isSound = ipa !== '' && !isMark(letter);
      out.push({ text: letter, ipa: isSound ? ipaOf(letter) : '', char, first: begins });
      begins = false;
    }
  }
  const soft = withGlides(out);
  return language === 'vi' ? withVietnameseTones(soft, (char) => text.slice(Math.max(0, offsets.indexOf(char)))) : soft;
}
