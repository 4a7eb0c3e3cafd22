import { getPriority } from 'node:os';
import t from 'tap';
import { judgePictureText, TextReader } from '../../../src/compliance/ocr/text-reader.js';
import { TextJudge } from '../../../src/moderation/text-judge.js';
import { silentLog } from '../../../src/core/log.js';
import { drawText } from './draw-text.js';
import { sampled } from '../../kit/whole.js';

const judge = new TextJudge();
const context = { surface: 'frame', language: 'zh' } as const;
const reader = new TextReader({ log: silentLog });
t.teardown(() => reader.close());

t.test('reports contacts inside pictures as violations at their position', async (t) => {
  const cases: { text: string; size: number; ink: string; ground: string; match: RegExp }[] = [
    { text: '加微信 abc88888', size: 20, ink: '#ffffff', ground: '#20304a', match: /微信/ },
    { text: '电话 138 1234 5678', size: 28, ink: '#ffe14a', ground: '#b02020', match: /138/ },
    { text: 'Call +1 415 555 2671', size: 40, ink: '#222222', ground: '#f4efe2', match: /415/ },
    { text: 'www.best-shop.com', size: 50, ink: '#777777', ground: '#d8d8d8', match: /best-shop/ },
  ];
  for (const { text, size, ink, ground, match } of sampled(cases, 2)) {
    const picture = await drawText([{ text, size, x: 60, y: 120, ink }], ground);
    const { verdict, hits, lines } = await judgePictureText(reader, judge, picture, context);
    t.equal(verdict, 'violation', `${text} read as ${lines.map((l) => l.text).join(' | ')}`);
    const hit = hits.find((h) => match.test(h.text ?? ''));
    t.ok(hit, `${text} was found`);
    const box = hit!.box!;
    t.ok(box.x <= 66 && box.y < 120 && box.y + box.height >= 118, `${JSON.stringify(box)} covers the line`);
  }
});

t.test('harmless words on products are clean, and readings are repeatable', async (t) => {
  const lines = ['最近新品 第一步', '750 ml stainless steel', '$12.80 / piece', '型号 GX-200 Pro', '尺寸 30×40 cm'];
  const items = lines.map((text, i) => ({ text, size: 28, x: 40, y: 60 + i * 90, ink: '#203040' }));
  const picture = await drawText(items, '#f0e8d8');
  const first = await judgePictureText(reader, judge, picture, context);
  t.strictSame(first.hits, []);
  t.equal(first.verdict, 'clean');
  t.equal(first.lines.length, lines.length, 'every line was read');
  t.match(first.lines.map((l) => l.text).join('|'), /第一步.*750.*12\.80.*GX-200.*30.40/);
  t.strictSame(await reader.read(picture.rgba, picture.width, picture.height), first.lines);
});

t.test('reads light and dark text on transparent ground, tilted and upside-down text', async (t) => {
  const clear = await drawText(
    [
      { text: '13812345678', size: 32, x: 60, y: 80, ink: '#ffffff' },
      { text: 'sales@factory.cn', size: 32, x: 60, y: 200, ink: '#000000' },
    ],
    'none',
  );
  const texts = (await reader.read(clear.rgba, clear.width, clear.height)).map((l) => l.text);
  t.ok(texts.includes('13812345678'), `white on clear: ${texts.join(' | ')}`);
  t.ok(texts.includes('sales@factory.cn'), `black on clear: ${texts.join(' | ')}`);
  for (const turn of sampled([-25, 90, 180], 2)) {
    const picture = await drawText(
      [{ text: '13812345678', size: 36, x: 300, y: 220, ink: '#111111', turn }],
      '#eeeeee',
    );
    const read = await reader.read(picture.rgba, picture.width, picture.height);
    t.match(read.map((l) => l.text).join(' '), /13812345678/, `turned by ${turn} degrees`);
  }
});

t.test('boxes of a large picture are in its own pixels', async (t) => {
  const picture = await drawText(
    [{ text: '13812345678', size: 120, x: 1500, y: 1500, ink: '#111' }],
    '#eee',
    2560,
    1920,
  );
  const [line] = await reader.read(picture.rgba, picture.width, picture.height);
  t.equal(line!.text, '13812345678');
  t.ok(
    Math.abs(line!.box.x - 1500) < 40 && Math.abs(line!.box.y + line!.box.height - 1500) < 50,
    JSON.stringify(line!.box),
  );
});

