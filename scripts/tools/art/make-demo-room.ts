/**
 * Makes products and script of the demo room from templates/listings, the way `engine product` and `engine script` do; layers,
 * replies and the rest of the room file stay. The result is always the same.
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

const FILE = process.argv[2] ?? templatePath('rooms', 'demo-portrait', 'room.json');
const PRODUCTS = ['bottle', 'boards', 'lunchbox'];
const MINUTES = 2.9;
const WORDINGS = 4;
/** Shown with every line that shows nothing else. */
const BUBBLE = 'bubble';
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
  return { ...product, image: `assets/${id}.svg` };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Listings are files.
}

/** Without what the schema fills in by itself. */
function written(segment: Segment): object {
  const lines = segment.lines.map(({ variants, gesture, show = [], ...line }) => {
    const shown = show.length > 0 || line.language !== undefined ? show : [BUBBLE];
    return {
      ...line,
      ...(variants.length === 0 ? {} : { variants }),
      ...(gesture === 'none' ? {} : { gesture }),
      ...(shown.length === 0 ? {} : { show: shown }),
    };
  });
  return { ...segment, lines };
}

const save = (room: object): void => writeFileSync(FILE, `${JSON.stringify(room, null, 2)}\n`);

const products = await Promise.all(PRODUCTS.map(productOf));
const source = JSON.parse(readFileSync(FILE, 'utf8')) as { script: object };
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
loadRoom(FILE);
for (const { product, about, found } of script.leftOut)
  process.stdout.write(`left out: ${product} ${about}: ${found}\n`);
process.stdout.write(`${script.lines} lines, ${script.seconds.toFixed(0)} s a round, to ${FILE}\n`);
