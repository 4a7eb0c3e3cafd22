import { z } from 'zod';
import { licence } from './rights.js';

const text = (max: number) => z.string().min(1).max(max);
const quantity = z.int().min(1);
const attribute = z.strictObject({
  name: text(80).describe('Name as the listing has it'),
  value: text(300).describe('Value as the listing has it'),
});

export const product = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$/, 'expected letters, digits and dashes')
      .describe('Name used by script segments and layers'),
    title: z.string().min(1).max(200).describe('Title of the listing'),
    name: z
      .record(z.string().regex(/^[a-z]{2,3}$/, 'expected a language code such as "en"'), text(60))
      .default({})
      .describe(
        'What the host calls it, by language, such as {"en": "silicone kettle"}; made from the title where it is left out',
      ),
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
        ofVisitor: z
          .literal(true)
          .optional()
          .describe('The currency is that of whoever saved the page; remove this to confirm that the room sells in it'),
        unit: z.string().max(40).default('').describe('Unit of the price, such as "piece"'),
        was: z.number().nonnegative().optional().describe('Former price, shown struck out'),
      })
      .describe('Price as the listing states it'),
    minimumOrder: z.string().max(60).default('').describe('Minimum order as shown, such as "50 pieces"'),
    facts: z
      .array(z.string().min(1).max(200))
      .max(40)
      .default([])
      .describe('Facts that the listing states and the script may claim'),
    link: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Address of the listing'),
    stock: z.enum(['on-sale', 'sold-out']).default('on-sale').describe('Availability'),
    priceLadder: z
      .array(
        z.strictObject({
          from: quantity.describe('Smallest quantity of this step'),
          to: quantity.optional().describe('Largest quantity; open-ended when it is left out'),
          price: z.number().nonnegative().describe('Price of one unit'),
        }),
      )
      .max(12)
      .default([])
      .describe("Prices by quantity, in the price's currency, ascending"),
    leadTime: z
      .array(
        z.strictObject({
          from: quantity.describe('Smallest quantity of this step'),
          to: quantity.optional().describe('Largest quantity; open-ended when it is left out'),
          days: z.number().positive().max(1000).describe('Days until it is shipped'),
        }),
      )
      .max(12)
      .default([])
      .describe('Lead times by quantity, ascending'),
    variants: z
      .array(
        z.strictObject({
          name: text(60).describe('Varying property, such as "Color"'),
          values: z
            .array(
              z.strictObject({
                name: text(80).describe('Such as "Forest green"'),
                image: z.string().min(1).optional().describe('Picture of the variant, relative to the room file'),
              }),
            )
            .min(1)
            .max(40)
            .describe('Values of the property'),
        }),
      )
      .max(6)
      .default([])
      .describe('Colours, sizes and the like'),
    attributes: z.array(attribute).max(80).default([]).describe('Attributes as the listing states them'),
    certificates: z
      .array(
        z.strictObject({
          name: text(120).describe('Name as it is printed'),
          number: text(80).optional().describe('Number as it is printed'),
          issuer: text(120).optional().describe('Who issued it'),
          region: text(120).optional().describe('Where it applies'),
        }),
      )
      .max(20)
      .default([])
      .describe('Certificates that the listing prints'),
    packing: z.array(attribute).max(20).default([]).describe('Packing and its measures'),
    faq: z
      .array(z.strictObject({ question: text(300).describe('The question'), answer: text(600).describe('The answer') }))
      .max(40)
      .default([])
      .describe('Questions answered by the listing'),
    sample: z
      .strictObject({
        price: z.number().nonnegative().describe('Price of a sample'),
        quantity: quantity.default(1).describe('Maximum quantity of a sample order'),
        days: z.number().positive().max(1000).optional().describe('Days until a sample is shipped'),
      })
      .optional()
      .describe('Sample price and quantity'),
    customisation: z
      .strictObject({ from: quantity.describe('Smallest quantity with a logo or design of the buyer') })
      .optional()
      .describe("Orders with the buyer's own logo or design"),
    images: z.array(z.string().min(1)).max(12).default([]).describe('Further pictures, relative to the room file'),
    languages: z
      .record(z.string().regex(/^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$/), z.url({ protocol: /^https?$/ }))
      .default({})
      .describe('The same listing in other languages: BCP-47 code to address'),
  })
  .meta({ id: 'Product', description: 'One product as on its listing' });
export type Product = z.infer<typeof product>;