t.test('reads a word that fills the picture whole', async (t) => {
  const words = [
    ['TikTok', 370, 1280, 720],
    ['PayPal', 205, 720, 1280],
    ['高仿', 600, 1280, 720],
  ] as const;
  for (const [text, size, width, height] of sampled(words, 2)) {
    const y = (height + 0.72 * size) / 2;
    const picture = await drawText([{ text, size, x: 8, y, ink: '#204060' }], '#f2efe6', width, height);
    const texts = (await reader.read(picture.rgba, width, height)).map((l) => l.text);
    t.ok(texts.includes(text), `${text}: ${texts.join(' | ')}`);
  }
});

t.test('sends a picture to review when its reading is late or the process dies', async (t) => {
  const options = { log: silentLog, timeoutMs: 1 };
  const reader = new TextReader(options);
  t.teardown(() => reader.close());
  const picture = await drawText([{ text: '750 ml', size: 40, x: 60, y: 120, ink: '#111' }], '#eee');
  const late = await judgePictureText(reader, judge, picture, context);
  t.match(late, { verdict: 'review', hits: [{ rule: '3.2', kind: 'unread-text' }] });

  options.timeoutMs = 20_000;
  t.equal((await judgePictureText(reader, judge, picture, context)).verdict, 'clean', 'the next picture is read');

  const pid = reader.pid!;
  const reading = judgePictureText(reader, judge, picture, context);
  setImmediate(() => process.kill(pid, 'SIGKILL'));
  t.match(await reading, { verdict: 'review', hits: [{ kind: 'unread-text' }] });
  t.equal((await judgePictureText(reader, judge, picture, context)).verdict, 'clean', 'a new process reads it');
});

t.test('runs no process before the first picture, when idle, or after close', async (t) => {
  const reader = new TextReader({ log: silentLog, idleMs: 50 });
  t.equal(reader.pid, undefined);
  const picture = await drawText([{ text: '750 ml', size: 40, x: 60, y: 120, ink: '#111' }], '#eee', 320, 160);
  const reading = reader.read(picture.rgba, picture.width, picture.height);
  await reading;
  const pid = reader.pid!;
  t.ok(pid > 0);
  for (let i = 0; i < 100 && reader.pid !== undefined; i += 1) await new Promise((r) => setTimeout(r, 20));
  t.equal(reader.pid, undefined, 'ended when idle');
  await reader.close();
  await reader.close();
  const gone = (): boolean => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  };
  for (let i = 0; i < 100 && !gone(); i += 1) await new Promise((r) => setTimeout(r, 20));
  t.ok(gone(), 'the process is gone');
  await t.rejects(reader.read(picture.rgba, picture.width, picture.height), { code: 'E_CLOSED' });
  await t.rejects(judgePictureText(reader, judge, picture, context), { code: 'E_CLOSED' });
});

t.test('refuses pixels that do not fit the size', async (t) => {
  const reader = new TextReader({ log: silentLog });
  t.teardown(() => reader.close());
  await t.rejects(reader.read(new Uint8Array(10), 2, 2), { code: 'E_SCAN_FAILED' });
});

t.test('reads every line of a full picture, also where two bands of the detector meet', async (t) => {
  const rows = Array.from({ length: 32 }, (_, i) => ({ text: `Lot ${1400 + 37 * i}`, y: 36 + 39 * i }));
  const items = rows.map(({ text, y }, i) => ({ text, size: 24, x: 40 + (i % 4) * 130, y, ink: '#203040' }));
  const picture = await drawText(items, '#f0e8d8', 720, 1280);
  const read = (await reader.read(picture.rgba, 720, 1280)).map((l) => l.text.replaceAll(' ', '')).join('|');
  for (const { text } of rows) t.match(read, text.replaceAll(' ', ''));
});

t.test('runs at the given nice value; a blank picture has no lines', async (t) => {
  const gentle = new TextReader({ log: silentLog, nice: 19 });
  t.teardown(() => gentle.close());
  t.strictSame(await gentle.read(new Uint8Array(96 * 96 * 4).fill(255), 96, 96), []);
  t.equal(getPriority(gentle.pid!), 19);
});
