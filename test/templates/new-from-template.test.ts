import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { loadRoom } from '../../src/config/load-room.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { isProductPicture } from '../../src/config/sections/layer.js';
import { ownWords } from '../../src/admission/texts/room-rule-actions.js';
import { shownTexts } from '../../src/admission/texts/layer-texts.js';
import { refuseTexts } from '../../src/admission/texts/refuse-texts.js';
import { newFromTemplate } from '../../src/templates/new-from-template.js';
import { TextJudge } from '../../src/moderation/index.js';

const OPTIONS = { template: 'kitchen', language: 'en', orientation: 'portrait' } as const;
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><circle cx="40" cy="20" r="18" fill="#204080"/></svg>';

const filesOf = (room: RoomConfig): string[] => [
  ...(room.audio.music === undefined ? [] : [room.audio.music.src]),
  ...room.products.map((product) => product.image),
  ...room.layers.flatMap((layer) => ('src' in layer && !isProductPicture(layer.src) ? [layer.src] : [])),
  ...room.layers.flatMap((layer) => (layer.type === 'image' && layer.night !== undefined ? [layer.night] : [])),
];

t.test('makes a room in the asked language and orientation that can be moved', async (t) => {
  const dir = t.testdir({});
  const made = await newFromTemplate(join(dir, 'made'), { ...OPTIONS, language: 'es', orientation: 'landscape' });
  t.equal(made, join(dir, 'made', 'room.json'));
  const moved = join(dir, 'moved');
  cpSync(join(dir, 'made'), moved, { recursive: true });
  rmSync(join(dir, 'made'), { recursive: true });
  const room = loadRoom(join(moved, 'room.json'));
  t.equal(room.name, 'made');
  t.equal(room.language, 'es');
  t.same([room.video.width, room.video.height], [1280, 720]);
  t.match(
    room.layers.find(({ id }) => id === 'background'),
    { night: /landscape-night\.webp$/ },
  );
  t.equal(room.products[0]!.title, 'Olla con revestimiento cerámico');
  t.match(room.script.segments[0]!.lines[0]!.text, /^¡Hola/);
  for (const path of filesOf(room)) t.ok(path.startsWith(moved) && existsSync(path), path);
  for (const segment of room.script.segments) t.ok(segment.product, 'the stage is never empty');
});

t.test('shows nothing that the judge refuses', async (t) => {
  const dir = t.testdir({});
  for (const [template, language] of [
    ['jewellery', 'ar'],
    ['machinery', 'th'],
    ['food', 'ja'],
  ] as const) {
    const room = loadRoom(await newFromTemplate(join(dir, template), { ...OPTIONS, template, language }));
    const judge = new TextJudge({ own: ownWords(room) });
    t.doesNotThrow(() => refuseTexts(judge, room, shownTexts(room), () => undefined), template);
  }
});

t.test('takes products with their pictures, a brand colour, a logo and a platform', async (t) => {
  const product = {
    id: 'ring',
    title: 'Plain Silver Ring',
    image: 'pictures/ring.svg',
    images: ['pictures/ring.svg'],
    price: { amount: 9, currency: 'EUR', was: 12 },
  };
  const dir = t.testdir({
    shop: { 'ring.json': JSON.stringify(product), pictures: { 'ring.svg': LOGO } },
    'Logo.SVG': LOGO,
  });
  const file = await newFromTemplate(join(dir, 'mine'), {
    ...OPTIONS,
    template: 'jewellery',
    products: [join(dir, 'shop', 'ring.json')],
    brand: '#ffe000',
    logo: join(dir, 'Logo.SVG'),
    platform: 'taobao',
  });
  const room = loadRoom(file);
  t.same(
    room.products.map(({ id }) => id),
    ['ring'],
  );
  t.equal(room.products[0]!.image, room.products[0]!.images[0], 'a picture is copied once');
  t.ok(room.products[0]!.image.startsWith(join(dir, 'mine', 'products', 'ring')));
  t.ok(room.layers.find((layer) => layer.id === 'logo'));
  t.same(room.compliance.safeArea, { top: 0.1, bottom: 0.2 });
  t.match(
    room.layers.find(({ id }) => id === 'trim'),
    { fill: '#ffe000' },
  );
  t.notOk(existsSync(join(dir, 'mine', 'assets', 'product-1.webp')), 'no placeholder is left behind');
});

