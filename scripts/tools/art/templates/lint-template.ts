import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPresenter } from '../../../../src/avatar/load-presenter.js';
import { loadRoom } from '../../../../src/config/load-room.js';
import type { RoomConfig } from '../../../../src/config/room-config.js';
import type { Orientation } from '../../../../src/config/templates/template.js';
import { CloseStack } from '../../../../src/core/close-stack.js';
import { createLog } from '../../../../src/core/log.js';
import { templatePath } from '../../../../src/core/files/paths.js';
import type { CheckFault } from '../../../../src/admission/check-rights.js';
import type { CheckTools } from '../../../../src/check/check-tools.js';
import { checkRoom } from '../../../../src/check/check-room.js';
import { lintLayout } from '../../../../src/check/layout/lint-layout.js';
import { loadTemplate } from '../../../../src/templates/load-template.js';
import { newFromTemplate } from '../../../../src/templates/new-from-template.js';
import { loadKernels } from '../../../../src/native/load-kernels.js';
import { PictureProcess } from '../../../../src/scene/drawing/picture-process.js';
import { presenterBox } from '../../../../src/scene/place-box.js';
import { longProduct } from './long-products.js';

const log = createLog('error');
/** A title that is too long for the card ends in an ellipsis; that is no fault of the layout. */
const ENDS_IN_ELLIPSIS = /^text that fits into/;

async function withRoom<T>(
  template: string,
  orientation: Orientation,
  language: string,
  products: readonly unknown[] | undefined,
  use: (room: RoomConfig) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'template-'));
  try {
    const file = join(dir, 'products.json');
    if (products !== undefined) writeFileSync(file, JSON.stringify(products));
    const more = products === undefined ? {} : { products: [file] };
    return await use(loadRoom(await newFromTemplate(join(dir, 'demo'), { template, language, orientation, ...more })));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const endsWhole = ({ expected }: CheckFault): boolean => !ENDS_IN_ELLIPSIS.test(expected);

/** `engine check` of a template with its placeholders. */
export const checkTemplate = (
  template: string,
  orientation: Orientation,
  language: string,
  tools?: CheckTools,
): Promise<readonly CheckFault[]> => checkWith(template, orientation, language, undefined, tools);

/** `engine check` of a template with the longest title, price and former price of a language. */
export const checkLongTitle = async (
  template: string,
  orientation: Orientation,
  language: string,
  tools?: CheckTools,
): Promise<readonly CheckFault[]> => {
  const products = [longProduct(language, templatePath('sets', template, loadTemplate(template).products[0]!.image))];
  return (await checkWith(template, orientation, language, products, tools)).filter(endsWhole);
};

const checkWith = (
  template: string,
  orientation: Orientation,
  language: string,
  products: readonly unknown[] | undefined,
  tools: CheckTools | undefined,
): Promise<readonly CheckFault[]> =>
  withRoom(template, orientation, language, products, async (room) => {
    const signal = new AbortController().signal;
    const { faults } = await checkRoom(room, { log, signal, ...(tools === undefined ? {} : { tools }) });
    return faults;
  });

/** The layout of a template with the longest title, price and former price of a language. */
export const lintLongTitle = (
  template: string,
  orientation: Orientation,
  language: string,
  tools?: CheckTools,
): Promise<readonly CheckFault[]> =>
  lintTemplate(
    template,
    orientation,
    language,
    [longProduct(language, templatePath('sets', template, loadTemplate(template).products[0]!.image))],
    tools,
  );

/** The layout of a template with its placeholders or other products. */
export const lintTemplate = (
  template: string,
  orientation: Orientation,
  language: string,
  products?: readonly unknown[],
  tools?: CheckTools,
): Promise<readonly CheckFault[]> =>
  withRoom(template, orientation, language, products, async (room) => {
    const stack = new CloseStack(log);
    try {
      const kernels = loadKernels();
      const { draw } = tools?.pictures ?? stack.add(new PictureProcess({ log }));
      const admit = async (): Promise<void> => undefined; // the pictures are the template's own
      const box = presenterBox(room);
      const { pack, look } = room.presenter;
      const presenter = await loadPresenter(pack, { box, kernels, log, ...(look === undefined ? {} : { look }) });
      const faults = await lintLayout(room, { kernels, draw, admit, presenter });
      return faults.filter(endsWhole);
    } finally {
      await stack.close();
    }
  });
