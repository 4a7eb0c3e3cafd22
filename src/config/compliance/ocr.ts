import { z } from 'zod';

export const ocr = z
  .strictObject({
    pictures: z
      .enum(['auto', 'always', 'never'])
      .default('auto')
      .describe(
        'Reads and judges words inside pictures before they are shown. auto: where the reader works on this machine; ' +
          'always: an unread picture is refused',
      ),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(0)
      .describe(
        'Interval in seconds for reading the whole picture on air; 0: only when the show begins, a product ' +
          'appears for the first time, and after layers were added or removed, unless the same layers were read together before. Each reading takes 0.7 s of one core at low priority, and the reader 100 MB while it is in use',
      ),
  })
  .describe('Text recognition in pictures');
export type OcrConfig = z.infer<typeof ocr>;
