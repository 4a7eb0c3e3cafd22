import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * The licence texts of bundled packages.
 *
 * @param root the package's folder
 * @param {readonly string[]} inputs bundled files
 */
export function licences(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(.*?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input.replaceAll('\\', '/'));
    if (found !== null) folders.add(resolve(root, found[1]));
  }
  return [...folders]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying|mit-licen[cs]e)/i.test(one));
      const text = file === undefined ? '' : `\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
      return `${name} ${version} (${license})${text}\n`;
    })
    .join('\n----\n\n');
}
