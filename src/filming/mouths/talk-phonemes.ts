import type { Log } from '../../core/log.js';
import type { PhonemeTiming } from '../../core/speech.js';
import { SAMPLE_RATE_HZ } from '../../core/time.js';
import { alignSpeech } from '../../speech/align/align-speech.js';
import { EspeakProvider } from '../../speech/espeak/espeak-provider.js';
import type { PhonemeMark } from '../../speech/speech-provider.js';
import { SOUND_HZ } from '../footage/open-footage.js';

const TIMEOUT_MS = 120_000;

/** When each sound of a read text is heard in a recording, at 48 kHz; undefined when eSpeak has no such language. */
export async function talkPhonemes(
  text: string,
  language: string,
  sound: Float32Array,
  log: Log,
  signal: AbortSignal,
): Promise<PhonemeTiming[] | undefined> {
  const espeak = new EspeakProvider({ log, processes: 1, timeoutMs: TIMEOUT_MS });
  try {
    const wanted = language.toLowerCase().split('-')[0]!;
    const voices = await espeak.voices();
    const voice = voices.find(
      (v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase().split('-')[0] === wanted),
    );
    if (voice === undefined) return undefined;
    const parts: Float32Array[] = [];
    const phonemes: PhonemeMark[] = [];
    let [length, rateHz] = [0, SOUND_HZ];
    for await (const chunk of espeak.speak({ text, language, voice, rate: 1, pitch: 1 }, signal)) {
      parts.push(chunk.pcm);
      rateHz = chunk.sampleRateHz;
      for (const p of chunk.phonemes)
        phonemes.push({ ipa: p.ipa, startSample: p.startSample + length, endSample: p.endSample + length });
      length += chunk.pcm.length;
    }
    const pcm = new Float32Array(length);
    let at = 0;
    for (const part of parts) {
      pcm.set(part, at);
      at += part.length;
    }
    const aligned = await alignSpeech({ pcm, rateHz, words: [], phonemes }, { pcm: sound, rateHz: SOUND_HZ }, signal);
    const to48 = (sample: number): number => Math.round((sample * SAMPLE_RATE_HZ) / SOUND_HZ);
    return aligned?.phonemes.map(({ ipa, startSample, endSample }) => ({
      ipa,
      startSample: to48(startSample),
      endSample: to48(endSample),
    }));
  } finally {
    await espeak.close();
  }
}
