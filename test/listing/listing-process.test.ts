import t from 'tap';
import { STRANGER_LIMITS } from '../../src/core/processes/limited-process.js';
import { ListingProcess } from '../../src/listing/listing-process.js';
import { fixture } from './fixture.js';

const pages = new ListingProcess();
t.teardown(() => pages.close());
const read = (text: string) => pages.read([{ text, where: 'page' }], 'page');

/** The longest time for which the main thread did nothing else while `work` ran. */
async function longestBlockMs(work: () => Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  await work();
  clearInterval(timer);
  return longest;
}

t.test('reads a page in a process of its own', async (t) => {
  const { listing, index } = await read(fixture('alibaba-ladder.html'));
  t.equal(listing.id, '1601000000042');
  t.equal(index, 0);
  t.equal(listing.origins[0]?.place, 'window.detailData');
  t.not(pages.pid, process.pid);
});

const floods: readonly (readonly [string, string, string])[] = [
  ['nested elements', '<div>'.repeat(200_000), 'depth'],
  ['nested unknown elements', '<x-y>'.repeat(200_000), 'depth'],
  ['elements', '<br>'.repeat(400_000), 'elements'],
  [
    'attributes of one element',
    `<a ${Array.from({ length: 200_000 }, (_, i) => `a${i}=1`).join(' ')}>`,
    'attributesOfOne',
  ],
  ['attributes', `<a ${'b=1 '.repeat(300)}></a>`.repeat(3000), 'attributes'],
  ['comments', '<!---->'.repeat(400_000), 'comments'],
];
for (const [name, html, limit] of floods)
  t.test(`refuses a flood of ${name} in under a second and keeps the main thread free`, async (t) => {
    await read(fixture('shopify.html')); // the process runs
    const beganMs = performance.now();
    let thrown: unknown;
    const blockMs = await longestBlockMs(async () => (thrown = await read(html).catch((error: unknown) => error)));
    const ms = performance.now() - beganMs;
    t.match(thrown, { code: 'E_LISTING_INVALID', details: { limit } });
    t.ok(ms < 1000, `${Math.round(ms)} ms`);
    t.ok(blockMs < 150, `main thread blocked ${Math.round(blockMs)} ms`);
  });

t.test(
  'ends with a page that costs more than its CPU time, and reads the next one',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const small = new ListingProcess({ limits: { ...STRANGER_LIMITS, cpuMs: 300 } });
    t.teardown(() => small.close());
    // Every name looks at all its siblings.
    const slow = `<html><i data-testid="module-attribute-name">x</i>${'<i data-testid="module-attribute-name">x</i>'.repeat(50_000)}<h1 title="A">A</h1>`;
    await t.rejects(small.read([{ text: slow, where: 'slow.html' }], 'slow.html'), {
      code: 'E_LISTING_INVALID',
      where: 'slow.html',
      expected: /within 0\.3 s/,
    });
    t.equal((await small.read([{ text: fixture('taobao.html'), where: 'x' }], 'x')).listing.source, 'taobao');
  },
);

t.test('hands on no text longer than its readers can take', async (t) => {
  const { listing } = await read(
    `<script type="application/ld+json">${JSON.stringify({ '@type': 'Product', name: 'a b '.repeat(100_000), description: 'x'.repeat(1_000_000), additionalProperty: Array.from({ length: 2000 }, (_, i) => ({ name: `n${i}`, value: 'v' })) })}</script>`,
  );
  t.equal(listing.title.length, 1000);
  t.equal(listing.description?.length, 4000);
  t.equal(listing.attributes.length, 400);
});

t.test('keeps the class of the fault of a page', async (t) => {
  await t.rejects(read(fixture('bot-wall.html')), { code: 'E_LISTING_PAGE', details: { kind: 'bot-wall' } });
  await t.rejects(pages.read([], 'https://shop.example/p'), { code: 'E_LISTING_INVALID', found: 'neither' });
});

t.test('is ended with a page half read', async (t) => {
  const one = new ListingProcess();
  const reading = one.read([{ text: fixture('taobao.html'), where: 'x' }], 'x');
  await one.close();
  await t.rejects(reading, { code: 'E_CLOSED' });
});
