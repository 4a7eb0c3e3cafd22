import type { CaptionText, LaidOut } from '../../scene/lay-out.js';
import type { CheckFault } from '../../admission/check-fault.js';

/** The faults of a layout: each layer and kind once, at its worst. */
export class LayoutFindings {
  private readonly found = new Map<string, { readonly fault: CheckFault; readonly worse: number }>();

  add(kind: string, where: string, worse: number, fault: Omit<CheckFault, 'where'>): void {
    const key = `${where} ${kind}`;
    const known = this.found.get(key);
    if (known === undefined || worse > known.worse) this.found.set(key, { worse, fault: { ...fault, where } });
  }

  all(): CheckFault[] {
    return [...this.found.values()].map((f) => f.fault);
  }
}

/** Where a layer stands in the room file. */
export const whereOf = ({
  layer,
  index,
}: Pick<LaidOut, 'index'> & { readonly layer: { readonly id: string } }): string =>
  index < 0 ? `layer "${layer.id}"` : `layers[${index}] "${layer.id}"`;

/** Names the caption that a finding was made with. */
export const named = (caption: CaptionText | undefined): string =>
  caption === undefined ? '' : ` in ${caption.where}`;
