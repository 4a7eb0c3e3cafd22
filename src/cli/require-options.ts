import type { Command } from 'commander';

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
