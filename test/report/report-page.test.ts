import { join } from 'node:path';
import { load } from 'cheerio';
import t from 'tap';
import { reportPage } from '../../src/report/page/report-page.js';
import { showReport } from '../../src/report/show-report.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { HOSTILE_TEXT, MARKUP_QUESTION, twoDayStore } from '../kit/two-day-store.js';
import { sampled } from '../kit/whole.js';

const END = Date.UTC(2026, 6, 2, 18);
const HOURS_48 = 48 * 3_600_000;

const file = join(t.testdir(), 'ledger.store.sqlite');
const stored = twoDayStore(file, END);

async function twoDays() {
  await stored;
  return showReport({ file, sinceMs: HOURS_48, nowMs: END + 60_000 });
}

const TAGS = new Set(
  (
    'html head meta title style body main header section footer div span p h1 h2 h3 b i small code ul li svg rect path ' +
    'table thead tbody tr th td'
  ).split(' '),
);
const ATTRIBUTES =
  /^(lang|charset|http-equiv|content|name|class|style|role|scope|x|y|width|height|d|viewbox|aria-(label|hidden)|preserveaspectratio|data-name)$/i;

/** Elements and attributes that the page does not make itself. */
function strangers(page: string): string[] {
  const $ = load(page);
  return $('*')
    .toArray()
    .flatMap((node) => {
      const { name, attribs } = node as unknown as { name: string; attribs: Record<string, string> };
      const odd = Object.keys(attribs).filter((attribute) => !ATTRIBUTES.test(attribute));
      return TAGS.has(name) ? odd : [name, ...odd];
    });
}

t.test('says why a question had no answer, and marks a show under the slate', async (t) => {
  const report = await twoDays();
  const asked = { text: 'What colours?', times: 1, product: null, lastMs: END, reason: 'waited too long for its turn' };
  const late = {
    ...report,
    comments: { ...report.comments, unanswered: [asked], unansweredMore: 3 },
    slate: { ...report.slate, totalMs: report.onAirMs * 0.97 },
  };
  const $ = load(reportPage(late, 'en'));
  t.match($('table').text(), /came too late/);
  t.match($('body').text(), /and 3 more/);
  t.match($('.tile.bad').text(), /under the slate/);
  t.match($('body').text(), /97 ?% of the time on air\) what they received was the slate/);
  t.notOk(
    load(reportPage({ ...late, slate: { ...report.slate, totalMs: 0 } }, 'en'))('.tile.bad')
      .text()
      .includes('slate'),
  );
  t.match(reportPage(late, 'zh'), /来不及回答/);
});

t.test('shows a viewer’s markup as text and never a hostile comment', async (t) => {
  const report = await twoDays();
  const evil = '"><img src=x onerror=alert(1)>\u202e';
  const poisoned = {
    ...report,
    room: evil,
    products: report.products.map((product) => ({ ...product, title: evil, product: evil })),
    outputs: report.outputs.map((output) => ({ ...output, output: evil, target: evil, lastError: evil })),
    comments: {
      ...report.comments,
      byIntent: [{ intent: evil, comments: 1, answered: 0, unanswered: 1 }],
      byPlatform: { [evil]: 1 },
    },
  };
  for (const page of [reportPage(report, 'en'), reportPage(report, 'zh'), reportPage(poisoned, 'en')]) {
    t.notMatch(page, /\u202e/);
    t.notOk(page.includes(HOSTILE_TEXT));
    t.notMatch(page, /415 555/);
    t.same(strangers(page), []);
    t.match(page, /default-src 'none'/);
  }
  t.ok(reportPage(report, 'en').includes('Does &quot;it&quot; work with &lt;b&gt;220 V&lt;/b&gt; &amp; &lt;img'));
});

t.test('names rules and figures in both languages', async (t) => {
  const report = await twoDays();
  const [en, zh] = [reportPage(report, 'en', 'UTC'), reportPage(report, 'zh', 'Asia/Shanghai')];
  t.match(en, /<html lang="en">/);
  t.match(zh, /<html lang="zh-CN">/);
  t.match(en, /External sites, apps and contacts/);
  t.match(zh, /站外信息与联系方式/);
  t.match(en, /Does the kettle fit an induction hob\?/);
  t.match(zh, /Asia\/Shanghai/);
  for (const page of [en, zh]) t.notMatch(page, /undefined|NaN|\[object|\{\w+\}(?![^<]*<\/style>)/);
  t.ok(en.length < 300_000, `${en.length} characters`);
});

t.test('says that a room was not on air', async (t) => {
  await stored;
  const report = await showReport({ file, sinceMs: 1000, nowMs: END + HOURS_48, room: 'coffee-corner' });
  t.match(reportPage(report, 'en'), /was not on air/);
  t.match(reportPage(report, 'zh'), /没有开播/);
});

t.test('fits a desktop and a phone without a horizontal scroll bar', { skip: noChromium }, async (t) => {
  const report = await twoDays();
  const browser = await launchChromium(t);
  for (const language of sampled(['en', 'zh'] as const, 2)) {
    for (const width of [1280, 390]) {
      const page = await browser.newPage({ viewport: { width, height: 844 } });
      const faults: string[] = [];
      page.on('console', (message) => void faults.push(message.text()));
      page.on('dialog', (dialog) => void faults.push(dialog.message()));
      await page.setContent(reportPage(report, language));
      t.equal(await page.evaluate('document.documentElement.scrollWidth'), width, `${language} at ${width}`);
      const text = (await page.evaluate('document.body.innerText')) as string;
      t.ok(text.includes(MARKUP_QUESTION), 'the question reads as it was written');
      t.equal(await page.evaluate('document.images.length + document.scripts.length'), 0);
      t.same(faults, []);
      await page.close();
    }
  }
});
