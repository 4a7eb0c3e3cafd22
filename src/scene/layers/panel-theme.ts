import { splitColour } from '../text/text-svg.js';

export interface PanelTheme {
  body: string;
  title: string;
  soft: string;
  price: string;
  bar: string;
  badge: string;
  badgeText: string;
}

/** The colours of a card or panel, with the room's accent. */
export const themeOf = (name: 'light' | 'dark' | 'brand', accent: string): PanelTheme => {
  const { rgb } = splitColour(accent);
  if (name === 'dark') {
    return {
      body: '#171b24',
      title: '#f6f7f9',
      soft: '#a3abba',
      price: rgb,
      bar: rgb,
      badge: `${rgb}38`,
      badgeText: '#ffffff',
    };
  }
  if (name === 'brand') {
    return {
      body: rgb,
      title: '#ffffff',
      soft: '#ffffffe6',
      price: '#ffffff',
      bar: '#ffffff',
      badge: '#0000002e',
      badgeText: '#ffffff',
    };
  }
  return {
    body: '#ffffff',
    title: '#161a22',
    soft: '#69727f',
    price: rgb,
    bar: rgb,
    badge: `${rgb}1c`,
    badgeText: rgb,
  };
};
