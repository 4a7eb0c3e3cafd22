import { z } from 'zod';

export const secondOpinion = z
  .strictObject({
    onAir: z
      .boolean()
      .default(false)
      .describe('The learned detector, which checks every asset before it is shown, also checks the picture on air'),
    everySeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(60)
      .describe(
        'Interval in seconds; 0: only after layers were added or removed. Each check takes 0.7 s of ' +
          'one core at low priority, including its start, and 100 MB for five seconds',
      ),
  })
  .describe('A second opinion on codes in the picture on air');
