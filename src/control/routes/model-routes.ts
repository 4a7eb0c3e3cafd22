import { z } from 'zod';
import { EngineError } from '../../core/errors.js';
import { about, type ControlApp } from '../api.js';
import { WEIGHTS_IDS, WeightsInstaller, type WeightsId, type WeightsState } from '../../weights/index.js';

const modelState = z.object({
  name: z.enum(WEIGHTS_IDS),
  title: z.string(),
  use: z.object({ en: z.string(), zh: z.string() }),
  licence: z.string(),
  bytes: z.int(),
  state: z.enum(['installed', 'installing', 'failed', 'missing']),
  doneBytes: z.int().describe('Of an install: bytes on the disk'),
  fault: z.string().nullable().describe('Why the last install failed'),
  files: z.array(z.object({ name: z.string(), url: z.string(), bytes: z.int() })),
});
const named = z.object({ name: z.string() });

/**
 * `GET /api/models`: models beside the package, with the progress of an install. `POST /api/models/{name}` installs one
 * in the background. `DELETE` ends that, and the next one goes on where it stopped; without an install it removes the
 * model.
 */
export function modelRoutes(app: ControlApp, installer = new WeightsInstaller()): void {
  app.addHook('onClose', () => installer.close());
  const one = (name: string): WeightsState => installer.list().find((model) => model.name === name)!;
  app.get(
    '/api/models',
    {
      schema: {
        ...about('room', 'Models beside the package, and the progress of an install', '可安装的模型及安装进度'),
        response: { 200: z.object({ models: z.array(modelState) }) },
      },
    },
    () => ({ models: installer.list() }),
  );
  app.post(
    '/api/models/:name',
    {
      schema: {
        ...about('room', 'Install a model in the background', '在后台安装模型', [404, 409]),
        params: named,
        response: { 202: modelState },
      },
    },
    async ({ params }, reply) => {
      const name = known(params.name);
      installer.install(name);
      return reply.code(202).send(one(name));
    },
  );
  app.delete(
    '/api/models/:name',
    {
      schema: {
        ...about('room', 'Stop an install, or remove a model', '停止安装或删除模型', [404, 409]),
        params: named,
        response: { 200: modelState },
      },
    },
    async ({ params }) => {
      const name = known(params.name);
      await installer.remove(name);
      return one(name);
    },
  );
}

function known(name: string): WeightsId {
  const found = WEIGHTS_IDS.find((id) => id === name);
  if (found !== undefined) return found;
  throw new EngineError('E_NOT_FOUND', {
    where: `model "${name.slice(0, 60)}"`,
    expected: `one of ${WEIGHTS_IDS.join(', ')}`,
    found: 'no such model',
  });
}
