import type { CaptionText, LaidOut } from '../../scene/lay-out.js';
import type { CheckFault } from '../../admission/check-fault.js';
import type { RoomConfig } from '../../config/room-config.js';
import type { Box } from '../../core/verdict.js';

export interface SafeAreas {
  /** Area outside the platform's own buttons. */
  readonly text: Box;
  /** Area in which the presenter's size counts. */
  readonly presenter: Box;
}

/** In portrait the platform's buttons cover the top tenth and the bottom fifth. */
const PORTRAIT = { top: 0.1, bottom: 0.2 } as const;
/** Letters may be a little nearer to the edge than the presenter. */
const TEXT_MARGIN = 0.02;

/** The parts of the frame that every viewer sees: `compliance.safeArea`, or the defaults of the frame's orientation. */
export function safeAreas({ video, compliance }: RoomConfig): SafeAreas {
  const { width, height } = video;
  const portrait = height > width;
  const set = compliance.safeArea;
  const edge = (left: number, top: number, right: number, bottom: number): Box => {
    const x = Math.round(left * width);
    const y = Math.round(top * height);
    return { x, y, width: Math.round((1 - right) * width) - x, height: Math.round((1 - bottom) * height) - y };
  };
  const { safeMargin } = compliance.watch.picture;
  return {
    text: edge(
      set.left ?? TEXT_MARGIN,
      set.top ?? (portrait ? PORTRAIT.top : TEXT_MARGIN),
      set.right ?? TEXT_MARGIN,
      set.bottom ?? (portrait ? PORTRAIT.bottom : TEXT_MARGIN),
    ),
    presenter: edge(safeMargin, safeMargin, safeMargin, safeMargin),
  };
}

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
