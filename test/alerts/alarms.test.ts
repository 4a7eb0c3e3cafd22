import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { MachineWatch } from '../../src/alerts/alarm-conditions.js';
import { Alarm, type AlarmChange, type AlarmNotice, noticeSentence } from '../../src/alerts/alarm.js';
import { alertSinks } from '../../src/alerts/alert-sinks.js';
import { RoomAlarms } from '../../src/alerts/room-alarms.js';
import type { RoomSnapshot } from '../../src/config/api/room-handle.js';
import type { RoomConfig } from '../../src/config/room-config.js';
import { alerts, type Alerts } from '../../src/config/sections/alerts.js';
import { silentLog } from '../../src/core/log.js';
import { fakeRoom } from '../control/fake-room.js';
import { until } from '../encoder/synthetic-room.js';

t.test('alarm', async (t) => {
  /** Changes over a course of seconds: `#` is a fault, `.` none. */
  function run(alarm: Alarm, course: string, beginMs = 0): [number, AlarmChange][] {
    return [...course].flatMap((sign, second): [number, AlarmChange][] => {
      const change = alarm.update(sign === '#', beginMs + second * 1000);
      return change === undefined ? [] : [[second, change]];
    });
  }

  t.test('raises nothing for a short fault; raises and clears once for a lasting one', (t) => {
    const alarm = new Alarm({ afterMs: 5000, clearMs: 3000, repeatMs: 0 });
    t.same(run(alarm, '####....#.#.'), []);
    t.ok(alarm.idle);
    t.same(run(alarm, '##########......', 11_000), [
      [5, 'raised'],
      [12, 'cleared'],
    ]);
    t.ok(alarm.idle);
    t.end();
  });

  t.test('raises for a fault present most of the time, without flapping', (t) => {
    const alarm = new Alarm({ afterMs: 5000, clearMs: 5000, repeatMs: 0 });
    t.same(run(alarm, '####.####.####.####.####.####.####.####.####.####.'), [[7, 'raised']]);
    t.end();
  });

  t.test('repeats a lasting alarm, unless repetition is off', (t) => {
    const long = '#'.repeat(60);
    t.same(run(new Alarm({ afterMs: 0, clearMs: 0, repeatMs: 20_000 }), long), [
      [0, 'raised'],
      [20, 'repeated'],
      [40, 'repeated'],
    ]);
    t.same(run(new Alarm({ afterMs: 0, clearMs: 0, repeatMs: 0 }), long), [[0, 'raised']]);
    t.end();
  });

  t.test('does not count an hour of sleep as an hour of fault', (t) => {
    const alarm = new Alarm({ afterMs: 15_000, clearMs: 10_000, repeatMs: 0 });
    alarm.update(true, 0);
    t.equal(alarm.update(true, 3_600_000), undefined);
    t.equal(alarm.active, false);
    t.end();
  });
});

