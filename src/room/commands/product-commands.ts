import { isDeepStrictEqual } from 'node:util';
import type { LiveRoomConfig } from '../../config/room-config.js';
import { deepFreeze } from '../../config/load-room.js';
import { mergePatch, productAsWritten, productFilesIn } from '../../config/resolve-room.js';
import { product as productSchema, type Product } from '../../config/sections/product.js';
import { valueFault } from '../../config/value-fault.js';
import { EngineError } from '../../core/errors.js';
import type {
  PinResult,
  ProductChange,
  ProductList,
  ProductsHandle,
  ProductState,
  LadderStep,
} from '../../config/api/products-handle.js';
import { COMMAND_LIMIT_MS, pointOfNoReturn, SerialQueue } from '../../core/serial-queue.js';
import type { FrameIndex } from '../../core/time.js';
import { brokenLines } from '../../show/products/broken-lines.js';
import type { Rewrites } from '../../writer/products/planned-rewrites.js';
import { unknownProduct } from '../../scene/scene-faults.js';
import { refusePathsElsewhere } from '../../admission/asset-folders.js';
import { composedTexts, productTextsOf } from '../../admission/texts/layer-texts.js';
import { refuseTexts, refuseTogether } from '../../admission/texts/refuse-texts.js';
import { togetherHits } from '../../admission/texts/shown-together.js';
import type { RoomParts } from '../room-desk.js';
import type { EditHistory, Reversal } from './edit-history.js';
import { brokenFor, type LineRewriter, reversed, type Rewriting } from './line-rewriter.js';

export type ProductParts = Pick<RoomParts, 'scene' | 'judge' | 'loop' | 'ledger' | 'rundown' | 'runner'> & {
  readonly live: LiveRoomConfig;
  readonly history: EditHistory;
  readonly rewriter: Pick<LineRewriter, 'rewrite'>;
  /** Puts lines into the running script. */
  readonly rewriteScript: (lines: Rewrites) => Promise<Rewrites>;
  readonly frame: () => FrameIndex;
  /** A frame the loop will not have drawn yet. */
  readonly soon: () => FrameIndex;
  /** The picture has changed by an edit. */
  readonly onChange: () => void;
};

const MAX_PRODUCTS = 200;

/**
 * Keeps a product's price and its price ladder from contradicting each other on air.
 *
 * Problem: card and ladder show both, so a changed price beside the old ladder tells viewers two prices.
 * Rule: a new price moves the step of the ladder that had the old one, where the ladder still falls with the quantity;
 * the answer names the step. Any other price that is no step of the ladder is refused.
 */
interface PatchWithLadder {
  readonly patch: unknown;
  /** The step that moves with the price. */
  readonly ladderStep?: LadderStep;
}

/** The patch with the ladder moved along. A patch that names a ladder of its own stays as it is. */
export function withLadder(before: Product, patch: unknown): PatchWithLadder {
  const amount = amountIn(patch);
  const { price, priceLadder } = before;
  if (amount === undefined || amount === price.amount || priceLadder.some((step) => step.price === amount))
    return { patch };
  const at = priceLadder.findIndex((step) => step.price === price.amount);
  if (at < 0) return { patch };
  const moved = priceLadder.with(at, { ...priceLadder[at]!, price: amount });
  if (!falls(moved)) return { patch };
  return {
    patch: { ...(patch as object), priceLadder: moved },
    ladderStep: { from: priceLadder[at]!.from, was: price.amount, price: amount },
  };
}

/** Whether viewers would be told two prices: the product's is no step of its ladder. */
export const contradicts = ({ price, priceLadder }: Product): boolean =>
  priceLadder.length > 0 && !priceLadder.some((step) => step.price === price.amount);

export const contradiction = ({ price, priceLadder }: Product, where: string): EngineError =>
  new EngineError('E_BAD_REQUEST', {
    where: `${where}: price.amount`,
    expected: `a price of its ladder (${priceLadder.map((step) => step.price).join(', ')})`,
    found: String(price.amount),
    todo: 'send the new "priceLadder" in the same request',
  });

/** The new amount of a patch that leaves the ladder alone. */
function amountIn(patch: unknown): number | undefined {
  if (typeof patch !== 'object' || patch === null || 'priceLadder' in patch || !('price' in patch)) return undefined;
  const { price } = patch;
  if (typeof price !== 'object' || price === null || !('amount' in price)) return undefined;
  return typeof price.amount === 'number' ? price.amount : undefined;
}

const falls = (ladder: Product['priceLadder']): boolean =>
  ladder.every((step, i) => i === 0 || step.price <= ladder[i - 1]!.price);

/**
 * Changes a room's products on air. Changes run one after another: each is checked, its texts and pictures are judged,
 * and only then do picture, rules and script follow together.
 */
export class ProductCommands implements ProductsHandle {
  private readonly turns = new SerialQueue({ limitMs: COMMAND_LIMIT_MS, where: 'products' });

  constructor(private readonly parts: ProductParts) {}

  list(): ProductList {
    const { runner, frame, rundown } = this.parts;
    return {
      shown: runner.productAt(frame()),
      pinned: rundown.choice.pinned,
      products: this.products.map((product) => this.state(product)),
    };
  }

