import { z } from 'zod';

export const ocr = z
  .strictObject({
    pictures: z
      .enum(['auto', 'always', 'never'])
      .default('auto')
      .describe(
        'Words inside pictures are read and judged before they are shown. auto: where the reader works on this machine; ' +
          'always: a picture that could not be read is refused',
      ),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(0)
      .describe(
        'How often the whole picture is read on air, in seconds; 0: only when the show begins, a product ' +
          'comes for the first time, and after layers were put in or taken out. Each time takes 0.7 s of one core at low priority, and the reader 250 MB while it is in use',
      ),
  })
  .describe('Reading the words inside pictures');
export type OcrConfig = z.infer<typeof ocr>;
