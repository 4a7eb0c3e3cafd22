import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import t, { type Test } from 'tap';
import { replyWithError } from '../../src/control/error-reply.js';
import { checkRequests } from '../../src/control/api.js';
import { modelRoutes } from '../../src/control/routes/model-routes.js';
import { silentLog } from '../../src/core/log.js';
import { WeightsInstaller, type WeightsState } from '../../src/weights/index.js';

async function open(
  t: Test,
  status: number,
): Promise<(method: 'GET' | 'POST' | 'DELETE', url: string) => Promise<Answer>> {
  // Its answer never ends where it is 200.
  const server = createServer((_request, response) => {
    response.writeHead(status);
    if (status === 200) response.write(Buffer.alloc(1000));
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => (server.closeAllConnections(), server.close()));
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const app = fastify();
  app.setErrorHandler((error, request, reply) => replyWithError(error, request, reply, silentLog));
  modelRoutes(
    checkRequests(app),
    new WeightsInstaller({ env: { ENGINE_MODELS: t.testdir() }, mirror, patience: { firstPauseMs: 1 } }),
  );
  t.teardown(() => app.close());
  return async (method, url) => {
    const { statusCode, body } = await app.inject({ method, url });
    return { status: statusCode, body: JSON.parse(body) as Answer['body'] };
  };
}

interface Answer {
  readonly status: number;
  readonly body: WeightsState & {
    readonly models: readonly WeightsState[];
    readonly error?: { readonly code: string };
  };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

t.test('lists models with size and licence, and refuses unknown names', async (t) => {
  const call = await open(t, 404);
  const { body } = await call('GET', '/api/models');
  t.match(body.models, [
    { name: 'kokoro', licence: 'Apache-2.0', bytes: 120_575_669, state: 'missing' },
    { name: 'sense-voice', state: 'missing' },
  ]);
  t.equal((await call('POST', '/api/models/other')).status, 404);
});

t.test('says why an install in the background failed', async (t) => {
  const call = await open(t, 404);
  t.match(await call('POST', '/api/models/kokoro'), { status: 202, body: { name: 'kokoro', state: 'installing' } });
  await until(async () => (await call('GET', '/api/models')).body.models[0]!.state === 'failed');
  t.match((await call('GET', '/api/models')).body.models[0], { fault: /status 404/ });
});

t.test('shows the progress of an install, and stops it', async (t) => {
  const call = await open(t, 200);
  await call('POST', '/api/models/kokoro');
  t.equal((await call('POST', '/api/models/kokoro')).status, 202, 'one that runs goes on');
  await until(async () => (await call('GET', '/api/models')).body.models[0]!.doneBytes === 1000);
  t.match(await call('DELETE', '/api/models/kokoro'), {
    status: 200,
    body: { state: 'missing', doneBytes: 0, fault: null },
  });
});
