import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fitInto } from '../avatar/load-presenter.js';
import { readPresenterPack } from '../avatar/presenter-pack.js';
import { stillSvg } from '../avatar/presenter-still.js';
import type { Template, Orientation, Place, StandingPlace } from '../config/templates/template.js';
import { templatePath } from '../core/files/paths.js';
import { standingRaster } from '../scene/layers/standing-picture.js';
import { loadSharp } from '../scene/sharp.js';
import { loadTemplate, loadTemplateLayouts } from './load-template.js';

interface Overlay {
  readonly input: Buffer;
  readonly left: number;
  readonly top: number;
}

/** A template without its texts: the hero shot with set, presenter and first product, as a WebP of that width. */
export async function templatePicture(
  name: string,
  orientation: Orientation,
  { isNight, width }: { readonly isNight: boolean; readonly width: number },
): Promise<Buffer> {
  const sharp = await loadSharp();
  const template = loadTemplate(name);
  const { composition, products } = template;
  const places = loadTemplateLayouts().compositions[composition][orientation];
  // Everything is drawn at the size of the picture: at full size the page would take a minute.
  const scale = width / places.width;
  const at = <P extends Place>(place: P): P => ({
    ...place,
    x: Math.round(place.x * scale),
    y: Math.round(place.y * scale),
    width: Math.round(place.width * scale),
    height: Math.round(place.height * scale),
  });
  const whole = { x: 0, y: 0, width: places.width, height: places.height };
  const frame = at(whole);
  const path = (suffix: string): string => templatePath('sets', name, `${orientation}${suffix}`);
  const plane = async (suffix: string, place: Place): Promise<Overlay[]> =>
    existsSync(path(suffix)) ? [await placed(await readFile(path(suffix)), at(place), frame)] : [];
  const stage = at(places.presenter);
  const back = await sharp(await readFile(path(isNight ? '-night.webp' : '.webp')))
    .resize(frame.width, frame.height)
    .png()
    .toBuffer();
  return sharp(back)
    .composite([
      await placed(await person(template, stage), stage, frame),
      ...(await plane('-frame.webp', whole)),
      ...(await plane('-front.webp', places.front)),
      ...(await plane('-near.webp', whole)),
      await product(templatePath('sets', name, products[0]!.image), at(places.product), frame),
    ])
    .webp({ quality: 82 })
    .toBuffer();
}

async function person({ presenter, look }: Template, { width, height }: Place): Promise<Buffer> {
  const pack = await readPresenterPack(templatePath('presenters', presenter), look);
  const fit = fitInto(pack.manifest, { x: 0, y: 0, width, height });
  return stillSvg(pack, fit, { width, height }, { gesture: 'present' });
}

/** The product as the scene stands it on the counter. */
async function product(file: string, place: StandingPlace, frame: Place): Promise<Overlay> {
  const sharp = await loadSharp();
  const load = async (width: number, height: number) => {
    const { data, info } = await sharp(await readFile(file))
      .resize(width, height, { fit: 'inside' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { rgba: new Uint8Array(data), width: info.width, height: info.height };
  };
  const { raster, dx, dy } = await standingRaster(place, place.share * frame.width * frame.height, load);
  const { rgba, width, height } = raster;
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return placed(png, { x: place.x + dx, y: place.y + dy, width, height }, frame);
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
