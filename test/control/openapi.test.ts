/// <reference lib="dom" />
import t, { type Test } from 'tap';
import { ControlServer } from '../../src/control/control-server.js';
import { line } from '../../src/config/sections/script.js';
import { silentLog } from '../../src/core/log.js';
import { launchChromium, noChromium } from '../kit/chromium.js';
import { fakeRoom } from './fake-room.js';

const token = 'the-token-of-this-very-room';

async function serve(t: Test) {
  const server = await ControlServer.start({ room: fakeRoom(), host: '127.0.0.1', port: 0, token, log: silentLog });
  t.teardown(() => server.close());
  return server;
}

async function describe(url: string): Promise<any> {
  const reply = await fetch(`${url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
  return reply.json();
}

t.test('describes every route but preflights and files of pages, in both languages', async (t) => {
  const server = await serve(t);
  const described = server.routes.filter(({ method, schema }) => method !== 'HEAD' && schema?.hide !== true);
  const undescribed = described.filter(({ schema }) => schema?.summary === undefined).map(({ url }) => url);
  t.same(undescribed, [], 'routes without a schema that describes them');
  for (const { method, url, schema } of described)
    t.match((schema as { 'x-summary-zh'?: string })['x-summary-zh'], /\p{Script=Han}/u, `${method} ${url} in Chinese`);
  const hidden = server.routes.filter(({ schema }) => schema?.hide === true);
  t.same(
    hidden.filter(({ method, url, public: open }) => !open || (method !== 'OPTIONS' && url.startsWith('/api/'))),
    [],
    'no route of the API is hidden',
  );
  const api = await describe(server.url);
  const paths = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.same(
    paths.toSorted(),
    described.map(({ method, url }) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`).toSorted(),
  );
});

t.test('describes an answer by the schema that types it', async (t) => {
  const api = await describe((await serve(t)).url);
  const room = api.paths['/api/room'].get.responses['200'].content['application/json'].schema;
  t.ok(room.properties.tickLatenessMs.properties.p999, 'each figure of the room');
  t.same(api.paths['/api/script/segments/{segment}/lines/{line}'].delete.responses['204'].content, undefined);
  t.ok(api.paths['/api/still'].get.responses['200'].content['image/jpeg']);
  t.ok(api.paths['/whep'].post.requestBody.content['application/sdp']);
  const patch = api.paths['/api/script/segments/{segment}/lines/{line}'].patch;
  const fields = Object.keys(patch.requestBody.content['application/json'].schema.properties);
  t.same(
    fields.toSorted(),
    [...Object.keys(line.omit({ id: true }).shape), 'after'].toSorted(),
    'each field of a line',
  );
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
  const types = api.components.schemas.LayerInput.oneOf.map((one: any) => one.properties.type.const);
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
  await page.waitForSelector('text=Change encoder settings');
  await page.click('#language');
  await page.waitForSelector('text=脚本与口播');
  if (process.env['SHOT'] !== undefined) await page.screenshot({ path: process.env['SHOT'] });
  t.equal(await page.evaluate(() => document.documentElement.lang), 'zh');
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    t.ok(wide <= width, `no sideways scrolling at ${width} px: ${wide}`);
  }
  t.same(errors, [], 'the policy lets everything through');
});
