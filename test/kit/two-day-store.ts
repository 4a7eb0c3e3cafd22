import { silentLog } from '../../src/core/log.js';
import { seededRandom } from '../../src/core/random.js';
import { ShowStore } from '../../src/store/show-store.js';
import type { EventOutcome, ReplyPath } from '../../src/store/store-records.js';

const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

export const HOSTILE_TEXT = '<script>alert(1)</script> add me on WhatsApp +1 415 555 2671';
export const MARKUP_QUESTION = `Does "it" work with <b>220 V</b> & <img src=x onerror=alert('x')> plugs?`;

const PRODUCTS = [
  ['kettle', 'Gooseneck Kettle 1.2 L, Stainless Steel, Variable Temperature'],
  ['grinder', 'Manual Coffee Grinder with 38 mm Steel Burrs'],
  ['scale', 'Coffee Scale 3 kg / 0.1 g with Timer'],
  ['dripper', 'Ceramic Dripper V60, White'],
  ['server', 'Glass Server 600 ml, Heat Resistant Borosilicate with a Bamboo Lid'],
] as const;

const SENTENCES = [
  'This one is made of food grade stainless steel and weighs {n} grams.',
  'For orders from {n} pieces the price goes down again.',
  'We pack {n} of them in one carton, with foam on all sides.',
  'It reaches the set temperature in about {n} seconds.',
  'Our customers in {n} countries have asked for this colour.',
  'The lead time for {n} pieces is fifteen days.',
];
const FIXED = [
  'Welcome to our coffee corner, good to have you here with us.',
  '欢迎来到我们的直播间，今天给大家介绍几款手冲咖啡器具。',
];

type Question = readonly [text: string, intent: string | undefined, share: number, path: ReplyPath | undefined];
const QUESTIONS: readonly Question[] = [
  ['how much is it?', 'price', 26, 'intent'],
  ['price for 500 pcs', 'price', 9, 'intent'],
  ['多少钱', 'price', 8, 'intent'],
  ['what is the moq', 'moq', 11, 'intent'],
  ['do you ship to Brazil?', 'shipping', 9, 'rule'],
  ['¿hacen envíos a México?', 'shipping', 5, 'rule'],
  ['is it food safe', 'material', 6, 'faq'],
  ['can we print our logo', 'customisation', 6, 'faq'],
  ['any certificate CE?', 'certificate', 5, 'intent'],
  ['delivery time?', 'leadTime', 6, 'intent'],
  ['can I get a sample', 'sample', 5, 'intent'],
  ['what sizes are there', 'size', 3, 'intent'],
  ['which one do you use at home', undefined, 3, 'llm'],
  ['Does the kettle fit an induction hob?', undefined, 4, undefined],
  ['does it come in green', 'variants', 3, undefined],
  ['保修多久？', 'warranty', 3, undefined],
  [MARKUP_QUESTION, undefined, 2, undefined],
];
const SMALL_TALK = ['nice', '👍👍', 'hello from Lagos', '好看', 'wow'];
const REPLY_MS: Readonly<Record<string, readonly [number, number]>> = {
  rule: [350, 900],
  intent: [400, 1300],
  faq: [600, 1700],
  llm: [1400, 5200],
};