t.test('room alarms', async (t) => {
  type Change = Partial<RoomSnapshot>;

  /** A room whose figures and clock the test sets. */
  function rig(t: Test, given: object = {}) {
    const config: Alerts = alerts.parse({ minDiskFreeMb: 0, ...given });
    const room = {
      name: 'shop',
      language: 'en',
      alerts: config,
      outputs: [],
      ledgerFile: '/nowhere/l',
    } as unknown as RoomConfig;
    const usual = { ...fakeRoom().snapshot(), watch: [], voices: [] };
    const state = { now: 0, change: {} as Change, frames: 0 };
    const told: AlarmNotice[] = [];
    const alarms = new RoomAlarms({
      room,
      log: silentLog,
      snapshot: () => ({ ...usual, ...state.change }),
      sinks: [{ name: 'us', send: async (notice) => (told.push(notice), '') }],
      nowMs: () => state.now,
      wallMs: () => Date.UTC(2026, 0, 1) + state.now,
      checkMs: 0,
    });
    t.teardown(() => alarms.close());
    /** Advances by some seconds with these figures; returns the notices. */
    const pass = async (seconds: number, change: Change = {}): Promise<string[]> => {
      state.change = change;
      const before = told.length;
      for (let i = 0; i < seconds; i += 1) {
        state.now += 1000;
        alarms.check();
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      return told.slice(before).map(({ kind, state: what }) => `${kind} ${what}`);
    };
    return { alarms, pass, told, usual };
  }

  const [output] = fakeRoom().snapshot().outputs;

  t.test('raises one alarm per kind of fault and clears it once', async (t) => {
    const { usual } = rig(t);
    const fault = (kind: string): Change => ({ watch: [{ kind, rule: '5.8', since: 1, value: 0 }] });
    const cases: [string, Change][] = [
      ['output-down', { outputs: [{ ...output!, state: 'backoff', lastError: 'refused' }] }],
      ['slate', { slate: ['codes'] }],
      ['risk-raised', { risk: { ...usual.risk, score: 8, level: 'raised' } }],
      ['risk-held', { risk: { ...usual.risk, score: 12, level: 'limit' }, slate: ['risk'] }],
      ['silence', fault('silent')],
      ['dead-air', fault('dead-air')],
      ['picture', fault('black')],
      ['ledger', { ledger: { ...usual.ledger, failing: true } }],
      ['takeover-idle', { takeover: { ...usual.takeover, timedOut: true } }],
    ];
    for (const [kind, change] of cases) {
      const { alarms, pass } = rig(t);
      t.same(await pass(30), [], 'no fault');
      t.same(await pass(60, change), [`${kind} raised`]);
      t.match(alarms.active(), [{ kind, text: { en: /\w/, zh: /\p{Script=Han}/u } }]);
      t.same(await pass(90), [`${kind} cleared`]);
      t.same(alarms.active(), []);
    }
  });

  t.test('warns of a source of comments that stays away, and of none that was stopped', async (t) => {
    const { pass, told } = rig(t);
    const source = { id: 'shop', kind: 'oba', lastError: 'nothing listens at this address', events: 0 };
    const away: Change = { eventSources: [{ ...source, state: 'backoff' }] };
    t.same(await pass(50, away), []);
    t.same(await pass(20, away), ['source-down raised']);
    t.match(told, [
      {
        subject: 'shop',
        severity: 'warning',
        text: { en: 'No comments from source shop: nothing listens at this address', zh: /评论来源 shop/ },
      },
    ]);
    t.same(await pass(20, { eventSources: [{ ...source, state: 'live' }] }), ['source-down cleared']);
    t.same(await pass(120, { eventSources: [{ ...source, state: 'stopped' }] }), []);
  });

  t.test('warns of a voice that fails or is used up, until it speaks again', async (t) => {
    const { alarms, pass, told } = rig(t);
    const [nova] = fakeRoom().snapshot().voices;
    const failing: Change = { voices: [{ ...nova!, state: 'resting', failing: true, lastError: 'status 503' }] };
    const tried: Change = { voices: [{ ...nova!, state: 'ready', restMs: 0, failing: true, lastError: 'status 503' }] };
    const well: Change = { voices: [{ ...nova!, state: 'ready', restMs: 0, failing: false, lastError: '' }] };
    t.same(await pass(8, failing), [], 'a short rest is no alarm');
    t.same(await pass(60, well), []);
    t.same(await pass(8, failing), []);
    t.same(await pass(60, tried), ['voice-away raised'], 'the end of a rest is no recovery');
    t.match(alarms.active(), [
      {
        kind: 'voice-away',
        subject: 'openai:nova',
        severity: 'warning',
        text: {
          en: 'Voice nova (openai) fails, and the next voice of its chain speaks: status 503',
          zh: '声音 nova (openai) 出错，由备用声音代替：status 503',
        },
      },
    ]);
    t.same(await pass(60, well), ['voice-away cleared']);
    const capped: Change = { voices: [{ ...nova!, state: 'capped', failing: false }] };
    t.same(await pass(20, capped), ['voice-away raised']);
    t.match(told.at(-1)!.text, { en: /used up its 20000 characters/, zh: /20000 个字符已用完/ });
    t.same(await pass(20, well), ['voice-away cleared']);
  });

  t.test('warns while another engine does not hear the speech', async (t) => {
    const { pass, told } = rig(t);
    const speech = fakeRoom().snapshot().avatarSpeech!;
    t.same(
      await pass(60, { avatarSpeech: { ...speech, link: null, lastError: 'status 503' } }),
      [],
      'no connection to lose',
    );
    t.same(await pass(8, { avatarSpeech: { ...speech, link: 'connecting' } }), []);
    t.same(await pass(60, { avatarSpeech: { ...speech, link: 'degraded' } }), []);
    t.same(await pass(20, { avatarSpeech: { ...speech, link: 'backoff', lastError: 'the token is wrong' } }), [
      'avatar-speech raised',
    ]);
    t.match(told.at(-1)!.text, { en: /does not hear the speech.*: the token is wrong/, zh: /收不到口播/ });
    t.same(await pass(20, { avatarSpeech: speech }), ['avatar-speech cleared']);
  });

  t.test('reports an output that never connected; warns only if it is not required', async (t) => {
    const { pass, told } = rig(t);
    await pass(30, {
      outputs: [
        { ...output!, id: 'taobao', state: 'connecting', publishes: 0, lastError: 'ECONNREFUSED' },
        { ...output!, id: 'copy', state: 'backoff', required: false },
      ],
    });
    t.match(told, [
      { subject: 'taobao', severity: 'critical', text: { en: 'Output taobao has never connected: ECONNREFUSED' } },
      { subject: 'copy', severity: 'warning', text: { en: 'Output copy is down' } },
    ]);
  });

  t.test('raises no alarm for operator commands and a congested output', async (t) => {
    const { pass } = rig(t);
    const silent = [{ kind: 'silent', rule: '5.10', since: 1, value: -90 }];
    t.same(await pass(60, { slate: ['operator'], blanked: true }), []);
    t.same(await pass(60, { muted: true, watch: silent }), []);
    t.same(await pass(60, { outputs: [{ ...output!, state: 'degraded' }] }), []);
  });

  t.test('judges a slow machine by the last half minute only', async (t) => {
    const { pass, usual } = rig(t);
    let rendered = 100_000;
    const second = (late: number): Change => ({
      frames: { ...usual.frames, rendered: (rendered += 30) },
      lateTicks: { ...usual.lateTicks, total: late },
      replacedBy: { unjudged: 0 },
    });
    t.same(await pass(1, second(5000)), []);
    for (let i = 0; i < 40; i += 1) t.same(await pass(1, second(5000)), []);
    const told: string[] = [];
    let late = 5000;
    for (let i = 0; i < 60; i += 1) told.push(...(await pass(1, second((late += 3)))));
    t.same(told, ['machine-slow raised']);
    for (let i = 0; i < 120; i += 1) told.push(...(await pass(1, second(late))));
    t.same(told, ['machine-slow raised', 'machine-slow cleared']);
  });

  t.test('clears a full disk only after a gain of a fifth', async (t) => {
    let free = 900;
    const watch = new MachineWatch(['/disk'], 1000, async () => free);
    const figures = fakeRoom().snapshot();
    const look = async (atMs: number) => {
      watch.measure(figures, atMs);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return watch.measure(figures, atMs).fullDisks;
    };
    t.same(await look(0), [{ folder: '/disk', freeMb: 900 }]);
    free = 1100;
    t.same(await look(31_000), [{ folder: '/disk', freeMb: 1100 }]);
    free = 1300;
    t.same(await look(62_000), []);
  });

  t.test("applies the room file's timing of a kind, or switches it off", async (t) => {
    const { pass, alarms } = rig(t, { kinds: { slate: { enabled: false }, ledger: { afterMs: 0, repeatMs: 20_000 } } });
    const { usual } = rig(t);
    const change: Change = { slate: ['codes'], ledger: { ...usual.ledger, failing: true } };
    t.same(await pass(30, change), ['ledger raised', 'ledger repeated']);
    t.equal(alarms.active().length, 1);
  });

  t.test('names room, fault and duration in both languages', async (t) => {
    const { pass, told } = rig(t);
    await pass(20, { slate: ['codes', 'words'] });
    await pass(20);
    t.same(
      told.map((notice) => noticeSentence(notice, 'shop', 'en')),
      [
        '🔴 [shop] Viewers see the slate: a code in the picture; forbidden words in the picture',
        '🟢 [shop] Over after 0:19: Viewers see the slate: a code in the picture; forbidden words in the picture',
      ],
    );
    t.equal(noticeSentence(told[0]!, 'shop', 'zh'), '🔴 [shop] 观众看到的是占位画面：画面中有码；画面中有违规文字');
  });

  t.test('is not delayed by a hanging receiver, and delivers the end of the show to the others', async (t) => {
    const told: string[] = [];
    const room = { name: 'shop', alerts: alerts.parse({ minDiskFreeMb: 0 }), outputs: [], ledgerFile: '/x/l' };
    const alarms = new RoomAlarms({
      room: room as unknown as RoomConfig,
      log: silentLog,
      snapshot: () => fakeRoom().snapshot(),
      sinks: [
        {
          name: 'deaf',
          send: (_n, _d, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('x'))),
        },
        { name: 'good', send: async ({ text }) => (told.push(text.en), '') },
      ],
      checkMs: 0,
    });
    alarms.showEnds('a rule asks for it');
    t.ok(await until(() => told.length === 1, 1000));
    t.match(told[0], 'The show has ended: a rule asks for it');
    const beganMs = performance.now();
    await Promise.all([alarms.close(), alarms.close()]);
    t.ok(performance.now() - beganMs < 4000);
  });
});

