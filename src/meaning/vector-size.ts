/** Numbers of a vector. */
export const VECTOR_SIZE = 384;
/** Numbers of a label in the classifier: one per number of the vector, and its bias. */
export const ODDS_SIZE = VECTOR_SIZE + 1;
