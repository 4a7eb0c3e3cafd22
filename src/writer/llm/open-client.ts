import type { LlmConfig } from '../../config/sections/services/llm.js';
import { EngineError } from '../../core/errors.js';
import { ChatClient, type ChatClientOptions } from './chat-client.js';

/** A client by the settings of the room file. Throws E_ENV_MISSING where the key's variable is not set. */
export function openChatClient(
  { baseUrl, model, apiKey, timeoutMs }: LlmConfig,
  env: NodeJS.ProcessEnv,
  more: Pick<ChatClientOptions, 'onRetry' | 'budget'> = {},
): ChatClient {
  const name = apiKey?.slice(2, -1);
  const key = name === undefined ? undefined : env[name];
  if (name !== undefined && (key === undefined || key === ''))
    throw new EngineError('E_ENV_MISSING', {
      where: 'llm.apiKey',
      expected: `environment variable ${name}`,
      found: 'not set',
      todo: `set ${name}, or leave llm out to write without a model`,
    });
  return new ChatClient({ baseUrl, model, apiKey: key, timeoutMs, ...more });
}
