import {
  isEmbedded,
  PROVIDER_FIELDS,
  voice as voiceSchema,
  type Voice,
  type VoiceProvider,
} from '../../config/sections/voice.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';

/** Settings that mean the same to every provider. */
const COMMON = ['provider', 'language', 'rate', 'pitch'];
/** Settings that name something of one provider, though others have a setting of the same name. */
const OWN = ['name', 'model', 'apiKey', 'baseUrl', 'region', 'accountId', 'style'];

/**
 * A voice with changed settings; null returns one to its default. With another provider, the settings of the one before
 * are left out. Throws E_BAD_REQUEST with the setting at fault.
 *
 * @param where the request, for the error
 */
export function patchedVoice(
  before: Voice,
  change: Readonly<Record<string, unknown>> | undefined,
  where: string,
): Voice {
  if (change === undefined) return before;
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else if (value !== undefined) merged[key] = value;
  }
  const provider = merged['provider'] as VoiceProvider | undefined;
  if (provider !== before.provider) {
    const { needs, takes } = PROVIDER_FIELDS[provider ?? 'espeak'];
    const kept = new Set<string>([...COMMON, ...needs, ...takes, ...(isEmbedded(provider) ? [] : ['fallback'])]);
    for (const key of OWN) kept.delete(key);
    for (const key of Object.keys(merged)) if (!kept.has(key) && change[key] === undefined) delete merged[key];
  }
  const result = voiceSchema.safeParse(merged);
  if (result.success) return result.data;
  const fault = valueFault(result.error.issues[0]!, merged, voiceSchema);
  throw new EngineError('E_BAD_REQUEST', { ...fault, where: `${where}: voice.${fault.where}` });
}
