import { z } from 'zod';
import { product, type Product } from '../config/sections/product.js';
import { EngineError } from '../core/errors.js';
import { FileFault, readRegularFileSync } from '../core/files/regular-file.js';

const MAX_BYTES = 8 * 1024 * 1024;

const file = z.union([
  z.array(product).min(1),
  z.object({ products: z.array(product).min(1) }).transform((f) => f.products),
  product.transform((p) => [p]),
]);

/** One product, a list of them, or an object with `products`. Throws E_LISTING_INVALID. */
export function readProductFile(path: string): Product[] {
  const invalid = (found: string, cause?: unknown): EngineError =>
    new EngineError('E_LISTING_INVALID', {
      where: path,
      expected: 'a product as `products` of a room holds it',
      found,
      todo: 'docs/room-file.md lists the fields',
      cause,
    });
  let raw: unknown;
  try {
    raw = JSON.parse(
      readRegularFileSync(path, MAX_BYTES)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch (cause) {
    throw invalid(
      cause instanceof SyntaxError
        ? 'text that is not JSON'
        : cause instanceof FileFault
          ? cause.found
          : 'an unreadable file',
      cause,
    );
  }
  const read = file.safeParse(raw);
  if (read.success) return read.data;
  const single = product.safeParse(raw);
  const issue = (single.success ? read.error : single.error).issues[0]!;
  throw invalid(`${issue.path.join('.') || 'top level'}: ${issue.message}`);
}
