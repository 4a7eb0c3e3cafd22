/** A product page as a browser shows it. */
export interface PageCapture {
  readonly url: string;
  readonly html?: string | undefined;
  /** The page's own objects by their names there. */
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

export interface CapturedProduct {
  /** In the room file's shape; paths of pictures are absolute when it was written. */
  readonly product: Readonly<Record<string, unknown>>;
  /** The written file. */
  readonly file?: string;
  /** Where on the page each field was found. */
  readonly origins: readonly { readonly place: string; readonly fields: readonly string[] }[];
  readonly warnings: readonly { readonly kind: string; readonly what: string; readonly reason?: string }[];
}

/** Reads product pages for a running room. */
export interface IntakeHandle {
  /** `save` also writes the product with its pictures. Throws E_LISTING_PAGE, E_LISTING_INVALID, E_TOO_MANY_REQUESTS. */
  take(capture: PageCapture, options?: { readonly save?: boolean }): Promise<CapturedProduct>;
}
