import type { Scope } from './breakout-box.js';

type Method = (...args: never[]) => unknown;
/** Gets the browser's own function, its `this`, and the arguments. */
export type Replacement = (
  native: (self: unknown, args: readonly unknown[]) => unknown,
  self: unknown,
  args: unknown[],
) => unknown;

/**
 * Replaces a page's built-in functions so that inspecting code (web frameworks check whether an API is a polyfill they
 * must not use) sees built-in ones: same name, same length, same text, same property flags.
 */
export class NativeLook {
  private readonly originals = new WeakMap<object, unknown>();

  constructor(scope: Scope) {
    const { originals } = this;
    this.method(scope.Function.prototype, 'toString', (native, self) =>
      native(typeof self === 'function' ? (originals.get(self) ?? self) : self, []),
    );
  }

  /** Replaces a method where it is defined; skips methods this browser lacks. */
  method(owner: object, name: string, replacement: Replacement): void {
    const found = Object.getOwnPropertyDescriptor(owner, name);
    if (typeof found?.value !== 'function') return;
    Object.defineProperty(owner, name, { ...found, value: this.wrap(found.value as Method, replacement) });
  }

  getter(owner: object, name: string, replacement: Replacement): void {
    const found = Object.getOwnPropertyDescriptor(owner, name) as { get?: Method } | undefined;
    if (found?.get === undefined) return;
    Object.defineProperty(owner, name, { ...found, get: this.wrap(found.get, replacement) });
  }

  private wrap(native: Method, replacement: Replacement): Method {
    const wrapped = new Proxy(native, {
      apply: (target, self: unknown, args: unknown[]) =>
        replacement((on, given) => Reflect.apply(target, on, given) as unknown, self, args),
    });
    this.originals.set(wrapped, native);
    return wrapped;
  }
}