  get(id: string): ProductState {
    return this.state(this.known(id));
  }

  add(body: unknown): Promise<ProductChange> {
    return this.turns.take(async (late) => {
      const product = this.parse(body, 'POST /api/products');
      if (this.products.some(({ id }) => id === product.id)) throw taken(product.id);
      if (contradicts(product)) throw contradiction(product, 'POST /api/products');
      return this.change(product, late);
    });
  }

  put(id: string, body: unknown): Promise<ProductChange> {
    return this.turns.take((late) => {
      const product = this.parse(mergePatch(body, { id }), `product "${id}"`);
      if (contradicts(product)) throw contradiction(product, `product "${id}"`);
      return this.change(product, late);
    });
  }

  patch(id: string, body: unknown): Promise<ProductChange> {
    return this.turns.take(async (late) => {
      const before = productAsWritten(this.known(id), this.room.dir);
      const { patch, ladderStep } = withLadder(before, body);
      const product = this.parse(mergePatch(mergePatch(before, patch), { id }), `product "${id}"`);
      // One that contradicted itself before can still be marked as sold out.
      if (contradicts(product) && !contradicts(before)) throw contradiction(product, `product "${id}"`);
      const change = await this.change(product, late);
      return ladderStep === undefined ? change : { ...change, ladderStep };
    });
  }