t.test('shows a claim only if the listings make it, and their quantities in the language of the room', async (t) => {
  const cup = { id: 'cup', title: 'Plain Stoneware Mug', subtitle: 'Sturdy and plain', image: 'cup.svg' };
  const price = { amount: 2, currency: 'USD', unit: 'piece' };
  const plain = { ...cup, price, minimumOrder: '1,200 pieces' };
  const dir = t.testdir({
    'cup.svg': LOGO,
    'plain.json': JSON.stringify(plain),
    'full.json': JSON.stringify({ ...plain, sample: { price: 5 }, facts: ['Custom logo from 500 pieces'] }),
  });
  const made = async (file: string): Promise<{ texts: string[]; room: RoomConfig }> => {
    const products = [join(dir, file)];
    const room = loadRoom(
      await newFromTemplate(join(dir, file.replace('.json', '')), {
        ...OPTIONS,
        language: 'es',
        orientation: 'landscape',
        products,
      }),
    );
    return { texts: shownTexts(room).map(({ text }) => text), room };
  };
  const bare = await made('plain.json');
  t.match(bare.room.products[0], { price: { unit: 'pieza' }, minimumOrder: '1200 piezas' });
  t.notOk(
    bare.texts.some((text) => /logotipo|[Mm]uestras/.test(text)),
    bare.texts.join(' / '),
  );
  t.ok(bare.texts.includes('Pida en línea'));
  const full = await made('full.json');
  t.ok(full.texts.some((text) => /logotipo/.test(text)) && full.texts.some((text) => /[Mm]uestras/.test(text)));
});

t.test('refuses unknown templates, languages, missing pictures and equal ids, and leaves nothing', async (t) => {
  const product = { id: 'a', title: 'Cup', image: 'none.png', price: { amount: 1, currency: 'USD' } };
  const dir = t.testdir({ 'a.json': JSON.stringify(product), taken: { notes: 'mine' } });
  const make = (more: object): Promise<string> => newFromTemplate(join(dir, 'x'), { ...OPTIONS, ...more });
  const file = join(dir, 'a.json');
  await t.rejects(make({ template: 'kitchens' }), { code: 'E_BAD_REQUEST', message: /did you mean kitchen\?/ });
  await t.rejects(make({ language: 'fi' }), { code: 'E_BAD_REQUEST', message: /found "fi"/ });
  await t.rejects(make({ products: [file] }), { code: 'E_ASSET_MISSING' });
  await t.rejects(make({ products: [file, file] }), { code: 'E_BAD_REQUEST', message: /"a" twice/ });
  await t.rejects(make({ logo: join(dir, 'none.svg') }), { code: 'E_ASSET_MISSING' });
  await t.rejects(newFromTemplate(join(dir, 'taken'), OPTIONS), { message: /a folder that is not there yet/ });
  writeFileSync(file, '{');
  await t.rejects(make({ products: [file] }), { code: 'E_LISTING_INVALID' });
  t.notOk(existsSync(join(dir, 'x')));
});

t.test('copies pictures only, and follows no link out of the folder of a product', async (t) => {
  const product = (image: string): string =>
    JSON.stringify({ id: 'a', title: 'Cup', image, price: { amount: 1, currency: 'USD' } });
  const dir = t.testdir({
    'secret.txt': 'the password',
    'private.svg': LOGO,
    offer: {
      'named.json': product('../secret.txt'),
      'link.json': product('cup.svg'),
      'cup.svg': t.fixture('symlink', '../private.svg'),
      'kept.json': product('own.svg'),
      'own.svg': t.fixture('symlink', 'pictures/own.svg'),
      pictures: { 'own.svg': LOGO },
    },
  });
  const make = (name: string): Promise<string> =>
    newFromTemplate(join(dir, name), { ...OPTIONS, products: [join(dir, 'offer', `${name}.json`)] });
  await t.rejects(make('named'), { code: 'E_ASSET_INVALID', message: /another kind/ });
  await t.rejects(make('link'), { code: 'E_ASSET_INVALID', message: /leads out of the folder/ });
  t.notOk(existsSync(join(dir, 'named')) || existsSync(join(dir, 'link')));
  t.equal(loadRoom(await make('kept')).products.length, 1, 'a link within the folder is followed');
});
