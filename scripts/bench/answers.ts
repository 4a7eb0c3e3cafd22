/**
 * Answers: comments in 18 languages about ten listings, through the way of a comment to a judged answer.
 *
 *     npm run bench -- answers
 *
 * scripts/bench/answers/comments.tsv: language, listing, what is asked (several by "|"), comment. "-" must not be answered
 * with a fact, "?x" asks for what the listing lacks. Limits are set on lines with an even number; odd ones are held out.
 */
import { readFileSync } from 'node:fs';
import { parseRoom } from '../../src/config/load-room.js';
import { templatePath } from '../../src/core/files/paths.js';
import type { PreviewedAnswer } from '../../src/core/handles/events-handle.js';
import { openPreview } from '../../src/room/open/open-preview.js';

interface BenchListing {
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

const here = new URL('./answers/', import.meta.url);
const listings = JSON.parse(readFileSync(new URL('listings.json', here), 'utf8')) as BenchListing[];
const comments = readFileSync(new URL('comments.tsv', here), 'utf8')
  .trim()
  .split('\n')
  .map((line, i) => {
    const [language, listing, asked, text] = line.split('\t') as [string, string, string, string];
    return { language, listing, asked, text, isHeld: i % 2 === 1 };
  });

const steps = <K extends string>(list: [number, number, number][], key: K): object[] =>
  list.map(([from, to, value]) => ({ from, ...(to > 0 ? { to } : {}), [key]: value }));

function roomOf(one: BenchListing): ReturnType<typeof parseRoom> {
  const sample = one.faq.find(([question]) => question.includes('sample'))?.[1].match(/\d+/)?.[0];
  const logo = one.faq.find(([question]) => question.includes('logo'))?.[1].match(/\d+/)?.[0];
  const attributes = Object.entries(one.attributes).map(([name, value]) => ({ name, value }));
  const room = {
    name: 'answers-bench',
    language: 'en',
    presenter: { pack: 'mei' },
    products: [
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
    ],
    layers: [{ id: 'presenter', type: 'presenter' }],
    script: { segments: [{ product: one.id, lines: [{ text: 'Welcome to our show.' }] }] },
    replies: { meaning: !process.argv.includes('--words') },
  };
  return parseRoom(JSON.stringify(room), templatePath('rooms', 'answers-bench.json'));
}

/** Labels that are one fact to a viewer, and what the intents of known words cover. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  discount: ['price'],
  moq: ['minimum-order'],
  leadTime: ['lead-time'],
  customisation: ['logo'],
  variants: ['colour', 'size'],
  size: ['size', 'capacity', 'weight'],
  who: ['who', 'ai'],
  ai: ['who', 'ai'],
};

type Mark = 'right' | 'false' | 'evasive' | 'silent';

function mark(asked: string, { outcome, meaning }: PreviewedAnswer): Mark {
  const said = (meaning ?? '').split(' + ').flatMap((one) => [one, ...(SAME[one] ?? [])]);
  const isFact = outcome === 'answered';
  if (asked === '-' || asked.startsWith('?')) return isFact && !said.includes('link') ? 'false' : 'right';
  if (isFact) return asked.split('|').some((one) => said.includes(one)) ? 'right' : 'false';
  return outcome === 'evasive' ? 'evasive' : 'silent';
}

const rooms = new Map(listings.map((one) => [one.id, openPreview(roomOf(one))]));
const results: { language: string; isHeld: boolean; mark: Mark; ms: number }[] = [];
// The process and the tables are loaded by the first comment of a show.
for (const room of rooms.values()) await room.of('hello there');
const isVerbose = process.argv.includes('--verbose');
for (const { language, listing, asked, text, isHeld } of comments) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const answer = await rooms.get(listing)!.of(text);
  const found = mark(asked, answer);
  results.push({ language, isHeld, mark: found, ms: answer.tookMs });
  if (isVerbose && found !== 'right')
    console.log(
      [
        isHeld ? 'held' : 'tune',
        found,
        language,
        listing,
        asked,
        text,
        answer.meaning,
        answer.outcome,
        answer.margin,
        answer.nearest.map((one) => `${one.meaning} ${one.score} [${one.example}]`).join(' | '),
        answer.answer ?? answer.reason,
      ].join('\t'),
    );
}
for (const room of rooms.values()) await room.close();

const MARKS = ['right', 'false', 'evasive', 'silent'] as const;
function row(name: string, list: typeof results): void {
  const share = MARKS.map((one) => `${((100 * list.filter((r) => r.mark === one).length) / list.length).toFixed(1)} %`);
  console.log([name.padEnd(12), String(list.length).padStart(4), ...share.map((one) => one.padStart(8))].join(' '));
}
console.log(['language'.padEnd(12), '   n', ...MARKS.map((one) => one.padStart(8))].join(' '));
for (const language of [...new Set(results.map((one) => one.language))].toSorted())
  row(
    language,
    results.filter((one) => one.language === language),
  );
row(
  'tuning half',
  results.filter(({ isHeld }) => !isHeld),
);
row(
  'held out',
  results.filter(({ isHeld }) => isHeld),
);
row('all', results);
const times = results.map(({ ms }) => ms).toSorted((a, b) => a - b);
console.log(
  `comment in to text judged: median ${times[times.length >> 1]} ms, p95 ${times[Math.floor(times.length * 0.95)]} ms`,
);
