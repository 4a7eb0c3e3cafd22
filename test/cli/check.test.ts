import t from 'tap';
import { templateRoom, writeRoom } from '../on-air/kit.js';
import { runEngine } from './run-engine.js';

t.test('check names every fault of a bad room', async (t) => {
  const room = templateRoom('minimal');
  room['layers'].push(
    { type: 'image', id: 'gone', src: '/nowhere/a.png' },
    { type: 'bubble', id: 'contact', text: 'WhatsApp +86 138 1234 5678' },
  );
  room['script'].segments[0].lines.push({ text: 'Pay me by Alipay transfer, not here.' });
  room['script'].segments[0].lines.push({ text: 'Message me on we😀chat.' });
  room['presenter'].voice = { name: 'nobody' };
  const { code, stdout } = await runEngine(['check', writeRoom(t, room), '--json']);
  t.equal(code, 1);
  const { faults } = JSON.parse(stdout) as {
    faults: { where: string; rule?: string; expected: string; found: string }[];
  };
  t.ok(
    faults.some((f) => f.where.includes('"gone"') && f.expected.includes('/nowhere/a.png')),
    'the missing asset',
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
    'what only sounds like it',
  );
  t.ok(
    faults.some((f) => /nobody/.test(f.where)),
    'the voice',
  );
});
