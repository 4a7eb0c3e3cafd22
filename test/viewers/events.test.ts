import t, { type Test } from 'tap';
import { type EventRecord, type ViewerEvent, viewerEvent } from '../../src/config/api/events-handle.js';
import { parseRoom } from '../../src/config/load-room.js';
import { events } from '../../src/config/sections/events.js';
import { CloseStack } from '../../src/core/close-stack.js';
import { silentLog } from '../../src/core/log.js';
import { openSources, requireSourceKeys } from '../../src/room/open/ground.js';
import { checkEvents, EventIntake, EventLog, MAX_PER_SECOND } from '../../src/viewers/events/event-intake.js';
import { HiddenViewers, RoomEvents } from '../../src/viewers/replies/room-events.js';
import { HOSTILE, simulatedViewers } from '../../src/viewers/simulator/simulated-viewers.js';
import { EventList } from '../kit/event-list.js';
import { deskOf } from './replies/desk-of.js';

t.test('event intake', async (t) => {
  function intakeOf(onEvent: (record: EventRecord) => void = () => undefined) {
    const clock = { nowMs: 0 };
    const events = new EventLog();
    const warned: object[] = [];
    const log = {
      ...silentLog,
      warn: (fields: object) => void warned.push(fields),
      error: (fields: object) => void warned.push(fields),
    };
    const intake = new EventIntake({
      events,
      onEvent,
      nowMs: () => clock.nowMs,
      unixMs: () => 5000 + clock.nowMs,
      log,
    });
    return { clock, events, intake, warned };
  }

  const event = (id: string, platform = 'taobao'): ViewerEvent => ({
    id,
    platform,
    kind: 'comment',
    user: 'Anna',
    text: 'Hi',
  });

  t.test('drops repeated ids of one platform', (t) => {
    const { intake, events } = intakeOf();
    t.same(intake.take([event('1'), event('1'), event('1', 'youtube'), event('2')]), {
      taken: 3,
      repeated: 1,
      dropped: 0,
    });
    t.same(intake.take([event('2')]), { taken: 0, repeated: 1, dropped: 0 });
    t.same(
      events.recent(10).map(({ id, platform, atMs }) => `${platform} ${id} ${atMs}`),
      ['taobao 2 5000', 'youtube 1 5000', 'taobao 1 5000'],
    );
    t.end();
  });

  t.test('takes 200 events a second and counts the rest', (t) => {
    const { intake, clock, warned } = intakeOf();
    const many = Array.from({ length: 500 }, (_, i) => event(`${i}`));
    t.same(intake.take(many), { taken: MAX_PER_SECOND, repeated: 0, dropped: 300 });
    clock.nowMs = 1000;
    t.same(intake.take(many), { taken: MAX_PER_SECOND, repeated: 200, dropped: 100 }, 'a dropped one may come again');
    t.same(intake.counts, { taken: 400, repeated: 200, dropped: 400 });
    t.equal(warned.length, 1, 'one line in the log');
    t.end();
  });

  t.test('remembers a bounded number of ids and records', (t) => {
    const { intake, clock, events } = intakeOf();
    for (let i = 0; i < 21_000; i += 200) {
      clock.nowMs += 1000;
      intake.take(Array.from({ length: 200 }, (_, k) => event(`${i + k}`)));
    }
    clock.nowMs += 1000;
    t.equal(intake.take([event('0')]).taken, 1, 'the oldest id is forgotten');
    t.equal(intake.take([event('20999')]).repeated, 1);
    t.equal(events.recent(100_000).length, 500);
    t.end();
  });

  t.test('goes on when a handler throws', (t) => {
    const { intake, warned } = intakeOf(() => {
      throw new Error('broken');
    });
    t.same(intake.take([event('1'), event('2')]), { taken: 2, repeated: 0, dropped: 0 });
    t.equal(warned.length, 2);
    t.end();
  });

  t.test('reports every change to listeners until they stop', (t) => {
    const { intake, events } = intakeOf();
    const heard: string[] = [];
    const stop = events.listen(({ id, state }) => void heard.push(`${id} ${state}`));
    intake.take([event('1')]);
    events.change(1, { state: 'answered' });
    events.change(99, { state: 'answered' });
    stop();
    intake.take([event('2')]);
    t.same(heard, ['1 taken', '1 answered']);
    t.end();
  });

  t.test('nothing happened after it came', (t) => {
    const { intake, events } = intakeOf();
    intake.take([
      { ...event('1'), atMs: 1e300 },
      { ...event('2'), atMs: 4000 },
    ]);
    t.same(
      events.recent(10).map(({ atMs }) => atMs),
      [4000, 5000],
    );
    t.end();
  });
});

