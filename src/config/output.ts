import { z } from 'zod';

export const output = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name, unique in the room'),
    kind: z.literal('rtmp').describe('Protocol: RTMP or RTMPS push'),
    url: z
      .string()
      .regex(/^rtmps?:\/\/\S+\/\S+/, 'expected rtmp://host/app/key or rtmps://…')
      .describe('Full address with key; ${NAME} is taken from the environment and never shown'),
    maxLagMs: z
      .int()
      .min(500)
      .max(30_000)
      .default(4000)
      .describe('Further behind than this, the output jumps to the newest IDR'),
  })
  .describe('One destination');
export type OutputConfig = z.infer<typeof output>;
