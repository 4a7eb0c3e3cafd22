import t from 'tap';
import { templateRoom, writeRoom } from '../kit/on-air.js';
import { runEngine } from './run-engine.js';
import { whole } from '../kit/whole.js';

t.test('names every fault of a bad room in check', async (t) => {
  const room = templateRoom('minimal');
  room['layers'].push(
    { type: 'image', id: 'gone', src: '/nowhere/a.png' },
    { type: 'bubble', id: 'contact', text: 'WhatsApp +86 138 1234 5678' },
  );
  room['script'].segments[0].lines.push({ text: 'Pay me by Alipay transfer, not here.' });
  room['script'].segments[0].lines.push({ text: 'Message me on we😀chat.' });
  room['presenter'].voice = { name: 'nobody' };
  room['products'] = [
    { id: 'pot', title: 'Clay pot', image: '/nowhere/pot.png', price: { amount: 4, currency: 'USD' } },
    { id: 'pan', title: 'Iron pan', image: '/nowhere/pan.png', price: { amount: 9, currency: 'USD' } },
  ];
  room['script'].segments.push({
    product: 'pot',
    lines: [{ text: 'It is 9 dollars.' }, { text: 'The pan is 9 dollars.' }],
  });
  const { code, stdout } = await runEngine(['check', writeRoom(t, room), '--json']);
  t.equal(code, 1);
  const { faults } = JSON.parse(stdout) as {
    faults: { where: string; rule?: string; expected: string; found: string }[];
  };
  t.ok(
    faults.some((f) => f.where === 'layers[1] "gone".src' && f.expected.includes('/nowhere/a.png')),
    'the missing asset, by its place in the room file',
  );
  t.ok(
    faults.some((f) => f.where === 'products[1].image' && f.expected.includes('/nowhere/pan.png')),
    "a product's missing picture",
  );
  t.strictSame(
    faults.filter((f) => f.rule === '5.5').map((f) => f.where),
    ['script.segments[1].lines[0].text'],
    "another product's price, where that one is not named",
  );
  t.ok(
    faults.some((f) => f.rule === '3.2' && f.where.startsWith('layers[')),
    'the bubble',
  );
  t.ok(
    faults.some((f) => f.rule === '3.1' && f.where.startsWith('script.segments[0]')),
    'the line',
  );
  t.ok(
    faults.some((f) => f.found.includes('Message me on we😀chat')),
    'words that only sound like it',
  );
  t.ok(
    faults.some((f) => /nobody/.test(f.where)),
    'the voice',
  );
});

t.test('names a voice model that is not there, and needs no key of a service', async (t) => {
  const room = templateRoom('minimal');
  room['presenter'].voice = { provider: 'piper', model: 'voices/none.onnx' };
  const missing = await runEngine(['check', writeRoom(t, room), '--json']);
  t.equal(missing.code, 1);
  const { faults } = JSON.parse(missing.stdout) as { faults: { where: string; found: string }[] };
  t.equal(faults.length, 1);
  t.match(faults[0], { where: 'presenter.voice.model', found: /voices\/none\.onnx\.json/ });
  if (!whole) return;
  room['presenter'].voice = { provider: 'openai', name: 'nova', apiKey: '${NO_SUCH_KEY}' };
  t.equal((await runEngine(['check', writeRoom(t, room)])).code, 0);
});
