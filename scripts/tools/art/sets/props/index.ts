import * as home from './home.js';
import * as living from './living.js';
import * as pantry from './pantry.js';
import type { Prop } from './prop.js';
import * as tech from './tech.js';
import * as wear from './wear.js';

/** All goods by name. */
export const PROPS = { ...home, ...tech, ...wear, ...living, ...pantry } satisfies Record<string, Prop>;
export type PropName = keyof typeof PROPS;
export type { Prop };
