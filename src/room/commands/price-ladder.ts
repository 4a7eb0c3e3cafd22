/**
 * Keeps a product's price and its price ladder from contradicting each other on air.
 *
 * Problem: card and ladder show both, so a changed price beside the old ladder tells viewers two prices.
 * Rule: a new price moves the step of the ladder that had the old one, where the ladder still falls with the quantity;
 * the answer names the step. Any other price that is no step of the ladder is refused.
 */
import type { Product } from '../../config/sections/product.js';
import { EngineError } from '../../core/errors.js';
import type { LadderStep } from '../../config/api/products-handle.js';

export interface PatchWithLadder {
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
