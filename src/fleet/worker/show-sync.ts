/**
 * One price and stock of each product in all rooms of a show.
 *
 * Problem: somebody sets a price at the desk of one room, and the rooms in other languages must follow within a second;
 * also one that is starting, and one whose worker was without Redis meanwhile. What comes from another room must not go
 * back as a new edit, nor overtake a newer one.
 * Rule: each room on air is looked at four times a second. What has changed in it goes to Redis, where the newest value of
 * each product lies, and then a note to every other room, which reads the newest value there. An edit that Redis did not
 * take is tried again until it has. Looks that overlap an edit from elsewhere do not count. The first edit of an engine loads
 * what judges and draws a product, seconds on a busy machine: an edit that changes nothing does that before it is needed.
 */
import type { SharedProduct } from '../records.js';
import { askEngine, type EngineApi } from './ask-engine.js';

interface ProductSeen {
  readonly id: string;
  readonly product: { readonly stock: string; readonly price: { readonly amount: number } };
}

export interface ShowSyncOptions {
  readonly api: () => EngineApi | undefined;
  /** An edit that was made in this room. */
  readonly spread: (product: string, values: SharedProduct) => Promise<void>;
  /** The show's newest values by product. */
  readonly newest: () => Promise<Readonly<Record<string, SharedProduct>>>;
  /** Redis did not answer. */
  readonly failed: (error: unknown) => void;
  /** The engine refused a value, such as one of a product that it does not have. */
  readonly refused: (product: string, error: unknown) => void;
}

const LOOK_MS = 250;
const EDIT_MS = 10_000;
/** Between two tries to tell the others. */
const AGAIN_MS = 1000;

export class ShowSync {
  /** Price and stock of each product when they were last looked at, or set from elsewhere. */
  private readonly seen = new Map<string, string>();
  private readonly untold = new Map<string, number>();
  private edits = 0;
  private isLooking = false;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ShowSyncOptions) {}

  /** Follows a room that has just come on air; the result ends that. */
  begin(): () => void {
    void this.warmUp().then(() => this.catchUp());
    const timer = setInterval(() => void this.look(), LOOK_MS);
    return () => clearInterval(timer);
  }

  /** An edit from elsewhere; of several, one after the other. Throws what the engine says. */
  edit(product: string, values: SharedProduct): Promise<void> {
    const done = this.turn.then(() => this.apply(product, values));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** The newest values of a product, whatever the note said that it comes from. */
  async follow(product: string, values: SharedProduct): Promise<void> {
    let newest: SharedProduct | undefined;
    try {
      newest = (await this.options.newest())[product];
    } catch (error) {
      this.options.failed(error);
    }
    await this.edit(product, { ...values, ...newest });
  }

  private async warmUp(): Promise<void> {
    const api = this.options.api();
    if (api === undefined) return;
    try {
      const { products } = await askEngine<{ products: ProductSeen[] }>(api, 'GET', '/api/products');
      const [first] = products;
      if (first !== undefined) await this.edit(first.id, {});
    } catch (error) {
      this.options.refused('none', error);
    }
  }

  private async catchUp(): Promise<void> {
    const { newest, failed, refused } = this.options;
    let values: Readonly<Record<string, SharedProduct>>;
    try {
      values = await newest();
    } catch (error) {
      return failed(error);
    }
    for (const [product, own] of Object.entries(values))
      await this.edit(product, own).catch((error: unknown) => refused(product, error));
  }

  private async apply(product: string, values: SharedProduct): Promise<void> {
    const api = this.options.api();
    if (api === undefined) throw new Error('not on air');
    this.edits += 1;
    try {
      const path = `/api/products/${encodeURIComponent(product)}`;
      const { product: now } = await askEngine<ProductSeen>(api, 'PATCH', path, { body: values, limitMs: EDIT_MS });
      this.seen.set(product, valuesOf(now));
    } finally {
      this.edits += 1;
    }
  }

  private async look(): Promise<void> {
    const api = this.options.api();
    // An odd number: an edit is on its way.
    if (this.isLooking || api === undefined || this.edits % 2 === 1) return;
    this.isLooking = true;
    const before = this.edits;
    try {
      const { products } = await askEngine<{ products: ProductSeen[] }>(api, 'GET', '/api/products');
      if (this.edits === before) await this.compare(products);
    } catch {
      // The next look comes soon; an engine that does not answer is the tenure's to deal with.
    } finally {
      this.isLooking = false;
    }
  }

  private async compare(products: readonly ProductSeen[]): Promise<void> {
    const nowMs = performance.now();
    for (const { id, product } of products) {
      const before = this.seen.get(id);
      const now = valuesOf(product);
      this.seen.set(id, now);
      const isNew = before !== undefined && before !== now;
      if (!isNew && !(nowMs >= (this.untold.get(id) ?? Infinity))) continue;
      try {
        await this.options.spread(id, JSON.parse(now) as SharedProduct);
        this.untold.delete(id);
      } catch (error) {
        this.untold.set(id, nowMs + AGAIN_MS);
        this.options.failed(error);
      }
    }
  }
}

const valuesOf = ({ stock, price }: ProductSeen['product']): string =>
  JSON.stringify({ stock, price: { amount: price.amount } });
