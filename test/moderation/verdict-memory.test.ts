import t from 'tap';
import type { Product } from '../../src/config/sections/product.js';
import type { TextVerdict } from '../../src/core/verdict.js';
import { VerdictMemory, TextJudge } from '../../src/moderation/text-judge.js';

const CLEAN: TextVerdict = { verdict: 'clean', hits: [] };

t.test('judges a repeated text once, and again in another context', (t) => {
  const memory = new VerdictMemory();
  let judged = 0;
  const of = (text: string, context: Parameters<VerdictMemory['of']>[1]): TextVerdict =>
    memory.of(text, context, () => {
      judged += 1;
      return CLEAN;
    });
  const speech = { surface: 'speech', language: 'en' } as const;
  of('Only today', speech);
  of('Only today', speech);
  t.equal(judged, 1);
  of('Only today', { ...speech, surface: 'caption' });
  of('Only today', { ...speech, language: 'es' });
  t.equal(judged, 3);
  const listing: readonly Product[] = [];
  of('Only today', { ...speech, entry: listing });
  of('Only today', { ...speech, entry: listing });
  of('Only today', { ...speech, entry: [] });
  t.equal(judged, 5, 'changed listings are a new array');
  of('Welcome Anna', { ...speech, viewerNames: ['Anna'] });
  of('Welcome Anna', { ...speech, viewerNames: ['Anna'] });
  t.equal(judged, 7, 'names of viewers change');
  for (let n = 0; n < 1000; n += 1) of(`Line ${n}`, speech);
  of('Line 999', speech);
  t.equal(judged, 1007);
  of('Only today', speech);
  t.equal(judged, 1008, 'the oldest are forgotten');
  t.end();
});

t.test('gives equal verdicts for a text that is judged again', (t) => {
  const judge = new TextJudge();
  const context = { surface: 'speech', language: 'en' } as const;
  const text = 'Call +1 415 555 2671 for more';
  const first = judge.judge(text, context);
  t.equal(first.verdict, 'violation');
  t.strictSame(judge.judge(text, context), first);
  t.strictSame(new TextJudge().judge(text, context), first);
  t.end();
});
