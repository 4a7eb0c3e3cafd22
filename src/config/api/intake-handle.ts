import { z } from 'zod';
import type { Shape } from '../shape.js';

/** A product page as a browser shows it. */
export const pageCapture = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(4000)
    .describe('Address of the product page'),
  html: z.string().optional().describe('The page as the browser shows it'),
  data: z
    .record(z.string().max(60), z.unknown())
    .optional()
    .describe("The page's own objects by their names there: detailData, context, __ICE_APP_CONTEXT__, jsonLd"),
});
export type PageCapture = Shape<typeof pageCapture>;

export const capturedProduct = z.object({
  product: z
    .record(z.string(), z.unknown())
    .describe("In the room file's shape; paths of pictures are absolute when it was written"),
  file: z.string().exactOptional().describe('The written file'),
  origins: z
    .array(z.object({ place: z.string(), fields: z.array(z.string()) }))
    .describe('Where on the page each field was found'),
  warnings: z.array(z.object({ kind: z.string(), what: z.string(), reason: z.string().exactOptional() })),
});
export type CapturedProduct = Shape<typeof capturedProduct>;

/** Reads product pages for a running room. */
export interface IntakeHandle {
  /** `save` also writes the product with its pictures. Throws E_LISTING_PAGE, E_LISTING_INVALID, E_TOO_MANY_REQUESTS. */
  take(capture: PageCapture, options?: { readonly save?: boolean }): Promise<CapturedProduct>;
}
