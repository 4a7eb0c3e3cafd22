/** Draws the presenters of templates/presenters: their parts as SVG and their pack.json. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { templatePath } from '../src/core/files/paths.js';
import { amara } from './presenter-art/amara.js';
import { allBrows, allEyes, allMouths } from './presenter-art/face.js';
import { leo } from './presenter-art/leo.js';
import { allHands } from './presenter-art/hands.js';
import { foreArm, upperArm } from './presenter-art/limbs.js';
import { svg, type Look } from './presenter-art/look.js';
import { mei } from './presenter-art/mei.js';
import { packFile } from './presenter-art/pack.js';

/** Heads are drawn at natural size and shown a little larger, like a mascot's. */
const HEAD_SCALE = 1.13;
const large = (content: string): string =>
  svg(`<g transform="translate(500 497) scale(${HEAD_SCALE}) translate(-500 -486)">${content}</g>`);

/** The same for a file of groups, each shown alone. */
const grouped = (content: string): string => {
  const scaled = content.replace(
    /<g id="([a-zA-Z0-9-]+)">/g,
    `<g id="$1" transform="translate(500 497) scale(${HEAD_SCALE}) translate(-500 -486)">`,
  );
  return svg(scaled);
};

function write(look: Look): void {
  const dir = templatePath('presenters', look.name);
  mkdirSync(join(dir, 'parts'), { recursive: true });
  const limb = '-100 -100 200 500';
  const parts: Readonly<Record<string, string>> = {
    'hair-back': large(look.draw.hairBack()),
    body: svg(look.draw.body()),
    head: large(look.draw.head()),
    features: large(look.draw.features()),
    'hair-front': large(look.draw.hairFront()),
    ...(look.draw.eyewear === undefined ? {} : { eyewear: large(look.draw.eyewear()) }),
    eyes: grouped(allEyes(look)),
    brows: grouped(allBrows(look)),
    mouths: grouped(allMouths(look)),
    'upper-arm': svg(upperArm(look), limb),
    forearm: svg(foreArm(look), limb),
    hands: svg(allHands(look), '-100 -50 200 250'),
  };
  for (const [name, text] of Object.entries(parts)) writeFileSync(join(dir, 'parts', `${name}.svg`), text);
  writeFileSync(join(dir, 'pack.json'), `${JSON.stringify(packFile(look), null, 2)}\n`);
}

for (const look of [mei, leo, amara]) write(look);
