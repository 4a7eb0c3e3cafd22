import { z } from 'zod';

const side = (describe: string) => z.number().min(0).max(0.45).optional().describe(describe);

/** The distance that text keeps from each edge, for `engine check`. */
export const safeArea = z
  .strictObject({
    left: side('Share of the width; default 0.02'),
    right: side('Share of the width; default 0.02'),
    top: side("Share of the height; default 0.1 in portrait, because of the platform's buttons, else 0.02"),
    bottom: side('Share of the height; default 0.2 in portrait, else 0.02'),
  })
  .describe('Margins in which `engine check` reports text');
