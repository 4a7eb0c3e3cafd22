import t from 'tap';
import { TEMPLATE_LANGUAGES } from '../../src/config/templates/template.js';
import { planOf } from '../../src/writer/write-script.js';
import { sentencePlans } from '../../src/writer/plan-schema.js';
import { Listings } from '../../src/show/listings.js';
import { exampleProducts } from '../../src/templates/new-from-template.js';
import { loadTemplate, loadTemplateTexts, templateNames } from '../../src/templates/load-template.js';
import { TextJudge } from '../../src/moderation/index.js';
import type { Product } from '../../src/config/sections/product.js';
import type { Surface } from '../../src/core/verdict.js';
import { sampled } from '../kit/whole.js';

const judge = new TextJudge({});
const texts = loadTemplateTexts();

for (const language of sampled(TEMPLATE_LANGUAGES, 4)) {
  t.test(`the templates' texts in "${language}" break no rule beside the listings`, (t) => {
    const own = texts[language];
    const found: string[] = [];
    const plan = planOf(sentencePlans(), language);
    const read = (text: string, surface: Surface, products: readonly Product[], product?: string): void => {
      const entry = new Listings(products).of(product, text);
      const { hits } = judge.judge(text, { surface, language, entry });
      found.push(...hits.map(({ rule, match }) => `${rule}: "${match}" in "${text}"`));
    };
    for (const name of templateNames()) {
      const products = exampleProducts(loadTemplate(name), language, own, plan);
      for (const { id, title } of products) read(title, 'caption', products, id);
    }
    const products = exampleProducts(loadTemplate('kitchen'), language, own, plan);
    const shown = [...own.ticker, ...Object.values(own.lines), ...Object.values(own.badges), own.example];
    for (const text of shown) read(text, 'caption', products, products[0]!.id);
    for (const { minimumOrder, id } of products) read(minimumOrder, 'caption', products, id);
    for (const fact of own.facts) read(fact, 'entry', products);
    read(own.greeting, 'speech', products, products[0]!.id);
    t.same(found, []);
    t.end();
  });
}
