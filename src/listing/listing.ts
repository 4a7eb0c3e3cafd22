import type { PageNote } from './page-tree.js';

/** A product page as its source states it, before it becomes a `Product` of a room. Amounts are in the currency's main unit. */
export interface Listing {
  readonly source: ListingSource;
  readonly id?: string;
  readonly link?: string;
  readonly title: string;
  /** From the widest category to the narrowest. */
  readonly categories: readonly string[];
  readonly currency?: string;
  /** By quantity, ascending; one step from 1 where there is one price. */
  readonly priceLadder: readonly PriceStep[];
  /** The priced unit, such as "piece" and "pieces". */
  readonly unit?: string;
  readonly unitPlural?: string;
  readonly minimumOrder?: number;
  readonly leadTime: readonly LeadTimeStep[];
  readonly variants: readonly VariantGroup[];
  readonly attributes: readonly Attribute[];
  readonly certificates: readonly Certificate[];
  readonly packing: readonly Attribute[];
  readonly faq: readonly QuestionAnswer[];
  readonly sample?: Sample;
  /** Addresses of pictures in their largest variant, the main one first. */
  readonly pictures: readonly string[];
  readonly stock: 'on-sale' | 'sold-out';
  /** The same page in other languages: BCP-47 code to address. */
  readonly languages: Readonly<Record<string, string>>;
  readonly description?: string;
  readonly brand?: string;
  /** Where on the page each field was found. */
  readonly origins: readonly Origin[];
  /** What the reading left aside. */
  readonly notes: readonly PageNote[];
}

export interface Origin {
  /** An assignment (`window.detailData`), `the drawn page`, `JSON-LD`, `microdata` or `Open Graph`. */
  readonly place: string;
  readonly fields: readonly (keyof Listing)[];
}

type ListingSource = 'alibaba' | 'alibaba-api' | '1688' | 'taobao' | 'structured-data' | 'pasted-text';

export interface PriceStep {
  readonly from: number;
  /** Open-ended when it is left out. */
  readonly to?: number;
  readonly price: number;
}

interface LeadTimeStep {
  readonly from: number;
  readonly to?: number;
  readonly days: number;
}

export interface VariantGroup {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly picture?: string }[];
}

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export interface Certificate {
  readonly name: string;
  readonly number?: string;
  readonly issuer?: string;
  readonly region?: string;
}

export interface QuestionAnswer {
  readonly question: string;
  readonly answer: string;
}

interface Sample {
  readonly price: number;
  readonly quantity: number;
}

/** A listing without the fields that its source does not know. */
export function completeListing(
  parts: Pick<Listing, 'source' | 'title'> & { [K in keyof Listing]?: Listing[K] | undefined },
): Listing {
  return {
    categories: [],
    priceLadder: [],
    leadTime: [],
    variants: [],
    attributes: [],
    certificates: [],
    packing: [],
    faq: [],
    pictures: [],
    stock: 'on-sale',
    languages: {},
    origins: [],
    notes: [],
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  } as unknown as Listing;
}
