import { join } from 'node:path';
import { load } from 'cheerio';
import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.js';
import { reportPage } from '../../src/report/page/report-page.js';
import { sentencesOf, showReport } from '../../src/report/show-report.js';
import { loadSqlite } from '../../src/store/open-database.js';
import { ShowStore } from '../../src/store/show-store.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { HOSTILE_TEXT, MARKUP_QUESTION, twoDayStore } from '../kit/two-day-store.js';
import { sampled } from '../kit/whole.js';

t.test('report page', async (t) => {
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
    const asked = {
      text: 'What colours?',
      times: 1,
      product: null,
      lastMs: END,
      reason: 'waited too long for its turn',
    };
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
});

t.test('show report', async (t) => {
  const S = 1000;
  const MIN = 60 * S;
  const H = 60 * MIN;
  const NOW = Date.UTC(2026, 6, 2, 18);
  const config = { enabled: true, keepDays: 90, userNames: 'hash' } as const;

  /** Writes a store whose figures are known, and closes it. */
  async function storeOf(
    t: Test,
    write: (store: ShowStore, clock: { ms: number }) => void,
    end = true,
  ): Promise<string> {
    const file = join(t.testdir(), 'ledger.store.sqlite');
    const clock = { ms: NOW };
    const options = { file, config, log: silentLog, nowMs: () => clock.ms, writeMs: 0, maxWaiting: 1e6 };
    const store = await ShowStore.open(options);
    write(store, clock);
    while (store.health().waiting > 0) await store.flush();
    if (end) await store.close();
    return file;
  }

  const line = (text: string, atMs: number, more: object = {}) => ({
    ...{ line: 'l', text, atMs, untilMs: atMs + 4 * S, kind: 'script', role: 'host', language: 'en' },
    ...more,
  });

  t.test('adds up how long products were on screen, within the reported time', async (t) => {
    const begin = NOW - 3 * H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      store.productShown({ atMs: begin, product: 'mug', title: 'Mug' });
      store.productShown({ atMs: begin + 90 * MIN, product: 'cup', title: 'Cup' });
      store.productShown({ atMs: begin + 120 * MIN, product: 'mug', title: 'Mug' });
      store.lineSpoken(line('This is the mug of the year.', begin + 150 * MIN, { product: 'mug' }));
    });
    const day = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    t.equal(day.atMs, begin);
    t.equal(day.onAirMs, 3 * H);
    t.match(day.products, [
      { product: 'mug', title: 'Mug', times: 2, shownMs: 150 * MIN, lines: 1 },
      { product: 'cup', times: 1, shownMs: 30 * MIN },
    ]);
    const hour = await showReport({ file, sinceMs: H, nowMs: NOW });
    t.match(hour.products, [{ product: 'mug', times: 1, shownMs: H }]);
    t.equal(hour.products.length, 1);
    t.equal(hour.onAirMs, H);
  });

  t.test('finds the shortest time between two sayings of one sentence', async (t) => {
    const begin = NOW - 5 * H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      store.lineSpoken(line('The handle stays cool all day. It holds half a litre.', begin));
      store.lineSpoken(line('Welcome! The handle stays cool all day.', begin + 50 * MIN));
      store.lineSpoken(line('The handle stays cool all day.', begin + 4 * H));
      store.lineSpoken(line('Welcome! 这款保温杯可以保温十二小时。', begin + 4.5 * H, { language: 'zh' }));
      store.lineSpoken(line('It holds half a litre.', begin + 4 * H + 40 * MIN, { kind: 'reply' }));
    });
    const { lines } = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    t.equal(lines.spoken, 5);
    t.same(lines.byKind, { script: 4, reply: 1 });
    t.same(lines.byLanguage, { en: 4, zh: 1 });
    t.equal(lines.differentSentences, 3);
    t.equal(lines.shortestGapMs, 50 * MIN);
    t.equal(lines.tooSoon, 1, 'once sooner than two hours');
    t.same(
      lines.repeats.map(({ text, times, shortestGapMs }) => [text, times, shortestGapMs / MIN]),
      [
        ['The handle stays cool all day.', 3, 50],
        ['It holds half a litre.', 2, 280],
      ],
    );
  });

  t.test('compares sentences that a viewer notices', (t) => {
    t.same(sentencesOf('Hello! The lid is made of beech wood. OK.', 'en'), ['The lid is made of beech wood.']);
    t.same(sentencesOf('好的。这款水壶的容量是一点二升。', 'zh'), ['这款水壶的容量是一点二升。']);
    t.end();
  });

  t.test('counts comments by intent and lists the questions that got no answer', async (t) => {
    const begin = NOW - H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      const comment = (id: string, text: string, more: object = {}) =>
        store.eventSeen({
          id,
          platform: 'p',
          kind: 'comment',
          user: `u${id}`,
          text,
          atMs: begin + Number(id) * S,
          ...more,
        });
      const result = (id: string, more: object) =>
        store.eventResult({ id, platform: 'p', outcome: 'answered', ...more });
      for (let n = 1; n <= 20; n += 1) {
        comment(String(n), 'how much', { intent: 'price' });
        result(String(n), { path: 'intent', replyMs: n * 100 });
      }
      comment('21', 'Do you sell it in green?', { product: 'mug' });
      comment('22', 'do you sell it in GREEN');
      result('22', { outcome: 'unanswered' });
      comment('23', 'price?', { intent: 'price' });
      result('23', { outcome: 'merged' });
      comment('24', 'wow', { outcome: 'ignored' });
      comment('25', 'add me on +1 415 555 2671', { outcome: 'hostile' });
      store.eventSeen({ id: 'o', platform: 'p', kind: 'order', user: 'x', atMs: begin });
      store.eventSeen({ id: 'l', platform: 'p', kind: 'like', user: 'x', count: 12, atMs: begin + MIN });
    });
    const report = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    const { comments, replies, audience } = report;
    t.equal(comments.total, 25);
    t.equal(comments.viewers, 25);
    t.same(comments.byIntent, [
      { intent: 'price', comments: 21, answered: 21, unanswered: 0 },
      { intent: '', comments: 2, answered: 0, unanswered: 2 },
    ]);
    t.same(comments.byOutcome, { answered: 20, open: 1, unanswered: 1, merged: 1, ignored: 1, hostile: 1 });
    t.match(comments.unanswered, [{ text: 'Do you sell it in green?', times: 2, product: 'mug' }]);
    t.equal(comments.unanswered.length, 1);
    t.equal(replies.count, 20);
    t.equal(replies.p50Ms, 1000);
    t.equal(replies.p95Ms, 1900);
    t.same(replies.byPath, [{ path: 'intent', count: 20, p50Ms: 1000, p95Ms: 1900 }]);
    t.equal(
      replies.histogram.reduce((sum, { count }) => sum + count, 0),
      20,
    );
    t.same(audience, { like: 12, order: 1 });
    t.notMatch(JSON.stringify(report), /415 555/);
  });

  t.test(
    'lists every question without an answer with its reason, and no warning as a prevented violation',
    async (t) => {
      const begin = NOW - H;
      const file = await storeOf(t, (store) => {
        store.begin({ room: 'shop', version: '1', atMs: begin });
        for (let n = 1; n <= 40; n += 1) {
          const id = String(n);
          store.eventSeen({
            id,
            platform: 'p',
            kind: 'comment',
            user: id,
            text: `question ${n}`,
            atMs: begin + n * S,
          });
          store.eventResult({ id, platform: 'p', outcome: 'unanswered', reason: 'waited too long for its turn' });
        }
        for (const action of ['warn-over 4', 'warn', 'mute'])
          store.violationPrevented({ atMs: begin, rule: '5.8', surface: 'speech', action });
      });
      const { comments, violations } = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
      t.equal(comments.unanswered.length, 40);
      t.equal(comments.unansweredMore, 0);
      t.match(comments.unanswered[0], { reason: 'waited too long for its turn' });
      t.equal(violations.total, 1);
    },
  );

  t.test('measures the uptime of each output over the time on air', async (t) => {
    const begin = NOW - 2 * H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      const change = (atMs: number, state: string, error = '') =>
        store.outputChanged({ atMs, output: 'taobao', kind: 'rtmp', target: 'rtmp://a/***', state, error });
      change(begin, 'connecting');
      change(begin + 12 * MIN, 'live');
      change(begin + 60 * MIN, 'backoff', 'refused');
      change(begin + 66 * MIN, 'connecting');
      change(begin + 72 * MIN, 'live');
      change(begin + 80 * MIN, 'degraded');
      change(begin + 90 * MIN, 'live');
      change(NOW - 100, 'stopped');
    });
    const { outputs } = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    t.equal(outputs.length, 1);
    t.match(outputs[0], { output: 'taobao', interruptions: 1, lastError: 'refused', liveMs: 96 * MIN });
    t.equal(Math.round(outputs[0]!.uptime * 1000), 800);
    t.same(
      outputs[0]!.spans.map(({ state }) => state),
      ['connecting', 'live', 'backoff', 'connecting', 'live', 'degraded', 'live'],
    );
  });

  t.test('joins the pieces of a slate and counts overlapping causes once', async (t) => {
    const begin = NOW - H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      store.period({ kind: 'slate', cause: 'operator', atMs: begin, untilMs: begin + MIN });
      store.period({ kind: 'slate', cause: 'operator', atMs: begin + MIN, untilMs: begin + 2 * MIN });
      store.period({ kind: 'slate', cause: 'risk', atMs: begin + 90 * S, untilMs: begin + 3 * MIN });
      store.period({ kind: 'mute', cause: 'operator', atMs: begin, untilMs: begin + 5 * S });
      for (const rule of ['3.2', '3.2', '3.3'])
        store.violationPrevented({ atMs: begin, rule, surface: 'speech', action: 'mute' });
    });
    const { slate, mute, violations } = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    t.equal(slate.totalMs, 3 * MIN);
    t.same(slate.byCause, { operator: 2 * MIN, risk: 90 * S });
    t.equal(slate.spans.length, 2);
    t.equal(mute.totalMs, 5 * S);
    t.equal(violations.total, 3);
    t.match(violations.byRule, [
      { rule: '3.2', count: 2, byAction: { mute: 2 }, title: { zh: '站外信息与联系方式' } },
      { rule: '3.3', count: 1 },
    ]);
  });

  t.test('knows a session on air from a killed one', async (t) => {
    const file = await storeOf(
      t,
      (store, clock) => {
        store.begin({ room: 'shop', version: '1', atMs: NOW - H });
        clock.ms = NOW;
        store.figures({ frames: 100, replaced: 0, muted: 0, late: 0 });
      },
      false,
    );
    const live = await showReport({ file, sinceMs: 24 * H, nowMs: NOW + 5 * S });
    t.match(live.sessions, [{ ended: 'on-air', untilMs: NOW + 5 * S }]);
    const later = await showReport({ file, sinceMs: 24 * H, nowMs: NOW + H });
    t.match(later.sessions, [{ ended: 'killed', untilMs: NOW, frames: 100 }]);
  });

  t.test('spreads counts over at most sixty bars that add up', async (t) => {
    const begin = NOW - 26 * H;
    const file = await storeOf(t, (store) => {
      store.begin({ room: 'shop', version: '1', atMs: begin });
      for (let at = begin; at < NOW; at += 7 * MIN) store.lineSpoken(line(`At ${at} we say this.`, at));
      for (const output of ['whep', 'hls']) store.viewersSeen({ atMs: NOW - H, output, viewers: 20 });
    });
    const { intervals, lines, peakViewers } = await showReport({ file, sinceMs: 48 * H, nowMs: NOW });
    t.ok(intervals.length > 20 && intervals.length <= 60, `${intervals.length} bars`);
    t.equal(
      intervals.reduce((sum, bar) => sum + bar.lines, 0),
      lines.spoken,
    );
    t.equal(peakViewers, 40, 'of all outputs together');
  });

  t.test('makes a bounded page of whatever the rows hold', async (t) => {
    const begin = NOW - H;
    const file = await storeOf(t, (store) => store.begin({ room: 'shop', version: '1', atMs: begin }));
    const evil = `<script>alert(1)</script>"'\u001b[2J\u202e`;
    const long = evil + '长'.repeat(1_000_000);
    const Sqlite = await loadSqlite();
    const db = new Sqlite(file);
    const event = db.prepare(
      `INSERT INTO event (session, at_ms, platform, event, kind, user, text, amount, intent, product, outcome, path, reply_ms, reason)
      VALUES (1, ?, ?, ?, 'comment', ?, ?, 1, ?, ?, ?, ?, ?, ?)`,
    );
    for (let i = 0; i < 3; i += 1)
      event.run(begin + i, evil, `l${i}`, long, `${i}${long}`, long, long, 'unanswered', long, 1e12, long);
    for (let i = 0; i < 400; i += 1)
      event.run(
        begin + i,
        `${evil}${i}`,
        `e${i}`,
        evil,
        `${i} ${evil}?`,
        `${i}`,
        null,
        i % 2 ? 'open' : evil,
        null,
        -5,
        evil,
      );
    // Times that no date holds, and values that are no text.
    for (const [i, at] of [9e15, 1e300, 'soon'].entries())
      event.run(at, 'p', `t${i}`, null, `when ${i}?`, null, null, 'open', null, null, null);
    event.run(begin, Buffer.from(evil), 'b', Buffer.from(evil), Buffer.from('is it blue?'), 7, 8, 'open', 9, 1, 3);
    for (const at of [begin, 9e15]) {
      db.prepare('INSERT INTO violation (session, at_ms, rule, surface, action) VALUES (1, ?, ?, ?, ?)').run(
        at,
        long,
        evil,
        long,
      );
      db.prepare('INSERT INTO viewers (session, at_ms, output, viewers) VALUES (1, ?, ?, 5)').run(at, long);
      db.prepare('INSERT INTO product (session, at_ms, product, title) VALUES (1, ?, ?, ?)').run(at, long, long);
      db.prepare(
        'INSERT INTO output (session, at_ms, output, kind, target, state, error) VALUES (1, ?, ?, ?, ?, ?, ?)',
      ).run(...[at, long, evil, long, evil, long]);
      db.prepare('INSERT INTO period (session, at_ms, until_ms, kind, cause) VALUES (1, ?, ?, ?, ?)').run(
        at,
        9e15,
        'slate',
        long,
      );
      db.prepare('INSERT INTO audience (minute_ms, platform, kind, amount) VALUES (?, ?, ?, 1)').run(at, 'p', long);
    }
    db.prepare(
      'INSERT INTO session (id, room, version, started_ms, seen_ms) VALUES (2, ?, ?, 9000000000000000, 9000000000000000)',
    ).run(long, long);
    db.prepare('UPDATE session SET room = ? WHERE id = 1').run(long);
    db.close();
    const report = await showReport({ file, sinceMs: 24 * H, nowMs: NOW });
    t.equal(report.comments.total, 404);
    for (const language of ['en', 'zh'] as const) {
      const page = reportPage(report, language, 'UTC');
      t.ok(page.length < 500_000, `${page.length} characters`);
      for (const unseen of ['<script', '\u001b', '\u202e']) t.notOk(page.includes(unseen));
      t.match(page, /is it blue\?/);
    }
  });
});
