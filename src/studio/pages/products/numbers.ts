import { currentLanguage } from '../../messages/index.svelte';
import type { Product } from '../../api/types';

const tag = (): string => (currentLanguage() === 'zh' ? 'zh-CN' : 'en-US');

export function money(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(tag(), { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(
      amount,
    );
  } catch {
    return `${amount} ${currency}`;
  }
}
export const priceOf = ({ price }: Product): string => money(price.amount, price.currency);
export const count = (value: number): string => new Intl.NumberFormat(tag()).format(value);
/** `2:40` */
export function clock(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
export const pictureUrl = (room: string, path: string): string =>
  `/api/rooms/${encodeURIComponent(room)}/files/${path.replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/')}`;

/** A template's placeholder: its picture is the template's own. */
export const isExample = ({ image, link }: Product): boolean => link === undefined && image.startsWith('assets/');
