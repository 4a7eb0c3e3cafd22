import t from 'tap';
import { script as scriptSchema, type Script } from '../../src/config/sections/script.js';
import { findLine, markLine } from '../../src/show/line-mark.js';

const script = (...segments: string[][]): Script =>
  scriptSchema.parse({ segments: segments.map((lines) => ({ lines: lines.map((text) => ({ text })) })) });

const mark = markLine({ round: 3, segment: 1, line: 1 }, 'four');

t.test('resumes an unchanged script at the same line', async (t) => {
  t.same(findLine(script(['one', 'two'], ['three', 'four']), mark), { round: 3, segment: 1, line: 1 });
});

t.test('finds a moved line by its text, the nearest of several', async (t) => {
  t.same(findLine(script(['one', 'two'], ['zero', 'three', 'four']), mark), { round: 3, segment: 1, line: 2 });
  t.same(findLine(script(['four', 'two'], ['four', 'three']), mark), { round: 3, segment: 1, line: 0 });
});

t.test("falls back to the segment's start for a missing line, and to the script's for a missing segment", async (t) => {
  t.same(findLine(script(['one'], ['three', 'five']), mark), { round: 3, segment: 1, line: 0 });
  t.same(findLine(script(['one', 'two']), mark), { round: 3, segment: 0, line: 0 });
});
