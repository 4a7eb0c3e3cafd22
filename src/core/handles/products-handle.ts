/** The products of a running room. Bodies are checked by the room: a product as in the room file. */

export interface ProductState {
  readonly id: string;
  /** As the room file would have it, with every default. */
  readonly product: unknown;
  /** On screen now. */
  readonly shown: boolean;
  readonly pinned: boolean;
  /** Segments of the script about it. */
  readonly segments: number;
}

export interface ProductList {
  readonly shown: string | null;
  readonly pinned: string | null;
  readonly products: readonly ProductState[];
}

/** A text that the rules forbid since a product changed. It is not spoken. */
export interface BrokenLine {
  /** Place in the room file, such as `script.segments[0].lines[2].variants[1]` or `replies.rules[0].answers[1]`. */
  readonly where: string;
  readonly text: string;
  readonly rule: string;
  readonly kind: string;
  readonly match: string;
  /** `skip`: it is not spoken. */
  readonly action: string;
  /** The wording that a sentence plan has put in its place, by the listing as it is now. */
  readonly rewritten?: string;
}

export interface ProductChange extends ProductState {
  /** First frame with the new data on the picture; null when the product is not on screen. */
  readonly atFrame: number | null;
  readonly breaks: readonly BrokenLine[];
  /** The step of the price ladder that moved with the price. */
  readonly ladderStep?: LadderStep;
}

export interface LadderStep {
  readonly from: number;
  readonly was: number;
  readonly price: number;
}

export interface PinResult {
  readonly pinned: string | null;
  readonly shown: string | null;
  readonly atFrame: number | null;
  /** Segments of the script about the pinned product; with 0 the script goes on as it was. */
  readonly segments: number;
}

export interface ProductsHandle {
  list(): ProductList;
  /** Throws E_NOT_FOUND. */
  get(id: string): ProductState;
  /** Judged before it is taken; throws E_BAD_REQUEST, E_TEXT_REFUSED, E_ASSET_REFUSED, E_IN_USE for a known id. */
  add(body: unknown): Promise<ProductChange>;
  /** Replaces a product, or adds one with this id. */
  put(id: string, body: unknown): Promise<ProductChange>;
  /** JSON Merge Patch (RFC 7396). */
  patch(id: string, body: unknown): Promise<ProductChange>;
  /** Throws E_IN_USE while the script, a layer or the picture uses it. */
  remove(id: string): Promise<void>;
  /** Shows a product and keeps the script at its segments; null lets the script decide again. */
  pin(id: string | null): Promise<PinResult>;
}
