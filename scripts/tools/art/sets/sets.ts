import type { SetSpec } from './draw-set.js';
import { HOME_SETS } from './specs-home.js';
import { LIFE_SETS } from './specs-life.js';
import { TRADE_SETS } from './specs-trade.js';

export const SETS: Readonly<Record<string, SetSpec>> = { ...HOME_SETS, ...TRADE_SETS, ...LIFE_SETS };
