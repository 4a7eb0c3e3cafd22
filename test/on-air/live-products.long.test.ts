import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { onAir, templateRoom } from '../kit/on-air.js';

/** A show about two products; each line names its price. */
function shopRoom(): Record<string, any> {
  const room = templateRoom('demo-portrait');
  const products = room['products'] as Record<string, any>[];
  room['products'] = products.slice(0, 2);
  const [bottle, boards] = room['products'] as [Record<string, any>, Record<string, any>];
  room['layers'] = (room['layers'] as Record<string, any>[]).filter(
    ({ product }) => product === undefined || product === bottle['id'] || product === boards['id'],
  );
  delete room['audio'].music;
  // One price each, so that a changed one replaces it.
  for (const product of room['products']) delete product.priceLadder;
  room['script'] = {
    loop: true,
    gapMs: 200,
    segments: [
      { product: 'bottle', lines: [{ text: 'One bottle is 4.80 dollars.' }, { text: 'The lid is bamboo.' }] },
      {
        product: 'boards',
        lines: [{ text: 'One set of boards is 6.50 dollars.' }, { text: 'A stand is in the set.' }],
      },
    ],
  };
  return room;
}

t.test('products change on air, and card, script and rules follow', async (t) => {
  const { live, api, file } = await onAir(t, shopRoom());
  const spoken: string[] = [];
  const follow = setInterval(() => {
    const text = live.snapshot().speaking?.text;
    if (text !== undefined && spoken.at(-1) !== text) spoken.push(text);
  }, 50);
  t.teardown(() => clearInterval(follow));
  const until = async (what: () => boolean, why: string): Promise<void> => {
    for (let i = 0; i < 2400 && !what(); i += 1) await sleep(50);
    t.ok(what(), why);
  };
  await until(() => spoken.length > 0, 'the show speaks');

  const { body: list } = await api('GET', '/api/products');
  t.match(list, {
    pinned: null,
    products: [
      { id: 'bottle', segments: 1 },
      { id: 'boards', segments: 1 },
    ],
  });
  t.match(list.products[0].product.image, 'bottle.svg');

  const { status, body: pinned } = await api('POST', '/api/products/boards/pin');
  t.equal(status, 200);
  t.match(pinned, { pinned: 'boards', shown: 'boards', segments: 1 });
  await until(() => live.snapshot().product === 'boards', 'the pinned product is on screen');
  const from = spoken.length;
  await until(() => spoken.length >= from + 4, 'the script goes on');
  const after = spoken.slice(from + 1);
  t.ok(
    after.every((text) => /boards|stand/.test(text)),
    `only its segment is spoken: ${after.join(' | ')}`,
  );

  const changed = await api('PATCH', '/api/products/boards', { price: { amount: 5.9 } });
  const fromChange = spoken.length;
  t.equal(changed.status, 200);
  t.match(changed.body.breaks, [
    { where: 'script.segments[1].lines[0].text', rule: '5.5', kind: 'price', action: 'skip' },
  ]);
  t.equal(typeof changed.body.atFrame, 'number');
  t.equal(changed.body.product.price.amount, 5.9);
  const say = async (text: string) => (await api('POST', '/api/say', { text })).status;
  t.equal(await say('The set of boards is 6.50 dollars today.'), 422, 'the old price may not be said');
  t.equal(await say('The set of boards is 5.90 dollars today.'), 202, 'the new one may');

  const refused = await api('PATCH', '/api/products/boards', { subtitle: 'WhatsApp +1 415 555 2671' });
  t.equal(refused.status, 422);
  t.match(refused.body.error, { code: 'E_TEXT_REFUSED' });
  t.equal((await api('PATCH', '/api/products/boards', { price: { amount: 'cheap' } })).status, 400);
  t.equal((await api('PATCH', '/api/products/nothing', { subtitle: 'x' })).status, 404);

  t.equal((await api('POST', '/api/products/boards/unpin')).status, 200);
  t.equal((await api('POST', '/api/products/boards/sold-out')).body.product.stock, 'sold-out');
  await until(() => live.snapshot().product === 'bottle', 'the script leaves the sold-out product');
  const rest = spoken.length;
  await until(() => spoken.length >= rest + 4, 'the script goes on');
  t.notOk(
    spoken.slice(rest).some((text) => /boards|stand/.test(text)),
    'its segment is skipped',
  );
  t.equal(await say('The cutting boards are still available.'), 422, 'the listing says they are not');
  t.equal(await say('The steel bottle is still available.'), 202, 'another product is');
  t.equal((await api('DELETE', '/api/products/boards')).status, 409, 'the script names it');

  t.notOk(
    spoken.slice(fromChange).some((text) => text.includes('6.50')),
    'a line with the former price is not spoken',
  );
  const pen = { id: 'pen', title: 'Steel pen', image: live.snapshot().name, price: { amount: 1, currency: 'USD' } };
  t.equal((await api('POST', '/api/products', pen)).status, 404, 'a picture that is not there');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="20"/></svg>';
  const image = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  const added = await api('POST', '/api/products', { ...pen, image });
  t.equal(added.status, 201, JSON.stringify(added.body));
  t.equal((await api('POST', '/api/products', { ...pen, image })).status, 409, 'its id is taken');
  t.equal((await api('DELETE', '/api/products/pen')).status, 204);

  // Undo: the pen's removal, the pen, sold out, unpin, the price.
  const undo = async () => (await api('POST', '/api/undo')).body.undone.what as string;
  t.equal(await undo(), 'remove product "pen"');
  t.match((await api('GET', '/api/products')).body.products.at(-1), { id: 'pen' });
  t.equal(await undo(), 'product "pen"');
  t.equal(await undo(), 'product "boards"');
  t.match((await api('GET', '/api/products/boards')).body.product, { stock: 'on-sale', price: { amount: 5.9 } });
  const banner = { type: 'announcement', text: 'New boards today', anchor: 'top', y: 40 };
  t.equal((await api('PUT', '/api/layers/news', banner)).status, 200);
  t.equal(
    (await api('PUT', '/api/layers/late', { type: 'countdown', offer: 'x', endsAt: '2020-01-01T00:00:00Z' })).status,
    400,
  );
  const saved = await api('POST', '/api/room/save');
  t.match(saved.body, { backup: 'room.json.bak', changed: ['products', 'layers'] });
  const onDisk = JSON.parse(readFileSync(file, 'utf8'));
  t.match(onDisk.layers.at(-1), { id: 'news', ...banner });
  t.equal(onDisk.products[1].price.amount, 5.9);
  t.equal(await undo(), 'layer "news"');
  writeFileSync(file, `${readFileSync(file, 'utf8')}\n`);
  t.equal((await api('POST', '/api/room/save')).status, 409, 'the file changed on disk');
  t.equal((await api('POST', '/api/room/save', { force: true })).status, 200);
  t.notOk(JSON.parse(readFileSync(file, 'utf8')).layers.some(({ id }: { id: string }) => id === 'news'));
});
