import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { readFile } from 'node:fs/promises';
import { modelFile } from '../model-file.js';
import { integers, openNetwork } from '../onnx.js';

interface Alphabets {
  readonly in: readonly string[];
  readonly out: readonly string[];
  readonly maxlen: number;
}

/** The net that reads words of no dictionary, letters to sounds; loaded at the first such word. */
export class UnknownWords {
  private network: Promise<InferenceSession> | undefined;
  private alphabets: Promise<Alphabets> | undefined;

  async sounds(word: string): Promise<string> {
    this.alphabets ??= readFile(modelFile('heart', 'oov.json'), 'utf8').then((text) => JSON.parse(text) as Alphabets);
    const { in: letters, out: sounds, maxlen } = await this.alphabets;
    const ids = Array.from(word, (letter) => letters.indexOf(letter) + 1).filter((id) => id > 0);
    if (ids.length === 0) return '';
    this.network ??= openNetwork(modelFile('heart', 'oov.onnx'));
    const session = await this.network;
    const kept = ids.slice(0, maxlen);
    const out = await session.run({ chars: integers(kept, [1, kept.length]) });
    const steps = Array.from((out[session.outputNames[0]] as Tensor).data as BigInt64Array, Number);
    // Repeats are one sound, 0 is none.
    return steps
      .filter((step, i) => step !== 0 && step !== steps[i - 1])
      .map((step) => sounds[step - 1])
      .join('');
  }
}
