import { z } from 'zod';
import { base, turn } from './layer-base.js';
import { colour } from './length.js';

/** The layers of a sale: countdown, coupon, price ladder, attribute table, question and announcement. */

const look = {
  theme: z.enum(['light', 'dark', 'brand']).default('light').describe('Look of the panel, as of the price card'),
  accent: colour.default('#e8453c'),
};
const DAY_MS = 86_400_000;
/** Digits show up to 99 days. */
const MAX_COUNTDOWN_MS = 99 * DAY_MS;

export const countdownLayer = z
  .strictObject({
    ...base,
    ...look,
    type: z.literal('countdown').describe('Time left of an offer'),
    title: z.string().max(80).optional().describe('Short title; default: "Flash sale" in the room\'s language'),
    offer: z
      .string()
      .min(1)
      .max(120)
      .describe('The offer that ends, such as "{{product.price}} instead of $59"; a countdown without one is refused'),
    endsAt: z.iso
      .datetime({ offset: true, error: 'expected a date and time with its zone, such as "2026-11-12T00:00:00+08:00"' })
      .optional()
      .describe('When the offer ends, with its time zone, such as "2026-11-11T24:00:00+08:00"')
      .meta({ examples: ['2026-11-12T00:00:00+08:00'] }),
    durationMs: z
      .int()
      .min(1000)
      .max(MAX_COUNTDOWN_MS)
      .optional()
      .describe('Length of the offer from the moment the layer is shown; instead of endsAt'),
    ended: z.string().max(80).optional().describe('Text once the offer has ended; without it the layer leaves'),
  })
  .refine(({ endsAt, durationMs }) => (endsAt === undefined) !== (durationMs === undefined), {
    error: 'expected either endsAt or durationMs',
    path: ['endsAt'],
  })
  .describe('Time left of an offer, to the second; it never starts again by itself');

export const couponLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('coupon').describe("A coupon of the platform, claimed on the listing's own page"),
    amount: z.number().positive().optional().describe('Money off'),
    percent: z.number().gt(0).max(99).optional().describe('Per cent off; instead of amount'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as "USD"')
      .optional()
      .describe("ISO 4217 code; default: the products' currency"),
    minimumSpend: z.number().positive().optional().describe('Order value from which it applies'),
    condition: z.string().max(100).optional().describe('Condition in words; default: from minimumSpend'),
    how: z.string().max(100).optional().describe("How viewers get it on the platform; default in the room's language"),
  })
  .refine(({ amount, percent }) => (amount === undefined) !== (percent === undefined), {
    error: 'expected either amount or percent',
    path: ['amount'],
  })
  .describe('A coupon of the platform: value, condition, and how to get it. Codes to type or scan are not shown');

export const ladderLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('ladder').describe("The current product's price by quantity"),
    title: z.string().max(80).optional().describe('Default: "Price by quantity" in the room\'s language'),
    maxRows: z.int().min(1).max(8).default(4).describe('Maximum steps shown, from the smallest quantity on'),
  })
  .describe("The current product's prices by quantity; absent for a product without a priceLadder");

export const attributesLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('attributes').describe("The current product's key attributes as a table"),
    title: z.string().max(80).optional().describe('Default: "Key attributes" in the room\'s language'),
    names: z
      .array(z.string().min(1).max(80))
      .max(12)
      .default([])
      .describe('Attributes to show, by their names in the listing and in this order; default: the first ones'),
    maxRows: z.int().min(1).max(10).default(5).describe('Maximum rows'),
  })
  .describe("The current product's key attributes; absent for a product without attributes");

export const questionLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('question').describe("A viewer's comment"),
    user: z.string().max(60).default('').describe("The viewer's name as the platform shows it; empty for none"),
    text: z.string().min(1).max(300).describe('The comment; up to three lines are shown'),
  })
  .describe("A viewer's comment, shown while it is answered");

export const announcementLayer = z
  .strictObject({
    ...base,
    ...turn,
    ...look,
    type: z.literal('announcement').describe('One line with a sign before it'),
    icon: z
      .enum(['megaphone', 'truck', 'gift', 'star', 'clock', 'check', 'info', 'heart', 'none'])
      .default('megaphone')
      .describe('Sign before the text'),
    text: z.string().min(1).max(160).describe('The line; {{product.…}} and {{room.name}} are filled in'),
  })
  .describe('One line of news with a sign before it');
