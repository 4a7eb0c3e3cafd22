/**
 * Makes a demo room: its layers from the set of a template and, in portrait, products and script from
 * templates/listings, the way `engine product` and `engine script` do; the rest of the room file stays. The result is
 * always the same.
 *
 *     npm run tool -- make-demo-room [ROOM_FILE]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadRoom, parseRoom } from '../../../src/config/load-room.js';
import type { Product } from '../../../src/config/sections/product.js';
import { line, type Segment } from '../../../src/config/sections/script.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { silentLog } from '../../../src/core/log.js';
import { writeScript, type WriteOptions } from '../../../src/writer/write-script.js';
import { takeProduct } from '../../../src/intake/take-product.js';
import { withoutDefaults } from '../../../src/intake/write-product.js';
import { TextJudge } from '../../../src/moderation/index.js';
import { demoLayers } from './demo-layers.js';

const FILE = process.argv[2] ?? templatePath('rooms', 'demo-portrait', 'room.json');
const PRODUCTS = ['bottle', 'boards', 'lunchbox'];
const MINUTES = 2.9;
const WORDINGS = 4;
const INTRODUCTION = line.parse({
  text: 'I am Mei, your digital presenter, and today I have three kitchen products for your next order.',
  variants: ['My name is Mei, I am a digital presenter, and I show you three products for the kitchen.'],
  gesture: 'present',
});

/** The pictures are drawn for this room, so they stay drawings. */
async function productOf(id: string): Promise<Product> {
  const { product } = await takeProduct(templatePath('listings', `${id}.json`), {
    id,
    language: 'en',
    log: silentLog,
    stdin: nothing(),
  });
  return { ...product, image: `assets/${id}.svg`, images: [`assets/${id}-close.svg`] };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Listings are files.
}

/** Without what the schema fills in by itself. */
function written(segment: Segment): object {
  const lines = segment.lines.map(({ variants, gesture, show = [], ...line }) => ({
    ...line,
    ...(variants.length === 0 ? {} : { variants }),
    ...(gesture === 'none' ? {} : { gesture }),
    ...(show.length === 0 ? {} : { show }),
  }));
  return { ...segment, lines };
}

const save = (room: object): void => writeFileSync(FILE, `${JSON.stringify(room, null, 2)}\n`);

const source = JSON.parse(readFileSync(FILE, 'utf8')) as { name: string; video: object };
const { background, layers } = demoLayers(source.name);
const dressed = { ...source, video: { ...source.video, background }, layers };
if (source.name === 'demo-portrait') await withListings(dressed);
else save(dressed);
loadRoom(FILE);

async function withListings(source: object): Promise<void> {
  const products = await Promise.all(PRODUCTS.map(productOf));
  const text = JSON.stringify({
    ...source,
    products: products.map(withoutDefaults),
    script: { segments: [{ lines: [INTRODUCTION] }] },
  });
  const room = parseRoom(text, FILE);
  const common: Omit<WriteOptions, 'products' | 'languages'> = {
    roomLanguage: room.language,
    minutes: MINUTES,
    style: 'warm',
    judge: new TextJudge(),
    maxWordings: WORDINGS,
    layers: room.layers,
  };
  const script = await writeScript({ ...common, products: room.products, languages: [room.language] });
  // Viewers of two other languages are greeted in theirs at the end of a round.
  const greetings = await writeScript({ ...common, products: [], languages: ['zh', 'es'] });
  const [welcome, ...others] = script.segments;
  const closing = others.pop()!;
  const [first, last] = [others[0]!, others.at(-1)!];
  // A product is on screen from the first word to the last.
  first.lines.unshift(...welcome!.lines, INTRODUCTION);
  last.lines.push(...greetings.segments.slice(0, 2).flatMap(({ lines }) => lines), ...closing.lines);
  save({
    ...source,
    products: products.map(withoutDefaults),
    script: { loop: true, gapMs: 450, segments: others.map(written) },
  });
  for (const { product, about, found } of script.leftOut)
    process.stdout.write(`left out: ${product} ${about}: ${found}\n`);
  process.stdout.write(`${script.lines} lines, ${script.seconds.toFixed(0)} s a round, to ${FILE}\n`);
}
