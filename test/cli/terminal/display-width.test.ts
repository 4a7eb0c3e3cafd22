import t from 'tap';
import { cutToWidth, displayWidth, wrapText } from '../../../src/cli/terminal/display-width.js';

t.test('counts columns as a terminal does', (t) => {
  const cases: [string, number][] = [
    ['local live', 10],
    ['直播中', 6],
    ['直播 3:12', 9],
    ['カラオケ', 8],
    ['한국', 4],
    ['e\u0301te\u0301', 3],
    ['−16.1 LUFS', 10],
    ['\u001b[33m!\u001b[0m warn', 6],
    ['👩‍👩‍👧 ok', 5],
    ['', 0],
  ];
  for (const [text, width] of cases) t.equal(displayWidth(text), width, JSON.stringify(text));
  t.end();
});

t.test('cuts at whole characters and never beyond the columns', (t) => {
  t.equal(cutToWidth('直播间没有声音', 7), '直播间…');
  t.equal(cutToWidth('直播间没有声音', 8), '直播间…');
  t.equal(cutToWidth('直播间', 6), '直播间');
  t.equal(cutToWidth('abc', 2), 'a…');
  for (let columns = 0; columns < 20; columns += 1) {
    t.ok(displayWidth(cutToWidth('主播 Mei is live 👩‍👩‍👧 now', columns)) <= columns);
  }
  t.end();
});

t.test('wraps at spaces, Chinese anywhere, and keeps colours whole', (t) => {
  const mark = '\u001b[33m!\u001b[0m';
  const english = wrapText(`12:00:00 ${mark} Output taobao is down; next try in 13 s: connection refused`, 40, '  ');
  t.equal(english, `12:00:00 ${mark} Output taobao is down; next\n  try in 13 s: connection refused`);
  const chinese = wrapText('12:00:00 画面未能及时审核请减少全屏变化的图层', 24, '  ');
  for (const line of [...chinese.split('\n'), ...english.split('\n')]) t.ok(displayWidth(line) <= 40, line);
  t.equal(chinese.replaceAll('\n  ', ''), '12:00:00 画面未能及时审核请减少全屏变化的图层');
  t.ok(chinese.split('\n').every((line) => displayWidth(line) <= 24));
  t.end();
});
