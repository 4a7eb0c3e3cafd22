import { z } from 'zod';
import type { Shape } from '../value-fault.js';

/** The products of a running room. Bodies are checked by the room: a product as in the room file. */

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

export const productState = z.object({
  id: z.string(),
  product: z.unknown().describe('As the room file would have it, with every default'),
  shown: z.boolean().describe('On screen now'),
  pinned: z.boolean(),
  segments: z.number().describe('Segments of the script about it'),
});
export type ProductState = Shape<typeof productState>;

export const productList = z.object({
  shown: z.string().nullable(),
  pinned: z.string().nullable(),
  products: z.array(productState),
});
export type ProductList = Shape<typeof productList>;

/** A text that the rules forbid since a product changed. It is not spoken. */
const brokenLine = z.object({
  where: z
    .string()
    .describe(
      'Place in the room file, such as `script.segments[0].lines[2].variants[1]` or `replies.rules[0].answers[1]`',
    ),
  text: z.string(),
  rule: z.string(),
  kind: z.string(),
  match: z.string(),
  action: z.string().describe('`skip`: it is not spoken'),
  rewritten: z
    .string()
    .exactOptional()
    .describe('The wording that a sentence plan has put in its place, by the listing as it is now'),
});
export type BrokenLine = Shape<typeof brokenLine>;

const ladderStep = z.object({ from: z.number(), was: z.number(), price: z.number() });
export type LadderStep = Shape<typeof ladderStep>;

export const productChange = productState.extend({
  atFrame: z
    .number()
    .nullable()
    .describe('First frame with the new data on the picture; null when the product is not on screen'),
  breaks: z.array(brokenLine),
  ladderStep: ladderStep.exactOptional().describe('The step of the price ladder that moved with the price'),
});
export type ProductChange = Shape<typeof productChange>;

export const pinResult = z.object({
  pinned: z.string().nullable(),
  shown: z.string().nullable(),
  atFrame: z.number().nullable(),
  segments: z.number().describe('Segments of the script about the pinned product; with 0 the script goes on as it was'),
});
export type PinResult = Shape<typeof pinResult>;

export interface ProductsHandle {
  list(): ProductList;
  /** Throws E_NOT_FOUND. */
  get(id: string): ProductState;
  /** Judged before it is taken; throws E_BAD_REQUEST, E_TEXT_REFUSED, E_ASSET_REFUSED, E_IN_USE for a known id. */
  add(body: unknown): Promise<ProductChange>;
  /** Replaces a product, or adds one with this id. */
  put(id: string, body: unknown): Promise<ProductChange>;
  /** JSON Merge Patch (RFC 7396). */
  patch(id: string, body: unknown): Promise<ProductChange>;
  /** Throws E_IN_USE while the script, a layer or the picture uses it. */
  remove(id: string): Promise<void>;
  /** Shows a product and keeps the script at its segments; null lets the script decide again. */
  pin(id: string | null): Promise<PinResult>;
}
