import type { Template } from '../config/templates/template.js';
import { templatePath } from '../core/files/paths.js';
import { loadTemplate, templateNames } from './load-template.js';

export interface ListedTemplate {
  readonly name: string;
  readonly category: Template['name'];
  readonly presenter: string;
  readonly brand: Template['brand'];
  readonly composition: Template['composition'];
  /** Picture files of the empty set and of the first product. */
  readonly pictures: { readonly portrait: string; readonly landscape: string; readonly product: string };
}

/** All templates, by name. */
export const listTemplates = (): ListedTemplate[] =>
  templateNames().map((name) => {
    const { name: category, presenter, brand, composition, products } = loadTemplate(name);
    return {
      name,
      category,
      presenter,
      brand,
      composition,
      pictures: {
        portrait: templatePath('sets', name, 'portrait.webp'),
        landscape: templatePath('sets', name, 'landscape.webp'),
        product: templatePath('sets', name, products[0]!.image),
      },
    };
  });
