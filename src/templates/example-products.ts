import type { Template } from '../config/templates/template.js';
import type { TemplateLanguage, TextsOfLanguage } from '../config/templates/template-texts.js';
import { product, type Product } from '../config/sections/product.js';
import { SpokenValues } from '../writer/spoken-values.js';
import type { SentencePlan } from '../writer/plan-schema.js';

/** Placeholder products of a template in one language. */
export function exampleProducts(
  { products }: Template,
  language: TemplateLanguage,
  texts: TextsOfLanguage,
  plan: SentencePlan,
): Product[] {
  const values = new SpokenValues(plan);
  const words: Readonly<Record<string, string | undefined>> = plan.words;
  return products.map((one) =>
    product.parse({
      id: one.id,
      title: one.title[language],
      subtitle: texts.example,
      image: `assets/${one.image}`,
      price: { amount: one.price, currency: 'USD', unit: values.unit(one.unit) },
      minimumOrder: values.quantity(one.minimumOrder, one.unit),
      facts: texts.facts,
      attributes:
        one.material === undefined ? [] : [{ name: plan.topics.material, value: words[one.material] ?? one.material }],
      variants:
        one.colours.length === 0
          ? []
          : [{ name: plan.topics.colour, values: one.colours.map((name) => ({ name: words[name] ?? name })) }],
    }),
  );
}
