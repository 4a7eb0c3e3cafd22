import { InvalidArgumentError, type Command } from 'commander';
import { durationOf } from '../core/time.js';
import { EngineError } from '../core/errors.js';

/**
 * A `preAction` hook that requires options. Commander checks its own `requiredOption` before unknown options, so
 * `--rom x` would be answered with a missing `--room`.
 */
export const requireOptions =
  (...names: readonly string[]) =>
  (command: Command): void => {
    for (const option of command.options) {
      const name = option.attributeName();
      if (names.includes(name) && command.getOptionValue(name) === undefined) {
        command.error(`error: required option '${option.flags}' not specified`);
      }
    }
  };

const MAX_PER_MINUTE = 12_000;

/** "20/min", "2/s" or "90/h" as a number a minute. */
export function perMinute(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)\s*(?:\/\s*(s|sec|second|m|min|minute|h|hour))?$/.exec(text.trim()) ?? [];
  const factor = unit === undefined || unit.startsWith('m') ? 1 : unit.startsWith('s') ? 60 : 1 / 60;
  const rate = Number(count) * factor;
  if (!(rate > 0 && rate <= MAX_PER_MINUTE)) throw new InvalidArgumentError('expected a rate such as 20/min or 2/s');
  return rate;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** ENGINE_LOG, or the default when it is unset. Throws E_BAD_REQUEST. */
export function logLevel(given: string | undefined, usual: string): string {
  if (given === undefined || given === '') return usual;
  if (LEVELS.includes(given)) return given;
  throw new EngineError('E_BAD_REQUEST', {
    where: 'ENGINE_LOG',
    expected: `one of ${LEVELS.join(', ')}`,
    found: `"${given}"`,
  });
}

const NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' });

/** For commander: a BCP-47 language, such as `zh`, `zh-Hant` or `pt-BR`. */
export function languageTag(text: string): string {
  try {
    // The grammar allows longer first parts, but no language has one: "chinese" is a mistake.
    if (/^[a-z]{2,3}(?:[-_]|$)/i.test(text)) {
      const [tag] = Intl.getCanonicalLocales(text.replaceAll('_', '-'));
      // The grammar also allows "xx", which is no language.
      if (NAMES.of(tag!) !== undefined) return tag!;
    }
  } catch {
    // Not a tag: the error is thrown below.
  }
  throw new InvalidArgumentError(`expected a language such as "en", "zh" or "pt-BR", found "${text}".`);
}

/** For commander: a duration such as `30s`, `5m`, `2h` or `7d`, in milliseconds. */
export function durationMs(text: string): number {
  const ms = durationOf(text);
  if (ms === undefined) throw new InvalidArgumentError(`expected a time such as 30s, 5m, 2h or 7d, found "${text}".`);
  return ms;
}

/** For commander: a number within bounds; the error names the expected range. */
export const numberBetween =
  (min: number, max: number, what: string, whole = false) =>
  (text: string): number => {
    const value = Number(text);
    if (
      text.trim() === '' ||
      !Number.isFinite(value) ||
      value < min ||
      value > max ||
      (whole && !Number.isInteger(value))
    ) {
      throw new InvalidArgumentError(`expected ${what} from ${min} to ${max}, found "${text}".`);
    }
    return value;
  };
