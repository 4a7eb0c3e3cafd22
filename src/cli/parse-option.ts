import { InvalidArgumentError } from 'commander';

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