t.test('webhook body', async (t) => {
  interface Answer {
    readonly status: number;
    readonly type?: string;
    readonly body: string;
  }

  /** A receiver that validates and answers as the public ones do. */
  async function receiver(
    t: Test,
    judge: (request: IncomingMessage, body: any, url: URL) => Answer,
  ): Promise<{ url: string; bodies: any[] }> {
    const bodies: any[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const body = JSON.parse(text);
        bodies.push(body);
        const {
          status,
          type = 'application/json',
          body: answer,
        } = judge(request, body, new URL(request.url!, 'http://receiver'));
        response.writeHead(status, { 'content-type': type }).end(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies };
  }

  const notice: AlarmNotice = {
    kind: 'output-down',
    subject: 'taobao',
    state: 'raised',
    severity: 'critical',
    text: { en: 'Output taobao is down: <refused> & closed', zh: '输出 taobao 已断开：被拒绝' },
    since: '2026-01-01T00:00:00.000Z',
    at: '2026-01-01T00:00:00.000Z',
    lastedMs: 0,
  };
  const send = (webhook: object, one = notice, language = 'en'): Promise<string> =>
    alertSinks(alerts.parse({ webhooks: [webhook] }), 'shop', language)[0]!.send(one, 2, AbortSignal.timeout(5000));

  t.test('generic: sends plain JSON with the bearer token', async (t) => {
    const { url, bodies } = await receiver(t, (request) => ({
      status: request.headers.authorization === 'Bearer abc' ? 204 : 401,
      body: '',
    }));
    t.equal(await send({ url: `${url}/hook`, token: 'abc' }), '');
    t.same(bodies[0], {
      event: 'alarm',
      room: 'shop',
      kind: 'output-down',
      subject: 'taobao',
      state: 'raised',
      severity: 'critical',
      text: '🔴 [shop] Output taobao is down: <refused> & closed',
      since: notice.since,
      at: notice.at,
      lastedMs: 0,
      dropped: 2,
    });
    t.equal(await send({ url: `${url}/hook`, token: 'wrong' }), 'status 401');
  });

  t.test('slack: sends one text with its three special characters escaped; a refusal is a status', async (t) => {
    const { url, bodies } = await receiver(t, (request, body) => {
      const fine =
        (request.headers['content-type'] ?? '').startsWith('application/json') &&
        Object.keys(body).join() === 'text' &&
        typeof body.text === 'string' &&
        !/[<>]|&(?!amp;|lt;|gt;)/.test(body.text);
      return fine
        ? { status: 200, type: 'text/html', body: 'ok' }
        : { status: 400, type: 'text/html', body: 'invalid_payload' };
    });
    t.equal(await send({ url: `${url}/services/T0/B0/x`, format: 'slack' }), '');
    t.equal(bodies[0].text, '🔴 [shop] Output taobao is down: &lt;refused&gt; &amp; closed');
  });

  const SECRET = 'SECabc+/=秘密';

  t.test('dingtalk: sends a text message, signed in the address in milliseconds; errcode decides', async (t) => {
    const { url, bodies } = await receiver(t, (_request, body, { searchParams }) => {
      const timestamp = searchParams.get('timestamp') ?? '';
      const sign = createHmac('sha256', SECRET).update(`${timestamp}\n${SECRET}`, 'utf8').digest('base64');
      const fresh = /^\d{13}$/.test(timestamp) && Math.abs(Date.now() - Number(timestamp)) < 3_600_000;
      const refuse = (errcode: number, errmsg: string): Answer => ({
        status: 200,
        body: JSON.stringify({ errcode, errmsg }),
      });
      if (searchParams.get('access_token') !== 't0ken') return refuse(300001, 'token is not exist');
      if (!fresh || searchParams.get('sign') !== sign) return refuse(310000, 'sign not match');
      if (body.msgtype !== 'text' || typeof body.text?.content !== 'string') return refuse(40035, 'miss param');
      return refuse(0, 'ok');
    });
    const address = `${url}/robot/send?access_token=t0ken`;
    t.equal(await send({ url: address, format: 'dingtalk', secret: SECRET }, notice, 'zh-CN'), '');
    t.match(bodies[0], {
      msgtype: 'text',
      text: { content: '🔴 [shop] 输出 taobao 已断开：被拒绝' },
      at: { isAtAll: false },
    });
    t.equal(await send({ url: address, format: 'dingtalk', secret: 'other' }), 'code 310000: sign not match');
    t.equal(await send({ url: address, format: 'dingtalk' }), 'code 310000: sign not match');
  });

  t.test('feishu: sends a text message, signed in the body in seconds; code decides', async (t) => {
    const { url, bodies } = await receiver(t, (_request, body) => {
      const key = `${body.timestamp}\n${SECRET}`;
      const fresh = /^\d{10}$/.test(body.timestamp) && Math.abs(Date.now() / 1000 - Number(body.timestamp)) < 3600;
      const answer = (code: number, msg: string): Answer => ({
        status: 200,
        body: JSON.stringify({ code, msg, data: {} }),
      });
      if (!fresh || body.sign !== createHmac('sha256', key).digest('base64'))
        return answer(19021, 'sign match fail or timestamp is not within one hour from current time');
      if (body.msg_type !== 'text' || typeof body.content?.text !== 'string') return answer(9499, 'Bad Request');
      return answer(0, 'success');
    });
    const address = `${url}/open-apis/bot/v2/hook/x`;
    const over = { ...notice, state: 'cleared', lastedMs: 192_000 } as const;
    t.equal(await send({ url: address, format: 'feishu', secret: SECRET }, over, 'zh'), '');
    t.same(bodies[0].content, { text: '🟢 [shop] 已恢复（历时 3:12）：输出 taobao 已断开：被拒绝' });
    t.match(await send({ url: address, format: 'feishu', secret: 'other' }), /^code 19021: sign match fail/);
  });

  t.test('counts an answer no robot would give as not delivered', async (t) => {
    const { url } = await receiver(t, () => ({ status: 200, type: 'text/html', body: '<html>a login page</html>' }));
    t.equal(await send({ url, format: 'feishu' }), 'an answer that is not JSON');
  });

  t.test('reports an unreachable receiver without its address', async (t) => {
    const sinks = alertSinks(alerts.parse({ webhooks: [{ url: 'http://127.0.0.1:9/hook/s3cret' }] }), 'shop', 'en');
    const fault = await sinks[0]!.send(notice, 0, AbortSignal.timeout(5000));
    t.ok(fault !== '');
    t.notMatch(`${fault} ${sinks[0]!.name}`, 's3cret');
  });
});
