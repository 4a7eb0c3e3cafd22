import type { AudioHandle } from '../../config/api/audio-handle.js';
import type { HistoryHandle } from '../../config/api/desk-handle.js';
import type { PresenterHandle } from '../../config/api/presenter-handle.js';
import type { ProductsHandle } from '../../config/api/products-handle.js';
import type { FrameIndex } from '../../core/time.js';
import type { RoomParts } from '../room-desk.js';
import type { Rewrites } from '../../writer/products/planned-rewrites.js';
import { line as lineSchema } from '../../config/sections/script.js';
import type { LiveScript } from '../../show/script/live-script.js';
import { AudioCommands } from './audio-commands.js';
import { EditHistory } from './edit-history.js';
import { LayerCommands } from './layer-commands.js';
import { LineRewriter } from './line-rewriter.js';
import { PresenterCommands } from './presenter-commands.js';
import { ProductCommands } from './product-commands.js';
import { RoomSaver, withoutDefaults } from './save-room.js';
import { ScriptCommands } from './script-commands.js';

/** The edited script as the room file would have it; undefined without an edit. */
function savedScript({ revision, content }: Pick<LiveScript, 'revision' | 'content'>): object | undefined {
  if (revision === 0) return undefined;
  const { loop, gapMs, fillers, segments } = content;
  return {
    loop,
    gapMs,
    fillers,
    segments: segments.map(({ id, product, lines }) => ({
      id,
      ...(product === undefined ? {} : { product }),
      lines: lines.map((line) => withoutDefaults(lineSchema, line)),
    })),
  };
}

export interface RoomEditsOptions {
  readonly frame: () => FrameIndex;
  /** A frame the loop will not have drawn yet. */
  readonly soon: () => FrameIndex;
  /** The picture has changed by an edit. */
  readonly onPicture: () => void;
  /** Aborts the show. */
  readonly signal: AbortSignal;
}

/** Everything that people change while a room is on air, with one history and one way back into the room file. */
export class RoomEdits {
  /** Others register their edits here too. */
  readonly steps = new EditHistory();
  readonly layers: LayerCommands;
  readonly script: ScriptCommands;
  readonly products: ProductsHandle;
  readonly audio: AudioHandle;
  readonly presenter: PresenterHandle;
  readonly history: HistoryHandle;

  constructor(parts: RoomParts, { frame, soon, onPicture, signal }: RoomEditsOptions) {
    const history = this.steps;
    const common = { ...parts, history, frame, soon };
    this.script = new ScriptCommands({ ...parts, frame, history });
    const rewriteScript = (lines: Rewrites): Promise<Rewrites> => this.script.rewrite(lines);
    const rewriter = new LineRewriter({ parts, apply: rewriteScript, signal });
    this.products = new ProductCommands({ ...common, rewriter, rewriteScript, onChange: onPicture });
    this.audio = new AudioCommands({ ...common, signal });
    const presenter = new PresenterCommands({ ...common, onChange: onPicture, signal });
    this.presenter = presenter;
    this.layers = new LayerCommands({
      parts,
      frame,
      soon,
      nowMs: () => performance.now(),
      history,
      placePerson: (layer, late) => presenter.place(layer, late),
      onChange: onPicture,
    });
    const saver = new RoomSaver({
      room: parts.room,
      layers: () => this.layers.edited(),
      script: () => savedScript(parts.rundown.script),
    });
    this.history = {
      steps: () => history.steps(),
      undo: () => history.undo().finally(onPicture),
      undone: () => history.undone(),
      redo: () => history.redo().finally(onPicture),
      save: (options) => saver.save(options),
    };
  }
}
