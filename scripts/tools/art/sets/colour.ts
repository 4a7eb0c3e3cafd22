/** Colours are `#rrggbb`. */
export function mix(a: string, b: string, share: number): string {
  const [x, y] = [a, b].map((c) => Number.parseInt(c.slice(1), 16)) as [number, number];
  const part = (shift: number): number => {
    const [from, to] = [(x >> shift) & 255, (y >> shift) & 255];
    return Math.round(from + (to - from) * share);
  };
  return `#${((part(16) << 16) | (part(8) << 8) | part(0)).toString(16).padStart(6, '0')}`;
}

export const light = (colour: string, share: number): string => mix(colour, '#ffffff', share);
export const dark = (colour: string, share: number): string => mix(colour, '#000000', share);
