import { z } from 'zod';

export const secondOpinion = z
  .strictObject({
    onAir: z
      .boolean()
      .default(false)
      .describe(
        'The learned detector, which every picture passes before it is shown, looks at the whole picture as well',
      ),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(60)
      .describe(
        'How often it looks, in seconds; 0: only after layers were put in or taken out. Each time takes 0.7 s of ' +
          'one core at low priority, its start included, and 100 MB for five seconds',
      ),
  })
  .describe('A second opinion on codes in the picture on air');
