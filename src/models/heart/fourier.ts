/**
 * Complex Fourier transforms of one size whose prime factors are 2, 3 and 5 (Stockham's self-sorting form, Van Loan
 * 1992): the networks' windows are not powers of two.
 */
interface Stage {
  readonly radix: number;
  /** Butterflies of a stride. */
  readonly count: number;
  readonly stride: number;
  /** w^(p·j) of butterfly p and output j ≥ 1, as cosine and sine. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

export class Fourier {
  private readonly stages: readonly Stage[];
  private readonly re: Float64Array;
  private readonly im: Float64Array;

  constructor(readonly size: number) {
    this.stages = plan(size);
    this.re = new Float64Array(size);
    this.im = new Float64Array(size);
  }

  /** Transforms in place with e^(−2πi·jk/n). The inverse, times n, is the same with real and imaginary swapped. */
  transform(re: Float64Array, im: Float64Array): void {
    let [fromRe, fromIm, toRe, toIm] = [re, im, this.re, this.im];
    for (const stage of this.stages) {
      BUTTERFLIES[stage.radix]!(stage, fromRe, fromIm, toRe, toIm);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
    }
    if (fromRe !== re) {
      re.set(fromRe);
      im.set(fromIm);
    }
  }
}

function plan(size: number): Stage[] {
  const stages: Stage[] = [];
  let left = size;
  let stride = 1;
  for (const radix of [4, 2, 3, 5]) {
    while (left % radix === 0 && left > 1) {
      const count = left / radix;
      const cos = new Float64Array(count * (radix - 1));
      const sin = new Float64Array(count * (radix - 1));
      for (let p = 0; p < count; p += 1) {
        for (let j = 1; j < radix; j += 1) {
          const angle = (-2 * Math.PI * p * j) / left;
          cos[p * (radix - 1) + j - 1] = Math.cos(angle);
          sin[p * (radix - 1) + j - 1] = Math.sin(angle);
        }
      }
      stages.push({ radix, count, stride, cos, sin });
      left = count;
      stride *= radix;
    }
  }
  if (left !== 1) throw new RangeError(`expected a size of the factors 2, 3 and 5, found ${size}`);
  return stages;
}

type Butterfly = (s: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array) => void;

const C3 = -0.5;
const S3 = -Math.sqrt(3) / 2;
const C51 = Math.cos((2 * Math.PI) / 5);
const C52 = Math.cos((4 * Math.PI) / 5);
const S51 = -Math.sin((2 * Math.PI) / 5);
const S52 = -Math.sin((4 * Math.PI) / 5);

const two: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  for (let p = 0; p < count; p += 1) {
    const c = cos[p]!;
    const s = sin[p]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const b = a + stride * count;
      const y = q + stride * 2 * p;
      const dr = xr[a]! - xr[b]!;
      const di = xi[a]! - xi[b]!;
      yr[y] = xr[a]! + xr[b]!;
      yi[y] = xi[a]! + xi[b]!;
      yr[y + stride] = dr * c - di * s;
      yi[y + stride] = dr * s + di * c;
    }
  }
};

const three: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const c1 = cos[2 * p]!;
    const s1 = sin[2 * p]!;
    const c2 = cos[2 * p + 1]!;
    const s2 = sin[2 * p + 1]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 3 * p;
      const tr = xr[a + far]! + xr[a + 2 * far]!;
      const ti = xi[a + far]! + xi[a + 2 * far]!;
      const ur = S3 * (xr[a + far]! - xr[a + 2 * far]!);
      const ui = S3 * (xi[a + far]! - xi[a + 2 * far]!);
      const mr = xr[a]! + C3 * tr;
      const mi = xi[a]! + C3 * ti;
      yr[y] = xr[a]! + tr;
      yi[y] = xi[a]! + ti;
      const r1 = mr - ui;
      const i1 = mi + ur;
      const r2 = mr + ui;
      const i2 = mi - ur;
      yr[y + stride] = r1 * c1 - i1 * s1;
      yi[y + stride] = r1 * s1 + i1 * c1;
      yr[y + 2 * stride] = r2 * c2 - i2 * s2;
      yi[y + 2 * stride] = r2 * s2 + i2 * c2;
    }
  }
};

