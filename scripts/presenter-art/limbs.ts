import { n, type Look } from './look.js';

/**
 * Sleeves hang down from their joint at the origin; the outline leaves out the cap that lies over the part above, so
 * that no ring shows at a joint.
 */
export function upperArm(look: Look): string {
  const { shoulder: s, elbow: e, upperLength: l } = look.arm;
  const left = `M ${n(-s)} ${n(s * 0.5)} C ${n(-s)} ${n(l * 0.45)} ${n(-e - 2)} ${n(l * 0.7)} ${n(-e)} ${n(l)}`;
  return (
    `<path d="M ${n(-s)} ${n(s * 0.5)} C ${n(-s)} ${n(-s * 0.75)} ${n(s)} ${n(-s * 0.75)} ${n(s)} ${n(s * 0.4)} C ${n(s + 2)} ${n(l * 0.45)} ${n(e + 4)} ${n(l * 0.7)} ${n(e)} ${n(l)} A ${n(e)} ${n(e)} 0 0 1 ${n(-e)} ${n(l)} C ${n(-e - 2)} ${n(l * 0.7)} ${n(-s)} ${n(l * 0.45)} ${n(-s)} ${n(s * 0.5)} Z" fill="${look.sleeve}"/>` +
    `<path d="M ${n(-s)} ${n(s * 1.1)} C ${n(-s)} ${n(l * 0.45)} ${n(-e - 2)} ${n(l * 0.7)} ${n(-e)} ${n(l)} l ${n(e * 0.5)} 6 C ${n(-e * 0.4)} ${n(l * 0.7)} ${n(-s * 0.5)} ${n(l * 0.5)} ${n(-s)} ${n(s * 1.1)} Z" fill="${look.sleeveShade}" opacity="0.55"/>` +
    `<path d="M ${n(s * 0.66)} ${n(s * 0.5)} C ${n(s * 0.72)} ${n(l * 0.4)} ${n(e * 0.8)} ${n(l * 0.6)} ${n(e * 0.6)} ${n(l * 0.84)}" fill="none" stroke="${look.sleeveLight}" stroke-width="9" stroke-linecap="round" opacity="0.4"/>` +
    `<path d="${left} A ${n(e)} ${n(e)} 0 0 0 ${n(e)} ${n(l)} C ${n(e + 4)} ${n(l * 0.7)} ${n(s + 2)} ${n(l * 0.45)} ${n(s)} ${n(s * 0.4)}" fill="none" stroke="${look.sleeveShade}" stroke-width="3.4" stroke-linecap="round"/>`
  );
}

export function foreArm(look: Look): string {
  const { elbow: e, wrist: w, foreLength: l } = look.arm;
  const end = l - 10;
  return (
    // Shirt cuff first, then the sleeve over it.
    `<path d="M ${n(-w + 5)} ${n(end - 8)} L ${n(-w + 6)} ${n(l + 8)} Q 0 ${n(l + 15)} ${n(w - 6)} ${n(l + 8)} L ${n(w - 5)} ${n(end - 8)} Z" fill="${look.cuff}"/>` +
    `<path d="M ${n(-w + 5)} ${n(end)} L ${n(-w + 6)} ${n(l + 8)} Q 0 ${n(l + 15)} ${n(w - 6)} ${n(l + 8)}" fill="none" stroke="#000000" stroke-opacity="0.14" stroke-width="2.5"/>` +
    `<path d="M ${n(-e)} 0 A ${n(e)} ${n(e)} 0 0 1 ${n(e)} 0 C ${n(e + 2)} ${n(l * 0.35)} ${n(w + 4)} ${n(l * 0.7)} ${n(w)} ${n(end)} Q 0 ${n(end + 9)} ${n(-w)} ${n(end)} C ${n(-w - 4)} ${n(l * 0.7)} ${n(-e - 2)} ${n(l * 0.35)} ${n(-e)} 0 Z" fill="${look.sleeve}"/>` +
    `<path d="M ${n(e)} ${n(e * 0.5)} C ${n(e + 2)} ${n(l * 0.35)} ${n(w + 4)} ${n(l * 0.7)} ${n(w)} ${n(end)} l ${n(-w * 0.75)} 6 C ${n(w * 0.5)} ${n(l * 0.7)} ${n(e * 0.45)} ${n(l * 0.4)} ${n(e)} ${n(e * 0.5)} Z" fill="${look.sleeveShade}" opacity="0.5"/>` +
    `<path d="M ${n(-e * 0.62)} ${n(e * 0.5)} C ${n(-e * 0.66)} ${n(l * 0.4)} ${n(-w * 0.7)} ${n(l * 0.6)} ${n(-w * 0.55)} ${n(l * 0.82)}" fill="none" stroke="${look.sleeveLight}" stroke-width="8" stroke-linecap="round" opacity="0.4"/>` +
    `<path d="M ${n(-e)} ${n(e * 0.25)} C ${n(-e - 1)} ${n(l * 0.4)} ${n(-w - 4)} ${n(l * 0.7)} ${n(-w)} ${n(end)} Q 0 ${n(end + 9)} ${n(w)} ${n(end)} C ${n(w + 4)} ${n(l * 0.7)} ${n(e + 1)} ${n(l * 0.4)} ${n(e)} ${n(e * 0.25)}" fill="none" stroke="${look.sleeveShade}" stroke-width="3.4" stroke-linecap="round"/>` +
    `<path d="M ${n(-e * 0.5)} ${n(e * 0.25)} q ${n(e * 0.4)} 10 ${n(e * 0.9)} 4" fill="none" stroke="${look.sleeveShade}" stroke-width="3" stroke-linecap="round" opacity="0.6"/>`
  );
}
