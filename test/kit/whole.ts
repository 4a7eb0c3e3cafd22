/** Whether every case is wanted (`TEST_WHOLE=1 npm test`); `npm test` takes a sample of the settled ones. */
export const whole = process.env['TEST_WHOLE'] === '1';

/** All items in the long run, else each `every`th. */
export const sampled = <T>(items: readonly T[], every: number): readonly T[] =>
  whole ? items : items.filter((_, i) => i % every === 0);
