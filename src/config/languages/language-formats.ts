import { findLanguage } from './language-table.js';

/**
 * The locale whose numbers a language uses: its own where Intl knows it, else the one that its row names. Without this
 * an unknown language gets the machine's locale, and the same room draws other prices on another machine.
 */
export function localeOf(language: string): string {
  const known = (tag: string): boolean => {
    try {
      return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
    } catch {
      return false; // not a BCP-47 tag
    }
  };
  const tag = language.replaceAll('_', '-');
  if (known(tag)) return tag;
  const row = findLanguage(language);
  return [row?.locale, row?.tag].find((one) => one !== undefined && known(one)) ?? 'en';
}

/** A price as the language writes it: "$1,299.00", "12,50 €". */
export const formatPrice = (amount: number, currency: string, language: string): string =>
  new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  }).format(amount);

/** "1,200 pcs", "1.200 Stück", "1,200件". */
export function formatPieces(count: number, language: string): string {
  const number = new Intl.NumberFormat(localeOf(language)).format(count);
  return (findLanguage(language)?.pieces ?? '×#').replace('#', number);
}

/** An amount with a unit that Intl names: "2.5 kg". */
export const formatUnit = (amount: number, unit: 'kilogram' | 'meter' | 'liter', language: string): string =>
  new Intl.NumberFormat(localeOf(language), { style: 'unit', unit, unitDisplay: 'short' }).format(amount);
