/**
 * Greedy decoding of connectionist temporal classification (Graves et al. 2006): the likeliest class of each step,
 * repeats merged, blanks (class 0) dropped. `steps` holds `classes` probabilities per step; class k stands for
 * `alphabet[k − 1]`. Confidence is the mean probability of the characters, 0 without any.
 */
export function decodeCtc(
  steps: Float32Array,
  classes: number,
  alphabet: readonly string[],
): { text: string; confidence: number } {
  let text = '';
  let sum = 0;
  let count = 0;
  let previous = 0;
  for (let from = 0; from + classes <= steps.length; from += classes) {
    let best = 0;
    for (let k = 1; k < classes; k += 1) if (steps[from + k] > steps[from + best]) best = k;
    if (best !== 0 && best !== previous) {
      text += alphabet[best - 1] ?? '';
      sum += steps[from + best];
      count += 1;
    }
    previous = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}
