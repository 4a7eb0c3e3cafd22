/** `1:05`, `06:14:22`. */
export function clock(ms: number, hours = false): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const s = String(total % 60).padStart(2, '0');
  const m = Math.floor(total / 60) % 60;
  const h = Math.floor(total / 3600);
  return hours || h > 0 ? `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

/** `12 s`, `3 min`, `2 h`, in the page's words. */
export function agoOf(ms: number): { readonly unit: 's' | 'min' | 'h'; readonly n: number } {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) return { unit: 's', n: s };
  if (s < 3600) return { unit: 'min', n: Math.floor(s / 60) };
  return { unit: 'h', n: Math.floor(s / 3600) };
}

export const timeOfDay = (iso: string, tag: string, seconds = false): string =>
  new Date(iso).toLocaleTimeString(tag, {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(seconds ? { second: '2-digit' } : {}),
  });

export function bytesOf(bytes: number): string {
  if (bytes >= 1e12) return `${(bytes / 1e12).toFixed(1)} TB`;
  if (bytes >= 1e11) return `${Math.round(bytes / 1e9)} GB`;
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${Math.round(bytes / 1e6)} MB`;
}

export const money = (amount: number, currency: string, tag: string): string => {
  try {
    return new Intl.NumberFormat(tag, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(amount);
  } catch {
    return `${amount} ${currency}`;
  }
};
