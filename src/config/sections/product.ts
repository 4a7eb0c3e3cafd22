import { z } from 'zod';
import { licence } from './rights.js';

export const product = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name used by script segments and layers'),
    title: z.string().min(1).max(200).describe('Title of the listing'),
    subtitle: z.string().max(200).default('').describe('A short line under the title'),
    image: z.string().min(1).describe('Product picture, relative to the room file'),
    licence,
    price: z
      .strictObject({
        amount: z.number().nonnegative().describe("Price in the currency's main unit"),
        currency: z
          .string()
          .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code such as "USD"')
          .meta({ description: 'ISO 4217 code', examples: ['USD'] }),
        unit: z.string().max(40).default('').describe('What the price is for, such as "piece"'),
        was: z.number().nonnegative().optional().describe('Former price, shown struck out'),
      })
      .describe('Price as the listing says it'),
    minimumOrder: z.string().max(60).default('').describe('Minimum order as shown, such as "50 pieces"'),
    facts: z
      .array(z.string().min(1).max(200))
      .max(40)
      .default([])
      .describe('What the listing states and the script may claim'),
  })
  .describe('One product as its listing (the "entry") has it');
export type Product = z.infer<typeof product>;
