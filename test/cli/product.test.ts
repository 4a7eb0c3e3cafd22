import t from 'tap';
import { fixturePath } from '../listing/fixture.js';
import { startEngine } from './run-engine.js';

t.test('shows a product for people and prints it as JSON', async (t) => {
  const page = fixturePath('alibaba-ladder.html');
  const shown = await startEngine(['product', page], { LC_ALL: 'zh_CN.UTF-8' }).ended;
  t.equal(shown.code, 0, shown.stderr);
  t.match(shown.stdout, /^Portable Bluetooth Speaker\n {2}价格: 6–499: US\$3\.87/);
  const { stdout } = await startEngine(['product', page, '--json']).ended;
  t.match(JSON.parse(stdout), { id: 'portable-bluetooth-speaker', price: { amount: 3.87, currency: 'USD' } });
});

t.test('names the remedy for a page without a product', async (t) => {
  const { code, stdout, stderr } = await startEngine(['product', fixturePath('bot-wall.html')]).ended;
  t.strictSame([code, stdout], [1, '']);
  t.match(stderr, /keeps programs out.*Ctrl\+S.*\[E_LISTING_PAGE\]/);
});
