import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { ZodType } from 'zod';
import {
  template,
  type Template,
  templateTexts,
  type TemplateTexts,
  templateLayouts,
  type TemplateLayouts,
} from '../config/templates/template.js';
import { EngineError } from '../core/errors.js';
import { templatePath } from '../core/files/paths.js';
import { nearest } from '../core/nearest.js';

const TEMPLATE_FILE = 'template.json';

/** Names of all templates. */
export const templateNames = (): string[] =>
  readdirSync(templatePath('sets'))
    .filter((name) => existsSync(templatePath('sets', name, TEMPLATE_FILE)))
    .sort();

/** Throws E_BAD_REQUEST for a name that is not there. */
export function loadTemplate(name: string): Template {
  const names = templateNames();
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new EngineError('E_BAD_REQUEST', {
      where: '--template',
      expected: `one of ${names.join(', ')}`,
      found: `"${name}"`,
      ...(meant === undefined ? {} : { todo: `did you mean ${meant}?` }),
    });
  }
  return read(template, 'sets', name, TEMPLATE_FILE);
}

export const loadTemplateTexts = (): TemplateTexts => read(templateTexts, 'sets', 'texts.json');
export const loadTemplateLayouts = (): TemplateLayouts => read(templateLayouts, 'sets', 'layouts.json');

function read<T>(schema: ZodType<T>, ...parts: string[]): T {
  const file = templatePath(...parts);
  const found = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (found.success) return found.data;
  const issue = found.error.issues[0]!;
  throw new EngineError('E_ROOM_INVALID', {
    where: `${file}: ${issue.path.join('.')}`,
    expected: 'a template file that fits its schema',
    found: issue.message,
    todo: 'install the package again',
  });
}
