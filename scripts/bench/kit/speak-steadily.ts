import { KokoroClient } from '../../../src/speech/kokoro/kokoro-client.js';
import { chineseSymbols } from '../../../src/speech/kokoro/chinese.js';
import { idOf } from '../../../src/speech/kokoro/symbols.js';
import { spokenText } from '../../../src/speech/spoken-text.js';
import { isInstalled, weightsFolder } from '../../../src/weights/index.js';

const LINE = '大家好，欢迎来到直播间。';
const EVERY_MS = 1000;
/** A machine that cannot keep up is asked for no more than it can take. */
const MAX_PENDING = 3;

export interface SteadyVoice {
  /** Ends it; resolves with the lines that were made, and how long the middle one took. */
  stop(): Promise<{ readonly lines: number; readonly skipped: number; readonly medianMs: number }>;
}

/** Has the voice process of this machine make a new line of Kokoro each second. */
export async function speakSteadily(): Promise<SteadyVoice> {
  if (!isInstalled('kokoro')) throw new Error('Kokoro is not installed: engine model install kokoro');
  const client = new KokoroClient({ folder: weightsFolder('kokoro') });
  const ids = (await chineseSymbols(spokenText(LINE, 'zh'), () => Promise.resolve([]))).map(({ text }) => idOf(text)!);
  const job = { ids, voices: ['zf_xiaobei'], speed: 1, priority: 'line' } as const;
  const stop = new AbortController();
  await client.speak(job, stop.signal);
  const took: number[] = [];
  let [pending, skipped] = [0, 0];
  const timer = setInterval(() => {
    if (pending >= MAX_PENDING) {
      skipped += 1;
      return;
    }
    pending += 1;
    const fromMs = performance.now();
    client
      .speak(job, stop.signal)
      .then(
        () => void took.push(performance.now() - fromMs),
        () => undefined,
      )
      .finally(() => (pending -= 1));
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      stop.abort(new Error('the bench is over'));
      await client.close();
      const sorted = took.toSorted((a, b) => a - b);
      return { lines: took.length, skipped, medianMs: Math.round(sorted[sorted.length >> 1] ?? 0) };
    },
  };
}