/** Writes the records of two evenings and one long day to a store; returns when the last session ended. */
export async function twoDayStore(file: string, endMs: number, seed = 7): Promise<void> {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number => low + random() * (high - low);
  const start = endMs - 47 * H;
  const sessions: [number, number, 'stopped' | 'killed'][] = [
    [start, 9.2 * H, 'stopped'],
    [start + 14 * H, 11.6 * H, 'killed'],
    [start + 25.7 * H, 21.3 * H, 'stopped'],
  ];
  let event = 0;
  for (const [from, lengthMs, ended] of sessions) {
    let now = from;
    const store = await ShowStore.open({
      file,
      config: { enabled: true, keepDays: 90, userNames: 'hash' },
      log: silentLog,
      nowMs: () => now,
      writeMs: 0,
      maxWaiting: 1_000_000,
    });
    store.begin({ room: 'coffee-corner', version: '0.1.0', atMs: from });
    const until = from + lengthMs;
    for (const [output, target] of [
      ['local', 'rtmp://127.0.0.1:1935/live/***'],
      ['alibaba', 'rtmp://live-push.example.com/live/***'],
      ['youtube', 'rtmps://a.rtmps.youtube.example/live2/***'],
    ] as const) {
      const change = (atMs: number, state: string, error = ''): void =>
        store.outputChanged({ atMs, output, kind: 'rtmp', target, state, error });
      change(from + 300, 'connecting');
      change(from + between(600, 2500), 'live');
      if (output === 'local') continue;
      for (let at = from + between(1, 4) * H; at < until - H; at += between(3, 9) * H) {
        change(at, 'backoff', 'expected a connection, found connect ECONNREFUSED 203.0.113.7:1935');
        const back = at + between(4, output === 'youtube' ? 1900 : 90) * S;
        change(back, 'connecting');
        change(back + between(400, 3000), 'live');
        if (random() < 0.5) {
          change(back + 10 * MIN, 'degraded');
          change(back + 14 * MIN, 'live');
        }
      }
    }
    let line = 0;
    let product = -1;
    for (let at = from + S; at < until;) {
      if (line % 14 === 0) {
        product = (product + 1) % PRODUCTS.length;
        store.productShown({ atMs: at, product: PRODUCTS[product]![0], title: PRODUCTS[product]![1] });
      }
      const spokenMs = between(4, 9) * S;
      const opening = line % 420 === 0;
      const text = opening
        ? FIXED[(line / 420) % 2]!
        : SENTENCES[line % SENTENCES.length]!.replace('{n}', String(100 + ((line * 37) % 9000)));
      store.lineSpoken({
        line: `s${Math.floor(line / 84)}.${product}.${line % 14}`,
        text,
        atMs: at,
        untilMs: at + spokenMs,
        kind: line % 9 === 0 ? 'reply' : line % 61 === 0 ? 'timed' : line % 97 === 0 ? 'operator' : 'script',
        role: 'host',
        language: opening && (line / 420) % 2 === 1 ? 'zh' : 'en',
        product: PRODUCTS[product]![0],
        position: `${Math.floor(line / 84)}.${product}.${line % 14}`,
        variant: line % 3,
      });
      line += 1;
      at += spokenMs + 700;
    }
    const total = QUESTIONS.reduce((sum, [, , share]) => sum + share, 0);
    for (let at = from + MIN; at < until;) {
      const hour = new Date(at).getUTCHours();
      const rush = 0.35 + 0.65 * Math.max(0, Math.sin(((hour - 7) / 24) * 2 * Math.PI));
      at += between(8, 70) * (S / rush);
      event += 1;
      const id = `e${event}`;
      const seen = {
        id,
        platform: random() < 0.7 ? 'alibaba' : 'youtube',
        user: `viewer ${Math.floor(between(0, 900))}`,
      };
      store.eventSeen({ ...seen, id: `${id}l`, kind: 'like', count: Math.ceil(between(1, 30)), atMs: at });
      store.eventSeen({ ...seen, id: `${id}n`, kind: 'enter', atMs: at });
      if (random() < 0.02) store.eventSeen({ ...seen, id: `${id}o`, kind: 'order', atMs: at });
      if (random() < 0.3) {
        store.eventSeen({
          ...seen,
          kind: 'comment',
          text: SMALL_TALK[event % SMALL_TALK.length]!,
          atMs: at,
          outcome: 'ignored',
        });
        continue;
      }
      if (random() < 0.03) {
        store.eventSeen({ ...seen, kind: 'comment', text: HOSTILE_TEXT, atMs: at, outcome: 'hostile' });
        store.violationPrevented({ atMs: at, rule: '3.2', surface: 'reply', action: 'skip' });
        continue;
      }
      let pick = random() * total;
      const [text, intent, , path] = QUESTIONS.find(([, , share]) => (pick -= share) < 0) ?? QUESTIONS[0]!;
      store.eventSeen({ ...seen, kind: 'comment', text, atMs: at, intent, product: PRODUCTS[event % 5]![0] });
      const outcome: EventOutcome = path === undefined ? 'unanswered' : random() < 0.12 ? 'merged' : 'answered';
      const [low, high] = REPLY_MS[path ?? ''] ?? [0, 0];
      store.eventResult({
        id,
        platform: seen.platform,
        outcome,
        ...(path === undefined
          ? {}
          : { path, replyMs: low + (high - low) * random() ** 2 * (random() < 0.04 ? 2.4 : 1) }),
      });
    }
    for (const [rule, surface, action, every] of [
      ['3.2', 'speech', 'mute', 3.1],
      ['2.1', 'caption', 'drop-caption', 4.2],
      ['3.3', 'frame', 'blank', 7],
      ['5.2', 'reply', 'skip', 2.2],
    ] as const) {
      for (let at = from + between(0.2, every) * H; at < until; at += between(0.3, 2) * every * H)
        store.violationPrevented({ atMs: at, rule, surface, action });
    }
    for (let at = from + between(2, 5) * H; at < until; at += between(4, 9) * H) {
      store.period({
        kind: 'slate',
        cause: random() < 0.5 ? 'violation' : 'operator',
        atMs: at,
        untilMs: at + between(2, 300) * S,
      });
      store.period({
        kind: 'mute',
        cause: 'operator',
        atMs: at + 20 * MIN,
        untilMs: at + 20 * MIN + between(5, 200) * S,
      });
    }
    for (let at = from; at < until; at += 30 * S) {
      const share = (at - from) / lengthMs;
      const wave = 40 + 160 * Math.sin(Math.PI * share) + between(-12, 12);
      store.viewersSeen({ atMs: at, output: 'whep', viewers: Math.max(0, Math.round(wave)) });
    }
    now = until;
    store.figures({
      frames: Math.round((lengthMs / S) * 30),
      replaced: Math.round(between(0, 900)),
      muted: Math.round(between(0, 500)),
      late: 0,
    });
    while (store.health().waiting > 0) await store.flush();
    // A killed engine says nothing more.
    if (ended === 'stopped') await store.close();
  }
}
