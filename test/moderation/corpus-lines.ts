import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/files/paths.js';

export interface CorpusLine {
  readonly text: string;
  readonly language: string;
  readonly rules: readonly string[];
  readonly source?: 'speech' | 'caption' | 'reply';
}

/** Every n-th line of the corpus, so that the sample covers all files. */
export function* corpusLines(step: number): Generator<CorpusLine> {
  const folder = join(packageRoot(), 'test/moderation/corpus');
  let n = 0;
  for (const file of readdirSync(folder).sort()) {
    for (const row of readFileSync(join(folder, file), 'utf8').split('\n')) {
      n += 1;
      if (row !== '' && n % step === 0) yield JSON.parse(row) as CorpusLine;
    }
  }
}