  remove(id: string): Promise<void> {
    return this.turns.take(async (late) => {
      const product = this.known(id);
      this.refuseUsed(id);
      pointOfNoReturn(late);
      this.takeOut(id);
      this.parts.history.register({
        what: `remove product "${id}"`,
        undo: (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            await this.apply(product, signal);
          }),
        redo: (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            this.refuseUsed(id);
            pointOfNoReturn(signal);
            this.takeOut(id);
          }),
      });
    });
  }

  pin(id: string | null): Promise<PinResult> {
    return this.turns.take(async (late) => {
      const { rundown, history } = this.parts;
      const before = rundown.choice.pinned;
      const result = await this.setPinned(id, late);
      const pinAgain =
        (to: string | null): Reversal =>
        (requireNewest) =>
          this.turns.take(async (signal) => {
            requireNewest();
            await this.setPinned(to, signal);
          });
      if (before !== id)
        history.register({
          what: id === null ? `unpin "${before}"` : `pin "${id}"`,
          undo: pinAgain(before),
          redo: pinAgain(id),
        });
      return result;
    });
  }

  private get room() {
    return this.parts.live.room;
  }

  private get products(): readonly Product[] {
    return this.room.products;
  }

  private known(id: string): Product {
    const found = this.products.find((one) => one.id === id);
    if (found === undefined)
      throw unknownProduct(
        id,
        this.products.map((one) => one.id),
      );
    return found;
  }

  private state(product: Product): ProductState {
    const { runner, frame, rundown } = this.parts;
    const { id } = product;
    return {
      id,
      product: productAsWritten(product, this.room.dir),
      shown: runner.productAt(frame()) === id,
      pinned: rundown.choice.pinned === id,
      segments: this.segmentsOf(id),
    };
  }

  private segmentsOf(id: string): number {
    return this.parts.rundown.script.content.segments.filter(({ product }) => product === id).length;
  }

  private parse(body: unknown, where: string): Product {
    const result = productSchema.safeParse(body ?? {});
    if (result.success) return deepFreeze(productFilesIn(this.room.dir, result.data));
    const fault = valueFault(result.error.issues[0]!, body, productSchema);
    throw new EngineError('E_BAD_REQUEST', {
      ...fault,
      where: fault.where === '' ? where : `${where}: ${fault.where}`,
    });
  }

  /** Takes a checked product over, and registers how to take that back. */
  private async change(product: Product, late: AbortSignal): Promise<ProductChange> {
    const { history, judge, rundown, rewriter, rewriteScript, scene } = this.parts;
    const before = this.products;
    const old = before.find(({ id }) => id === product.id);
    if (old === undefined && before.length >= MAX_PRODUCTS)
      throw new EngineError('E_BAD_REQUEST', {
        where: 'products',
        expected: `at most ${MAX_PRODUCTS} products`,
        found: String(before.length + 1),
      });
    if (old !== undefined && isDeepStrictEqual(old, product)) {
      // Judged as any edit is; there is nothing to show, and nothing to take back.
      await this.judge(product);
      await scene.tryProduct(product);
      return { ...this.state(product), atFrame: null, breaks: [] };
    }
    const atFrame = await this.apply(product, late);
    const later: { rewriting?: Rewriting } = {};
    history.register({
      what: `product "${product.id}"`,
      undo: (requireNewest) =>
        this.turns.take(async (late) => {
          requireNewest();
          if (old !== undefined) await this.apply(old, late);
          else {
            this.refuseUsed(product.id);
            pointOfNoReturn(late);
            this.takeOut(product.id);
          }
          if (later.rewriting !== undefined) await rewriteScript(reversed(later.rewriting.taken));
        }),
      redo: (requireNewest) =>
        this.turns.take(async (late) => {
          requireNewest();
          await this.apply(product, late);
          if (later.rewriting !== undefined) await rewriteScript(later.rewriting.taken);
        }),
    });
    const broken = await brokenLines({
      judge,
      language: this.room.language,
      script: rundown.script.content,
      replies: this.room.replies,
      before,
      after: this.products,
      id: product.id,
    });
    later.rewriting = await rewriter.rewrite(broken, before);
    const { planned } = later.rewriting;
    const breaks = broken.map((one) => brokenFor(one, planned));
    return { ...this.state(product), atFrame, breaks };
  }

  /** Judges a product and applies it; returns its first frame on the picture, or null. */
  private async apply(product: Product, late: AbortSignal): Promise<number | null> {
    const { scene, loop, live, ledger, runner, frame, soon, onChange } = this.parts;
    const { id } = product;
    await this.judge(product);
    await scene.tryProduct(product);
    pointOfNoReturn(late);
    const at = this.products.findIndex((one) => one.id === id);
    const products = at < 0 ? [...this.products, product] : this.products.with(at, product);
    let atFrame: number | null = null;
    const before = this.room.products;
    // Rules and script first: no line is judged by the old listing once the picture has the new one.
    live.set({ products: deepFreeze(products) });
    runner.refresh();
    try {
      const update = await scene.replaceProduct(product, () => {
        const first = soon();
        atFrame = first;
        return first;
      });
      loop.send({ type: 'scene', update });
    } catch (error) {
      live.set({ products: before });
      runner.refresh();
      throw error;
    }
    ledger.append({
      kind: 'operator',
      action: 'product',
      frame: frame(),
      detail: { product: id, stock: product.stock },
    });
    onChange();
    return atFrame;
  }

  /** Everything the product says on the picture, alone and beside the other texts. Throws E_TEXT_REFUSED. */
  private async judge(product: Product): Promise<void> {
    const { live, judge, scene, ledger } = this.parts;
    const where = `product "${product.id}"`;
    const files = [
      product.image,
      ...product.images,
      ...product.variants.flatMap(({ values }) => values.flatMap(imageOf)),
    ];
    await refusePathsElsewhere(
      this.room,
      where,
      files.filter((file) => !file.startsWith('data:')),
    );
    // Judged alone: its texts never stand beside texts of another product.
    const room = live.with({ products: [product] });
    const layers = scene.allLayers;
    const note = (entry: Parameters<typeof ledger.append>[0]): void => void ledger.append(entry);
    const texts = [
      ...productTextsOf(product, where),
      ...layers.flatMap((layer) => composedTexts(layer, `layer "${layer.id}"`, room)),
    ];
    refuseTexts(judge, room, texts, note);
    refuseTogether(togetherHits(judge, room, layers), note);
  }

  private async setPinned(id: string | null, late: AbortSignal): Promise<PinResult> {
    const { scene, loop, ledger, runner, rundown, frame, soon, onChange } = this.parts;
    if (id !== null) this.known(id);
    let atFrame: number | null = null;
    if (id !== null) {
      atFrame = soon();
      const update = await scene.product(id, soon());
      pointOfNoReturn(late);
      loop.send({ type: 'scene', update });
    }
    if (id === null) pointOfNoReturn(late);
    runner.pin(id, atFrame === null ? frame() : soon());
    ledger.append({
      kind: 'operator',
      action: id === null ? 'unpin' : 'pin',
      frame: frame(),
      detail: { product: id ?? '' },
    });
    onChange();
    return {
      pinned: rundown.choice.pinned,
      shown: id ?? runner.productAt(frame()),
      atFrame,
      segments: id === null ? 0 : this.segmentsOf(id),
    };
  }

  private refuseUsed(id: string): void {
    const { scene, runner, rundown, frame } = this.parts;
    const segments = this.segmentsOf(id);
    const layers = scene.allLayers.filter(({ product }) => product === id).map((layer) => layer.id);
    const uses = [
      ...(segments > 0 ? [`${segments} segments of the script`] : []),
      ...layers.map((layer) => `layer "${layer}"`),
      ...(rundown.choice.pinned === id ? ['the pin'] : []),
      ...(runner.productAt(frame()) === id ? ['the picture'] : []),
    ];
    if (uses.length === 0) return;
    throw new EngineError('E_IN_USE', {
      where: `product "${id}"`,
      expected: 'a product that nothing uses',
      found: uses.join(', '),
      todo: 'mark it as sold out instead, or remove these first',
    });
  }

  private takeOut(id: string): void {
    const { live, ledger, frame, onChange } = this.parts;
    live.set({ products: deepFreeze(this.products.filter((one) => one.id !== id)) });
    ledger.append({ kind: 'operator', action: 'remove-product', frame: frame(), detail: { product: id } });
    onChange();
  }
}

const imageOf = ({ image }: { image?: string | undefined }): string[] => (image === undefined ? [] : [image]);

const taken = (id: string): EngineError =>
  new EngineError('E_IN_USE', {
    where: 'POST /api/products',
    expected: 'an id that no product has',
    found: `"${id}"`,
    todo: 'PUT /api/products/:id replaces a product',
  });
