import type { PresenterData } from '../avatar/presenter-data.js';
import type { RoomConfig } from '../config/room-config.js';
import type { Kernels } from '../core/kernels.js';
import type { DrawPicture } from '../scene/assets/load-picture.js';
import type { ClipDeps } from '../scene/clips/clip.js';
import { LayoutMaker } from '../scene/lay-out.js';
import type { Raster } from '../scene/raster.js';
import type { Admission } from '../admission/admission.js';
import type { CheckFault } from '../admission/check-rights.js';
import { StillCanvas } from '../render/still-canvas.js';

interface ComposedDeps {
  readonly kernels: Kernels;
  readonly draw: DrawPicture;
  readonly presenter: PresenterData | undefined;
  readonly assistant?: PresenterData | undefined;
  readonly admission: Pick<Admission, 'inspect'>;
  readonly clips?: ClipDeps | undefined;
}

/** The room's pictures together, product by product, without its own texts, which are judged as texts. */
export async function* composedPictures(
  room: RoomConfig,
  { kernels, draw, presenter, assistant, clips }: Omit<ComposedDeps, 'admission'>,
): AsyncGenerator<{ readonly where: string; readonly picture: Raster }> {
  const { width, height } = room.video;
  // Each picture was admitted by itself.
  const admit = async (): Promise<void> => undefined;
  const maker = new LayoutMaker(room, { admit, draw, kernels, clips: clips && { ...clips, admit } });
  for (const product of new Set(room.script.segments.map((s) => s.product ?? null))) {
    const canvas = new StillCanvas(room, kernels, presenter, assistant);
    for (const laid of await maker.layers(product)) if (laid.text === '') canvas.add(laid);
    const where = product === null ? 'composed picture' : `composed picture with product "${product}"`;
    yield { where, picture: { rgba: canvas.under({ x: 0, y: 0, width, height }), width, height } };
  }
}

/**
 * Judges the room's pictures together: no single picture holds a code or a contact split over two, or one in the
 * presenter's drawings. Each picture had the hard scan; the composed frame gets the gate's.
 */
export async function checkComposed(room: RoomConfig, deps: ComposedDeps): Promise<CheckFault[]> {
  const faults = new Map<string, CheckFault>();
  for await (const { where, picture } of composedPictures(room, deps)) {
    const { hits } = await deps.admission.inspect(picture, 'frame', where, 'live');
    for (const { hit, refused } of hits) {
      const found = `${hit.kind}${hit.text === undefined ? '' : ` "${hit.text.slice(0, 60)}"`}`;
      const severity = refused ? 'fault' : 'warning';
      const fault: CheckFault = { severity, where, expected: 'a picture that may be shown', found, rule: hit.rule };
      if (!faults.has(found)) faults.set(found, fault);
    }
  }
  return [...faults.values()];
}
