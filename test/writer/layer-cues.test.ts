import t from 'tap';
import { layer, type Layer } from '../../src/config/sections/layer.js';
import { TextJudge } from '../../src/moderation/index.js';
import { writeScript } from '../../src/writer/write-script.js';
import { fullProduct } from './sample-products.js';

const layers: Layer[] = [
  { id: 'steps', type: 'ladder', shown: 'on-cue' },
  { id: 'table', type: 'attributes', shown: 'on-cue' },
  { id: 'always', type: 'ladder' },
  { id: 'other', type: 'ladder', shown: 'on-cue', product: 'cup' },
  { id: 'deal', type: 'coupon', shown: 'on-cue', amount: 5 },
  { id: 'black', type: 'image', shown: 'on-cue', src: '/room/black.png' },
  { id: 'logo', type: 'image', shown: 'on-cue', src: '/room/logo.png' },
].map((one) => layer.parse(one));

const colours = { name: 'Color', values: [{ name: 'Black', image: '/room/black.png' }, { name: 'White' }] };

async function shownBy(products: readonly ReturnType<typeof fullProduct>[]): Promise<Map<string, string[]>> {
  const { segments } = await writeScript({
    products,
    languages: ['en'],
    roomLanguage: 'en',
    minutes: 20,
    style: 'warm',
    judge: new TextJudge(),
    maxWordings: 1,
    layers,
  });
  return new Map(segments.flatMap(({ lines }) => lines.map(({ text, show = [] }) => [text, [...show]] as const)));
}

const linesWith = (shown: Map<string, string[]>, id: string): string[] =>
  [...shown].filter(([, ids]) => ids.includes(id)).map(([text]) => text);

t.test('shows the ladder, the table, a variant and a coupon with the lines about them', async (t) => {
  const shown = await shownBy([fullProduct({ variants: [colours] })]);
  const steps = linesWith(shown, 'steps');
  t.equal(steps.length, 1, 'one line for the whole ladder');
  t.ok(
    steps.every((text) => /4\.[28]0 US dollars/.test(text)),
    steps.join(' | '),
  );
  const table = linesWith(shown, 'table');
  t.ok(table.length >= 3 && table.some((text) => text.includes('350 milliliters')), table.join(' | '));
  t.match(linesWith(shown, 'black'), [/black.*white/i]);
  t.equal(linesWith(shown, 'deal').length, 1, 'with how to order');
  for (const id of ['always', 'other', 'logo']) t.same(linesWith(shown, id), [], id);
  t.same(shown.values().next().value, [], 'nothing with the greeting');
});

t.test('names no ladder for a product with one price', async (t) => {
  const shown = await shownBy([fullProduct({ priceLadder: [] })]);
  t.same(linesWith(shown, 'steps'), []);
  t.equal(linesWith(shown, 'deal').length, 2, 'with the price and with how to order');
});
