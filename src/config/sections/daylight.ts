import { z } from 'zod';

/** Kinds of light, through a day. */
const LIGHTS = ['night', 'dawn', 'day', 'evening', 'dusk'] as const;
export type Light = (typeof LIGHTS)[number];

const isTimeZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

export const daylight = z
  .strictObject({
    light: z
      .enum(['clock', ...LIGHTS])
      .default('clock')
      .describe('Light of the layers with a `night` picture: by the time of day, or always the same'),
    timeZone: z
      .string()
      .max(60)
      .refine(isTimeZone, 'expected the name of a time zone, such as "Asia/Shanghai"')
      .optional()
      .describe("IANA name of the viewers' time zone; default: the machine's"),
  })
  .describe('Light of the set through the day');
export type Daylight = z.infer<typeof daylight>;
