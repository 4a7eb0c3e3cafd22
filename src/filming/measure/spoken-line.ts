import { mouthTrack } from '../../avatar/mouth-track.js';
import { Resampler } from '../../core/audio/resample.js';
import type { Log } from '../../core/log.js';
import type { MouthTrack, PhonemeTiming } from '../../core/speech.js';
import { SAMPLE_RATE_HZ, type FrameRate } from '../../core/time.js';
import { EspeakProvider } from '../../speech/espeak/espeak-provider.js';

export interface SpokenLine {
  readonly phonemes: PhonemeTiming[];
  readonly track: MouthTrack;
  /** Mono, at 48 kHz. */
  readonly pcm: Float32Array;
}

/** A line of the embedded voice: its sounds and the mouth of each frame. */
export async function spokenLine(
  text: string,
  language: string,
  rate: FrameRate,
  log: Log,
  signal: AbortSignal,
): Promise<SpokenLine> {
  const espeak = new EspeakProvider({ log, processes: 1, timeoutMs: 60_000 });
  try {
    const voices = await espeak.voices();
    const wanted = language.toLowerCase();
    const voice =
      voices.find((v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase() === wanted)) ??
      voices.find(
        (v) => !v.name.includes('+') && v.languages.some((l) => l.toLowerCase().split('-')[0] === wanted.split('-')[0]),
      );
    if (voice === undefined) return { phonemes: [], track: mouthTrack([], 0, rate), pcm: new Float32Array(0) };
    const phonemes: PhonemeTiming[] = [];
    const parts: Float32Array[] = [];
    let at = 0;
    for await (const chunk of espeak.speak({ text, language, voice, rate: 1, pitch: 1 }, signal)) {
      const scale = SAMPLE_RATE_HZ / chunk.sampleRateHz;
      for (const p of chunk.phonemes)
        phonemes.push({
          ipa: p.ipa,
          startSample: Math.round(at + p.startSample * scale),
          endSample: Math.round(at + p.endSample * scale),
        });
      parts.push(new Resampler(chunk.sampleRateHz, SAMPLE_RATE_HZ).convert(chunk.pcm));
      at += chunk.pcm.length * scale;
    }
    const pcm = new Float32Array(Math.round(at));
    let to = 0;
    for (const part of parts) {
      pcm.set(part.subarray(0, Math.max(0, pcm.length - to)), to);
      to += part.length;
    }
    return { phonemes, track: mouthTrack(phonemes, pcm.length, rate), pcm };
  } finally {
    await espeak.close();
  }
}
