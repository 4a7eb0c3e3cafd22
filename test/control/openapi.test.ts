/// <reference lib="dom" />
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { ROUTE_DOCS } from '../../src/control/openapi/route-docs.js';
import { silentLog } from '../../src/core/log.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-token-of-this-very-room';

async function serve(t: Test) {
  const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  return server;
}

t.test('describes every registered route, and no other', async (t) => {
  const server = await serve(t);
  const registered = server.routes
    .filter(({ method }) => method !== 'HEAD')
    .map(({ method, url }) => `${method} ${url}`);
  t.same(
    registered.filter((route) => ROUTE_DOCS[route] === undefined),
    [],
    'routes without a line in src/control/openapi',
  );
  t.same(
    Object.keys(ROUTE_DOCS).filter((route) => !registered.includes(route)),
    [],
    'lines without a route',
  );
  for (const [route, { summary }] of Object.entries(ROUTE_DOCS)) {
    t.match(summary.zh, /\p{Script=Han}/u, `${route} has a Chinese summary`);
  }
});

t.test('answers OpenAPI 3.1 made from the schemas, to holders of the token', async (t) => {
  const server = await serve(t);
  t.equal((await fetch(`${server.url}/openapi.json`)).status, 401);
  const reply = await fetch(`${server.url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
  t.match(reply.headers.get('content-type'), 'application/json');
  const api = (await reply.json()) as any;
  t.equal(api.openapi, '3.1.0');
  const patch = api.paths['/api/products/{id}'].patch;
  t.match(patch.parameters, [{ name: 'id', in: 'path', required: true }]);
  t.match(patch.requestBody.content['application/json'].schema.properties.stock.enum, ['on-sale', 'sold-out']);
  t.match(patch.responses['422'].content['application/json'].schema, { $ref: '#/components/schemas/Error' });
  const types = api.components.schemas.Layer.oneOf.map((one: any) => one.properties.type.const);
  for (const type of ['countdown', 'coupon', 'ladder', 'attributes', 'question', 'announcement']) {
    t.ok(types.includes(type), type);
  }
  t.same(api.paths['/healthz'].get.security, [], 'no token');
  t.equal(api.paths['/api/room'].get.security, undefined);
  const ids = Object.values(api.paths).flatMap((path: any) => Object.values(path).map((one: any) => one.operationId));
  t.equal(new Set(ids).size, ids.length, 'operation ids are unique');
  const refs = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!);
  for (const name of new Set(refs)) t.ok(api.components.schemas[name], name);
});

t.test('shows the description as a page in both languages', { skip: noChromium }, async (t) => {
  const server = await serve(t);
  const browser = await launchChromium(t);
  const page = await browser.newPage({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const errors: string[] = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(`${server.url}/api-docs`);
  await page.waitForSelector('#token-form:not([hidden])');
  await page.fill('#token', token);
  await page.click('#token-form button');
  await page.waitForSelector('#content:not([hidden])');
  t.ok(await page.getByText('/api/products/{id}/pin').count());
  await page.fill('#filter', '/api/undo');
  t.equal(await page.locator('#tags details:visible').count(), 1);
  await page.click('#language');
  t.ok(await page.getByText('撤销最近一次修改').isVisible());
  await page.fill('#filter', '');
  if (process.env['SHOT'] !== undefined) await page.screenshot({ path: process.env['SHOT'] });
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    t.ok(wide <= width, `no sideways scrolling at ${width} px: ${wide}`);
  }
  t.same(errors, [], 'the policy lets everything through');
});
