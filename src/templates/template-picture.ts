import { readFile } from 'node:fs/promises';
import { fitInto } from '../avatar/load-presenter.js';
import { readPresenterPack } from '../avatar/presenter-pack.js';
import { stillSvg } from '../avatar/presenter-still.js';
import type { Template } from '../config/templates/template.js';
import type { Orientation, Place } from '../config/templates/template-layout.js';
import { templatePath } from '../core/files/paths.js';
import { loadSharp } from '../scene/sharp.js';
import { loadTemplate, loadTemplateLayouts } from './load-template.js';

interface Overlay {
  readonly input: Buffer;
  readonly left: number;
  readonly top: number;
}

/** A template without its texts: set, presenter and first product, as a WebP of that width. */
export async function templatePicture(
  name: string,
  orientation: Orientation,
  { isNight, width }: { readonly isNight: boolean; readonly width: number },
): Promise<Buffer> {
  const sharp = await loadSharp();
  const template = loadTemplate(name);
  const { layout, products } = template;
  const places = loadTemplateLayouts().layouts[layout][orientation];
  // Everything is drawn at the size of the picture: at full size the page would take a minute.
  const scale = width / places.width;
  const at = (place: Place): Place => ({
    x: Math.round(place.x * scale),
    y: Math.round(place.y * scale),
    width: Math.round(place.width * scale),
    height: Math.round(place.height * scale),
  });
  const frame = at({ x: 0, y: 0, width: places.width, height: places.height });
  const file = (suffix: string): Promise<Buffer> => readFile(templatePath('sets', name, `${orientation}${suffix}`));
  const stage = at(places.presenter);
  const back = await sharp(await file(isNight ? '-night.webp' : '.webp'))
    .resize(frame.width, frame.height)
    .png()
    .toBuffer();
  return sharp(back)
    .composite([
      await placed(await file('-lights.svg'), at(places.lights), frame),
      await placed(await person(template, stage), stage, frame),
      await placed(await file('-front.svg'), at(places.front), frame),
      await placed(await file('-near.webp'), at(places.near), frame),
      await placed(await readFile(templatePath('sets', name, products[0]!.image)), at(places.picture), frame),
    ])
    .webp({ quality: 82 })
    .toBuffer();
}

async function person({ presenter, look }: Template, { width, height }: Place): Promise<Buffer> {
  const pack = await readPresenterPack(templatePath('presenters', presenter), look);
  const fit = fitInto(pack.manifest, { x: 0, y: 0, width, height });
  return stillSvg(pack, fit, { width, height }, { gesture: 'present' });
}

/** The part of a picture that lies in the frame: sharp refuses one that reaches beyond it. */
async function placed(input: Buffer, place: Place, frame: Place): Promise<Overlay> {
  const sharp = await loadSharp();
  const left = Math.max(0, place.x);
  const top = Math.max(0, place.y);
  const drawn = await sharp(input).resize(place.width, place.height, { fit: 'fill' }).png().toBuffer();
  const visible = await sharp(drawn)
    .extract({
      left: left - place.x,
      top: top - place.y,
      width: Math.min(frame.width, place.x + place.width) - left,
      height: Math.min(frame.height, place.y + place.height) - top,
    })
    .toBuffer();
  return { input: visible, left, top };
}
