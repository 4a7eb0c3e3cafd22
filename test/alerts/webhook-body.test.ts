import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { alerts } from '../../src/config/sections/alerts.js';
import type { AlarmNotice } from '../../src/alerts/alarm.js';
import { alertSinks } from '../../src/alerts/alert-sinks.js';

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