t.test('event log', async (t) => {
  const event = (kind: ViewerEvent['kind'], id: string): ViewerEvent =>
    ({ id, platform: 'api', kind, user: 'Anna', text: 'How much?', count: 1 }) as ViewerEvent;

  t.test('keeps a comment until its answer while likes come by the thousand', async (t) => {
    const log = new EventLog();
    const { seq } = log.add(event('comment', 'c'), 1);
    for (let n = 0; n < 3000; n += 1) log.add(event('like', `l${n}`), 2);
    log.change(seq, { state: 'answered' });
    const all = log.recent(1000);
    t.match(
      all.find((one) => one.seq === seq),
      { state: 'answered' },
    );
    t.equal(all.length, 201);
    t.ok(all[0]!.seq > all[1]!.seq, 'newest first');
  });
});

t.test('check events', async (t) => {
  const sources = [
    { id: 'yt', kind: 'youtube', videoId: 'abcdefgh' },
    { id: 'b', kind: 'bilibili', roomId: 3, cookie: '${BILI_COOKIE}' },
    { id: 'shop', kind: 'oba' },
  ];
  const room = { events: events.parse({ sources }) };

  t.test('names each missing variable with its place in the room file', async (t) => {
    t.match(checkEvents(room, { BILI_COOKIE: 'x' }), [
      {
        severity: 'warning',
        where: 'events.sources[0].apiKey',
        expected: 'environment variable YOUTUBE_KEY',
        todo: /before `engine start`/,
      },
    ]);
    t.equal(checkEvents(room, {}).length, 2);
    t.same(checkEvents(room, { BILI_COOKIE: 'x', YOUTUBE_KEY: 'y' }), []);
  });

  t.test('refuses a room before it loads when a variable is missing', async (t) => {
    t.throws(() => requireSourceKeys(room, {}), { code: 'E_ENV_MISSING', where: 'events.sources[0].apiKey' });
    requireSourceKeys(room, { BILI_COOKIE: 'x', YOUTUBE_KEY: 'y' });
  });

  t.test('closes the sources with the room', async (t) => {
    const stack = new CloseStack(silentLog);
    const only = { events: events.parse({ sources: [{ id: 'l', kind: 'luna', port: 0 }] }) };
    const opened = openSources({ room: only, sink: new EventList(), log: silentLog, env: {} }, stack);
    t.equal(opened.health().length, 1);
    await stack.close();
    t.equal(opened.health()[0]!.state, 'stopped');
  });

  const file = (list: unknown): string =>
    JSON.stringify({
      name: 'x',
      presenter: { pack: 'mei' },
      layers: [{ id: 'p', type: 'presenter', width: '100%', height: '80%' }],
      script: { segments: [{ lines: [{ text: 'Hello' }] }] },
      events: { sources: list },
    });

  t.test('says where a source in a room file is wrong, without showing a secret', async (t) => {
    const fault = (list: unknown): string => {
      try {
        parseRoom(file(list), '/room.json');
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    t.equal(fault(sources), '');
    const key = 'AIzaSyA-a-real-key';
    const shown = fault([{ id: 'yt', kind: 'youtube', videoId: 'abcdefgh', apiKey: key }]);
    t.match(shown, /events\.sources\[0\]\.apiKey/);
    t.notMatch(shown, new RegExp(key));
    t.match(
      fault([
        { id: 'a', kind: 'oba' },
        { id: 'a', kind: 'oba' },
      ]),
      /events\.sources\[1\]\.id.*"a" again/,
    );
    t.match(fault([{ id: 'a', kind: 'tiktok' }]), /events\.sources\[0\]\.kind/);
    t.match(fault([{ id: 'a', kind: 'youtube' }]), /events\.sources\[0\]\.videoId/);
    t.match(fault([{ id: 'a', kind: 'luna', host: '0.0.0.0' }]), /events\.sources\[0\]\.token/);
    t.match(fault([{ id: 'a', kind: 'twitch', channel: 'no spaces please' }]), /events\.sources\[0\]\.channel/);
  });
});

t.test('comments that an operator puts on the picture', async (t) => {
  function roomOf(t: Test, quotes: boolean) {
    const room = deskOf({ config: { perViewerPerMinute: 600 } });
    const { intake, events, questions, judge, desk, speaker, preview, shown } = room;
    const taken = new RoomEvents({
      intake,
      events,
      now: () => ({ desk, speaker, preview, quotes }),
      questions,
      judge,
      hidden: new HiddenViewers(),
      showLayer: (layer, forMs) => void shown.push({ layer, forMs }),
      layers: [],
      productNow: () => 'bottle',
      languageOf: (text) => room.comments.read(text).language,
      reasonOf: () => ({ en: 'a rule', zh: '规则' }),
    });
    t.teardown(() => taken.close());
    return { ...room, taken };
  }

  t.test('say what was understood, and nothing that a viewer typed', async (t) => {
    const { taken, tell, last, shown, lines } = roomOf(t, false);
    await tell([{ user: 'kettleking', text: 'zanzibarian price for 500 pieces??' }]);
    t.match(await taken.showComment(last().seq), { result: 'queued' });
    t.match(shown, [
      { layer: { type: 'question', user: 'k•••g', text: 'A viewer asks for the price of 500 pieces.' } },
    ]);
    t.match(await taken.answerComment(last().seq, 'It is on the page.'), { result: 'queued' });
    t.match(lines.at(-1)!.layers, [{ layer: { text: 'A viewer asks for the price of 500 pieces.' } }]);
    t.notMatch(JSON.stringify([shown, lines]), /zanzi|kettle/);
  });

  t.test('are refused where nothing was understood, and their answer comes without a panel', async (t) => {
    const { taken, tell, last, shown, lines } = roomOf(t, false);
    await tell([{ user: 'Anna', text: 'my zanzibarian grandmother' }]);
    t.match(await taken.showComment(last().seq), {
      result: 'refused',
      reason: { en: /not understood/, zh: /没有听懂/ },
    });
    t.same(shown, []);
    t.match(await taken.answerComment(last().seq, 'Greetings to her.'), { result: 'queued' });
    t.notOk(lines.at(-1)!.layers?.length);
  });

  t.test('stand there as they were written where the room file asks for that, within the rules', async (t) => {
    const { taken, tell, last, shown } = roomOf(t, true);
    await tell([{ user: 'Anna', text: 'my zanzibarian grandmother' }]);
    t.match(await taken.showComment(last().seq), { result: 'queued' });
    t.match(shown, [{ layer: { user: 'Anna', text: 'my zanzibarian grandmother' } }]);
    await tell([{ user: 'Ben', text: 'write me on WhatsApp' }]);
    t.match(await taken.showComment(last().seq), { result: 'refused', reason: { en: 'a rule' } });
  });
});

t.test('simulator', async (t) => {
  const first = (seed: number, count: number, run = 'a'): ViewerEvent[] => {
    const viewers = simulatedViewers(seed, run);
    return Array.from({ length: count }, () => viewers.next().value);
  };

  t.test('plays the same events for the same seed, with ids of their own for each run', async (t) => {
    t.same(first(7, 200), first(7, 200));
    t.notSame(first(7, 20), first(8, 20));
    t.same(
      first(7, 20, 'b').map(({ text }) => text),
      first(7, 20).map(({ text }) => text),
    );
    t.equal(new Set([...first(7, 200), ...first(7, 200, 'b')].map(({ id }) => id)).size, 400);
    for (const event of first(3, 300)) t.ok(viewerEvent.safeParse(event).success);
  });

  t.test('plays every kind of event, questions in three languages and hostile ones', async (t) => {
    const events = first(1, 400);
    t.equal(new Set(events.map(({ kind }) => kind)).size, 7);
    const all = events.map(({ text = '' }) => text).join(' ');
    t.match(all, /How much/);
    t.match(all, /多少钱/);
    t.match(all, /¿Cuánto/);
    t.ok(events.some(({ text }) => HOSTILE.includes(text ?? '')));
  });

  t.test('has every hostile comment recognised by the room', async (t) => {
    const room = deskOf();
    for (const [i, text] of HOSTILE.entries()) {
      await room.tell([{ user: `viewer ${i}`, text }]);
      t.equal(room.last().state, 'hostile', text);
    }
    t.same(room.lines, []);
  });
});
