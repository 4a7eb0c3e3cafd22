/**
 * Answers: comments in 18 languages about twenty listings and three pages, through the way of a comment to a judged answer.
 *
 *     npm run bench -- answers [--set NAME] [--words] [--verbose]
 *     npm run bench -- answers --times
 *
 * scripts/bench/answers/*.tsv: language, listing, what is asked (several by "|"), comment. "-" must not be answered with a
 * fact, "?x" asks for what the listing lacks. Examples and limits are set on `tuned`; `held-out` (page-3-comments.tsv) was written
 * after their last change, and nobody mends its misses one by one. `--words`: without the sentence model. `--times`: instead
 * of marks, how long an answer takes at one comment a tenth of a second; on an idle machine.
 */
import type { PreviewedAnswer } from '../../src/config/api/events-handle.js';
import { openPreview, type Preview } from '../../src/room/open/open-answers.js';
import { type BenchComment, benchComments, benchListings, pageRoom, roomOf } from './answers/bench-room.js';
import { scriptOptions } from './kit/script-options.js';

const options = scriptOptions(import.meta.url, {
  set: { type: 'string' },
  words: { type: 'boolean' },
  verbose: { type: 'boolean' },
  times: { type: 'boolean' },
});
const isByMeaning = options.words !== true;
const listings = [...benchListings('listings.json'), ...benchListings('listings-2.json')];
const comments = [
  ...benchComments('tuned', 'comments.tsv'),
  ...benchComments('tuned', 'comments-2.tsv'),
  ...benchComments('tuned', 'page-comments.tsv'),
  ...benchComments('tuned', 'page-2-comments.tsv'),
  ...benchComments('held-out', 'page-3-comments.tsv'),
].filter(({ set }) => options.set === undefined || set === options.set);

/** Comments of a measurement of times, and the pause between two of them. */
const TIMED = 300;
const PAUSE_MS = 100;
const PROGRESS_EACH = 100;

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

const rooms = new Map<string, Preview>();
function roomFor(listing: string): Preview {
  let room = rooms.get(listing);
  if (room === undefined) {
    const one = listings.find(({ id }) => id === listing);
    room = openPreview(one === undefined ? pageRoom(`${listing}.html`, isByMeaning) : roomOf(one, isByMeaning));
    rooms.set(listing, room);
  }
  return room;
}

function progress(done: number, all: number): void {
  if (done % PROGRESS_EACH === 0 || done === all)
    process.stderr.write(`${done} of ${all} comments, ${Math.round(performance.now() / 1000)} s\n`);
}

/** What a row of the report needs of a comment that was not answered as wanted. */
const told = ({ set, language, listing, asked, text }: BenchComment, found: Mark, answer: PreviewedAnswer): string =>
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
  ].join('\t');

interface Result {
  readonly set: string;
  readonly language: string;
  readonly mark: Mark;
}

async function markAll(): Promise<Result[]> {
  const results: Result[] = [];
  for (const comment of comments) {
    const answer = await roomFor(comment.listing).of(comment.text);
    const found = mark(comment.asked, answer);
    results.push({ set: comment.set, language: comment.language, mark: found });
    if (options.verbose === true && found !== 'right') console.log(told(comment, found, answer));
    progress(results.length, comments.length);
  }
  return results;
}

/** Paced, since the model process collects its garbage between two comments. */
async function timeSome(): Promise<number[]> {
  const each = Math.max(1, Math.floor(comments.length / TIMED));
  const some = comments.filter((_, i) => i % each === 0).slice(0, TIMED);
  // The process and the tables are loaded by the first comment of a show.
  for (const listing of new Set(some.map((one) => one.listing))) await roomFor(listing).of('hello there');
  const times: number[] = [];
  for (const { listing, text } of some) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const { tookMs } = await roomFor(listing).of(text);
    times.push(tookMs);
    progress(times.length, some.length);
  }
  return times.toSorted((a, b) => a - b);
}

const MARKS = ['right', 'false', 'evasive', 'silent'] as const;
function row(name: string, list: readonly Result[]): void {
  const share = MARKS.map((one) => `${((100 * list.filter((r) => r.mark === one).length) / list.length).toFixed(1)} %`);
  console.log([name.padEnd(12), String(list.length).padStart(4), ...share.map((one) => one.padStart(8))].join(' '));
}

function print(results: readonly Result[]): void {
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
}

if (options.times === true) {
  const times = await timeSome();
  const at = (share: number): number => times[Math.floor(times.length * share)]!;
  console.log(`comment in to text judged, ${times.length} comments: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
} else print(await markAll());
for (const room of rooms.values()) await room.close();
