/**
 * Answers: comments in 18 languages about twenty listings and a page, through the way of a comment to a judged answer.
 *
 *     npm run bench -- answers [--words] [--verbose]
 *
 * scripts/bench/answers/*.tsv: language, listing, what is asked (several by "|"), comment. "-" must not be answered with a
 * fact, "?x" asks for what the listing lacks. Examples and limits are set on comments.tsv; comments-2.tsv and page-comments.tsv
 * are held out. `--words`: without the sentence model.
 */
import type { PreviewedAnswer } from '../../src/config/api/events-handle.js';
import { openPreview } from '../../src/room/open/open-preview.js';
import { benchComments, benchListings, pageRoom, roomOf } from './answers/bench-room.js';

const isByMeaning = !process.argv.includes('--words');
const listings = [...benchListings('listings.json'), ...benchListings('listings-2.json')];
const comments = [
  ...benchComments('tuned on', 'comments.tsv'),
  ...benchComments('held out', 'comments-2.tsv'),
  ...benchComments('page', 'page-comments.tsv'),
];

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

const rooms = new Map([
  ...listings.map((one) => [one.id, openPreview(roomOf(one, isByMeaning))] as const),
  ['page', openPreview(pageRoom('page.html', isByMeaning))] as const,
]);
const results: { set: string; language: string; mark: Mark; ms: number }[] = [];
// The process and the tables are loaded by the first comment of a show.
for (const room of rooms.values()) await room.of('hello there');
const isVerbose = process.argv.includes('--verbose');
for (const { set, language, listing, asked, text } of comments) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  const answer = await rooms.get(listing)!.of(text);
  const found = mark(asked, answer);
  results.push({ set, language, mark: found, ms: answer.tookMs });
  if (isVerbose && found !== 'right')
    console.log(
      [
        set,
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
for (const set of new Set(results.map((one) => one.set)))
  row(
    set,
    results.filter((one) => one.set === set),
  );
row('all', results);
const times = results.map(({ ms }) => ms).toSorted((a, b) => a - b);
console.log(
  `comment in to text judged: median ${times[times.length >> 1]} ms, p95 ${times[Math.floor(times.length * 0.95)]} ms`,
);
