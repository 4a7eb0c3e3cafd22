import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { JapaneseDone, JapaneseJob } from '../model-messages.js';

/** The dictionary IPADIC, read by kuromoji: it knows how words are said, は as わ, 通り as トーリ. */
export async function loadJapanese(): Promise<(job: JapaneseJob) => Promise<JapaneseDone>> {
  const [{ TokenizerBuilder }, { default: Loader }] = await Promise.all([
    import('@patdx/kuromoji'),
    import('@patdx/kuromoji/node'),
  ]);
  const main = createRequire(import.meta.url).resolve('@patdx/kuromoji');
  const loader = new Loader({ dic_path: join(dirname(dirname(main)), 'dict') });
  const tokenizer = await new TokenizerBuilder({ loader }).build();
  return async ({ text }) => ({
    words: tokenizer
      .tokenize(text)
      .map(({ surface_form: written, word_position: place, pos, reading, pronunciation }) => ({
        written,
        at: place - 1,
        said: [pronunciation, reading].find((one) => one !== undefined && one !== '*') ?? '',
        leans: pos === '助詞' || pos === '助動詞',
      })),
  });
}
