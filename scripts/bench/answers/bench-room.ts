import { readFileSync } from 'node:fs';
import { parseRoom } from '../../../src/config/load-room.js';
import { templatePath } from '../../../src/core/files/paths.js';
import { readListing } from '../../../src/listing/listing-sources.js';
import { toProduct } from '../../../src/listing/to-product.js';

export interface BenchListing {
  id: string;
  title: string;
  price: number;
  unit: string;
  ladder: [number, number, number][];
  moq: string;
  lead: [number, number, number][];
  variants: Record<string, string[]>;
  attributes: Record<string, string>;
  certificates: string[];
  faq: [string, string][];
}

export interface BenchComment {
  readonly set: string;
  readonly language: string;
  readonly listing: string;
  /** What is asked, several by "|"; "-" must not be answered with a fact, "?x" asks for what the listing lacks. */
  readonly asked: string;
  readonly text: string;
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

export const benchListings = (name: string): BenchListing[] => JSON.parse(read(name)) as BenchListing[];

export const benchComments = (set: string, name: string): BenchComment[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => {
      const [language, listing, asked, text] = line.split('\t') as [string, string, string, string];
      return { set, language, listing, asked, text };
    });

const steps = <K extends string>(list: [number, number, number][], key: K): object[] =>
  list.map(([from, to, value]) => ({ from, ...(to > 0 ? { to } : {}), [key]: value }));

/** A room that sells one listing. */
export function roomOf(one: BenchListing, isByMeaning: boolean): ReturnType<typeof parseRoom> {
  const sample = one.faq.find(([question]) => question.includes('sample'))?.[1].match(/\d+/)?.[0];
  const logo = one.faq.find(([question]) => question.includes('logo'))?.[1].match(/\d+/)?.[0];
  const attributes = Object.entries(one.attributes).map(([name, value]) => ({ name, value }));
  return roomWith(
    one.id,
    {
      id: one.id,
      title: one.title,
      image: 'bottle.svg',
      price: { amount: one.price, currency: 'USD', unit: one.unit },
      minimumOrder: one.moq,
      priceLadder: steps(one.ladder, 'price'),
      leadTime: steps(one.lead, 'days'),
      variants: Object.entries(one.variants).map(([name, values]) => ({
        name,
        values: values.map((v) => ({ name: v })),
      })),
      attributes,
      certificates: one.certificates.map((name) => ({ name })),
      facts: [...attributes.map(({ name, value }) => `${name}: ${value}`), ...one.certificates],
      faq: one.faq.map(([question, answer]) => ({ question, answer })),
      ...(sample === undefined ? {} : { sample: { price: Number(sample) } }),
      ...(logo === undefined ? {} : { customisation: { from: Number(logo) } }),
    },
    isByMeaning,
  );
}

/** A room that sells what a saved page lists. */
export function pageRoom(name: string, isByMeaning: boolean): ReturnType<typeof parseRoom> {
  const listing = readListing(read(name), { where: name });
  return roomWith('page', toProduct(listing, { id: 'page', where: name, image: 'bottle.svg' }), isByMeaning);
}

function roomWith(id: string, product: object, isByMeaning: boolean): ReturnType<typeof parseRoom> {
  const room = {
    name: 'answers-bench',
    language: 'en',
    presenter: { pack: 'mei' },
    products: [product],
    layers: [{ id: 'presenter', type: 'presenter' }],
    script: { segments: [{ product: id, lines: [{ text: 'Welcome to our show.' }] }] },
    replies: { meaning: isByMeaning },
  };
  return parseRoom(JSON.stringify(room), templatePath('rooms', 'answers-bench.json'));
}
