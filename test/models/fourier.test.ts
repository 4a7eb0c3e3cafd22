import t from 'tap';
import { Fourier } from '../../src/models/heart/synthesise.js';
import { seededRandom } from '../../src/core/random.js';

function direct(re: Float64Array, im: Float64Array): { re: Float64Array; im: Float64Array } {
  const n = re.length;
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n; k += 1) {
    for (let i = 0; i < n; i += 1) {
      const angle = (-2 * Math.PI * ((i * k) % n)) / n;
      out.re[k]! += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
      out.im[k]! += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
    }
  }
  return out;
}

for (const size of [2, 3, 4, 5, 60, 150, 1200]) {
  t.test(`a transform of ${size} equals the sum of its definition`, async (t) => {
    const random = seededRandom(size);
    const re = Float64Array.from({ length: size }, () => random() - 0.5);
    const im = Float64Array.from({ length: size }, () => random() - 0.5);
    const expected = direct(re, im);
    new Fourier(size).transform(re, im);
    const worst = re.reduce(
      (most, _, k) => Math.max(most, Math.abs(re[k]! - expected.re[k]!), Math.abs(im[k]! - expected.im[k]!)),
      0,
    );
    t.ok(worst < 1e-9, `${worst}`);
  });
}

t.test('refuses a size with another prime factor', async (t) => {
  t.throws(() => new Fourier(14), /factors 2, 3 and 5/);
});
