/** Prepared sizes of a layer that pops: POP_FIRST + i·POP_STEP hundredths of full size, past 100 for overshoot. */
export const POP_FIRST = 40;
export const POP_STEP = 9;
export const POP_SIZES = 9;
