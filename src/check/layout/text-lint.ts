import type { RoomConfig } from '../../config/room-config.js';
import type { Box } from '../../core/verdict.js';
import type { LaidOut, LayoutMaker } from '../../scene/lay-out.js';
import { themeOf } from '../../scene/layers/panel-theme.js';
import { contrastRatio, over, textContrast, type TextPaint } from '../../scene/contrast.js';
import { areaOf, beyond, meet, percent, placeOf, turnedOffset } from '../../scene/layer-boxes.js';
import { type LayoutFindings, named, whereOf } from './layout-findings.js';
import type { SafeAreas } from './check-safe-area.js';
import type { StillCanvas } from '../../render/still-canvas.js';

const MIN_CONTRAST = 3;
const UNREADABLE_CONTRAST = 1.5;
const OUTSIDE_FAULT = 1 / 3;
/** A caption may exceed the layer's `height` by this factor before a warning, since line heights vary. */
const HEIGHT_SLACK = 1.05;

/** Whether texts can be read: whole, inside the safe area, with enough contrast. */
export class TextLint {
  private readonly frame: Box;

  constructor(
    { video }: Pick<RoomConfig, 'video'>,
    private readonly canvas: LayoutMaker['canvas'],
    private readonly safe: SafeAreas,
    private readonly findings: LayoutFindings,
  ) {
    this.frame = { x: 0, y: 0, width: video.width, height: video.height };
  }

  /** Letters must be inside the frame and the safe area, and none may be cut off. */
  fits(laid: LaidOut): void {
    const { layer, letters, overflow, caption, offsets } = laid;
    if (overflow !== undefined) {
      this.findings.add('overflow', whereOf(laid), overflow.needed / overflow.room, {
        severity: 'warning',
        expected: `text that fits into ${overflow.room} ${overflow.unit}`,
        found: `${overflow.needed} ${overflow.unit} for "${laid.text.slice(0, 40)}"`,
      });
    }
    const height = layer.height === undefined ? undefined : this.heightOf(layer.height);
    if (caption !== undefined && height !== undefined && laid.box.height > height * HEIGHT_SLACK) {
      this.findings.add('caption-height', whereOf(laid), laid.box.height / height, {
        severity: 'warning',
        expected: `a caption no higher than the layer's height of ${height} px`,
        found: `${laid.box.height} px in ${caption.where}`,
      });
    }
    if (letters === undefined) return;
    for (const { dx, dy } of offsets) {
      const box = { ...letters, x: letters.x + dx, y: letters.y + dy };
      // A ticker's letters run through its whole width, so only its height counts.
      const own = layer.type === 'ticker' ? { ...box, x: this.safe.text.x, width: this.safe.text.width } : box;
      const lost = 1 - areaOf(meet(own, this.frame)) / areaOf(own);
      const out = beyond(own, this.safe.text);
      if (lost > 0) {
        this.findings.add('outside', whereOf(laid), 1000 + lost, {
          severity: lost >= OUTSIDE_FAULT ? 'fault' : 'warning',
          expected: `text inside the frame of ${this.frame.width}×${this.frame.height}`,
          found: `${percent(lost)} of it outside (${placeOf(own)})${named(caption)}`,
          ...turnedOffset(layer),
        });
      } else if (out > 0) {
        this.findings.add('outside', whereOf(laid), out, {
          severity: 'warning',
          expected: `text inside the safe area (${placeOf(this.safe.text)})`,
          found: `${out} px outside of it (${placeOf(own)})${named(caption)}`,
        });
      }
    }
  }

  readable(laid: LaidOut, canvas: StillCanvas): void {
    const { layer, letters } = laid;
    if (letters === undefined) return;
    const paints: { what: string; paint: TextPaint }[] = [];
    if (layer.type === 'text') paints.push({ what: 'text', paint: layer });
    if (layer.type === 'bubble' || layer.type === 'ticker') paints.push({ what: 'text', paint: layer });
    if (layer.type === 'caption') {
      const { colour, highlight, fill, outline } = layer;
      paints.push({ what: 'caption', paint: { colour, fill, outline } });
      paints.push({ what: 'highlighted word', paint: { colour: highlight, fill, outline } });
    }
    if (layer.type === 'card' && layer.open !== undefined) {
      const { colour, ground, fill } = layer.open;
      const under = ground === 'none' ? {} : { fill };
      paints.push({ what: 'price', paint: { colour: layer.accent, ...under } });
      if (layer.open.terms) paints.push({ what: 'title', paint: { colour, ...under } });
    } else if ('theme' in layer) {
      const { body, price } = themeOf(layer.theme, layer.accent);
      const ratio = contrastRatio(over(price, over(body, [0, 0, 0])), over(body, [0, 0, 0]));
      this.contrast(laid, layer.type === 'card' ? 'price' : 'accent', ratio);
    }
    if (paints.length === 0) return;
    const under = canvas.under(letters);
    if (under.length === 0) return;
    for (const { what, paint } of paints) this.contrast(laid, what, textContrast(under, paint));
  }

  private contrast(laid: LaidOut, what: string, ratio: number): void {
    if (ratio >= MIN_CONTRAST) return;
    this.findings.add(`contrast ${what}`, whereOf(laid), 21 - ratio, {
      severity: ratio < UNREADABLE_CONTRAST ? 'fault' : 'warning',
      expected: `a contrast of at least ${MIN_CONTRAST} : 1 between ${what} and its background`,
      found: `${ratio.toFixed(1)} : 1${named(laid.caption)}`,
    });
  }

  private heightOf(height: NonNullable<RoomConfig['layers'][number]['height']>): number {
    if (typeof height === 'number') return height;
    const share = Number.parseFloat(height) / 100;
    return Math.round(share * (height.endsWith('vmin') ? this.canvas.shortest : this.frame.height));
  }
}