const four: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const c1 = cos[3 * p]!;
    const s1 = sin[3 * p]!;
    const c2 = cos[3 * p + 1]!;
    const s2 = sin[3 * p + 1]!;
    const c3 = cos[3 * p + 2]!;
    const s3 = sin[3 * p + 2]!;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 4 * p;
      const er = xr[a]! + xr[a + 2 * far]!;
      const ei = xi[a]! + xi[a + 2 * far]!;
      const fr = xr[a]! - xr[a + 2 * far]!;
      const fi = xi[a]! - xi[a + 2 * far]!;
      const gr = xr[a + far]! + xr[a + 3 * far]!;
      const gi = xi[a + far]! + xi[a + 3 * far]!;
      const hr = xr[a + far]! - xr[a + 3 * far]!;
      const hi = xi[a + far]! - xi[a + 3 * far]!;
      yr[y] = er + gr;
      yi[y] = ei + gi;
      const r1 = fr + hi;
      const i1 = fi - hr;
      const r2 = er - gr;
      const i2 = ei - gi;
      const r3 = fr - hi;
      const i3 = fi + hr;
      yr[y + stride] = r1 * c1 - i1 * s1;
      yi[y + stride] = r1 * s1 + i1 * c1;
      yr[y + 2 * stride] = r2 * c2 - i2 * s2;
      yi[y + 2 * stride] = r2 * s2 + i2 * c2;
      yr[y + 3 * stride] = r3 * c3 - i3 * s3;
      yi[y + 3 * stride] = r3 * s3 + i3 * c3;
    }
  }
};

const five: Butterfly = ({ count, stride, cos, sin }, xr, xi, yr, yi) => {
  const far = stride * count;
  for (let p = 0; p < count; p += 1) {
    const w = 4 * p;
    for (let q = 0; q < stride; q += 1) {
      const a = q + stride * p;
      const y = q + stride * 5 * p;
      const [b, c, d, e] = [a + far, a + 2 * far, a + 3 * far, a + 4 * far];
      const t1r = xr[b]! + xr[e]!;
      const t1i = xi[b]! + xi[e]!;
      const t2r = xr[c]! + xr[d]!;
      const t2i = xi[c]! + xi[d]!;
      const t3r = xr[b]! - xr[e]!;
      const t3i = xi[b]! - xi[e]!;
      const t4r = xr[c]! - xr[d]!;
      const t4i = xi[c]! - xi[d]!;
      yr[y] = xr[a]! + t1r + t2r;
      yi[y] = xi[a]! + t1i + t2i;
      const m1r = xr[a]! + C51 * t1r + C52 * t2r;
      const m1i = xi[a]! + C51 * t1i + C52 * t2i;
      const m2r = xr[a]! + C52 * t1r + C51 * t2r;
      const m2i = xi[a]! + C52 * t1i + C51 * t2i;
      const n1r = S51 * t3r + S52 * t4r;
      const n1i = S51 * t3i + S52 * t4i;
      const n2r = S52 * t3r - S51 * t4r;
      const n2i = S52 * t3i - S51 * t4i;
      put(yr, yi, y + stride, m1r - n1i, m1i + n1r, cos[w]!, sin[w]!);
      put(yr, yi, y + 2 * stride, m2r - n2i, m2i + n2r, cos[w + 1]!, sin[w + 1]!);
      put(yr, yi, y + 3 * stride, m2r + n2i, m2i - n2r, cos[w + 2]!, sin[w + 2]!);
      put(yr, yi, y + 4 * stride, m1r + n1i, m1i - n1r, cos[w + 3]!, sin[w + 3]!);
    }
  }
};

function put(yr: Float64Array, yi: Float64Array, at: number, r: number, i: number, c: number, s: number): void {
  yr[at] = r * c - i * s;
  yi[at] = r * s + i * c;
}

const BUTTERFLIES: Readonly<Record<number, Butterfly>> = { 2: two, 3: three, 4: four, 5: five };
