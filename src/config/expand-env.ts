import { EngineError } from '../core/errors.js';
import { SECRET_OUTPUT_KEYS } from './sections/output.js';

/**
 * Replaces `${NAME}` in the addresses and tokens of outputs and webhooks only; no other part of a room holds secrets.
 */
export function expandEnv(raw: unknown, path: string, env: NodeJS.ProcessEnv | undefined): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const room = { ...(raw as Record<string, unknown>) };
  const fill = (text: string, where: string, kind: unknown): string => {
    // A placeholder for a whole address must itself be a valid address.
    if (env === undefined && /^\$\{\w+\}$/.test(text) && /rl$/i.test(where))
      return kind === 'rtmp' || kind === 'srt' ? `${kind}://unset.invalid:1/app/unset` : 'https://unset.invalid/';
    return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const value = env === undefined ? 'unset' : env[name];
      if (value === undefined || value === '') {
        throw new EngineError('E_ENV_MISSING', {
          where: `${path}: ${where}`,
          expected: `environment variable ${name}`,
          found: 'nothing',
          todo: `set ${name} before starting`,
        });
      }
      return value;
    });
  };
  const fillAll = (list: unknown, where: string): unknown =>
    !Array.isArray(list)
      ? list
      : list.map((one: unknown, i) => {
          if (typeof one !== 'object' || one === null) return one;
          const full: Record<string, unknown> = { ...one };
          for (const key of SECRET_OUTPUT_KEYS) {
            const value = full[key];
            if (typeof value === 'string') full[key] = fill(value, `${where}[${i}].${key}`, full['kind']);
          }
          return full;
        });
  if ('outputs' in room) room['outputs'] = fillAll(room['outputs'], 'outputs');
  for (const section of ['control', 'alerts']) {
    const value = room[section];
    if (typeof value === 'object' && value !== null && 'webhooks' in value)
      room[section] = { ...value, webhooks: fillAll(value.webhooks, `${section}.webhooks`) };
  }
  return room;
}
