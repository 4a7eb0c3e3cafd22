import type { RecogniserConfig } from '../../config/sections/services/recogniser.js';
import { EngineError } from '../../core/errors.js';
import { HttpRecogniser } from './http-recogniser.js';
import type { Recogniser } from './recogniser.js';
import { SherpaRecogniser } from './sherpa-recogniser.js';

/** The recogniser that a room file names. Throws E_ENV_MISSING without its key, E_RECOGNISER_FAILED without its model. */
export function openRecogniser(config: RecogniserConfig, env: NodeJS.ProcessEnv = process.env): Recogniser {
  if (config.kind === 'sherpa') return new SherpaRecogniser(config);
  const { baseUrl, model, apiKey, timeoutMs } = config;
  const name = apiKey?.slice(2, -1);
  const key = name === undefined ? undefined : env[name];
  if (name !== undefined && (key === undefined || key === ''))
    throw new EngineError('E_ENV_MISSING', {
      where: 'recogniser.apiKey',
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name}, or leave recogniser out and take over with typed lines`,
    });
  return new HttpRecogniser({ baseUrl, model, apiKey: key, timeoutMs });
}
