import type { Orientation, Place, StandingPlace } from '../../../src/config/templates/template.js';
import { brandColours } from '../../../src/templates/brand-colours.js';
import { loadTemplate, loadTemplateLayouts } from '../../../src/templates/load-template.js';
import { templateLayers, type LayerFile } from '../../../src/templates/template-layers.js';

/** A demo room is a template's set, dressed for the products it shows. */
interface DemoSet {
  readonly set: string;
  readonly orientation: Orientation;
  readonly badge: string;
  readonly question: { readonly user: string; readonly text: string };
  readonly ticker: readonly string[];
  /** Where each product stands in the hero shot. */
  readonly products: Readonly<Record<string, StandingPlace>>;
  readonly places: Readonly<
    Partial<
      Record<'presenter' | 'caption' | 'ticker' | 'price' | 'front' | 'trim' | 'panel' | 'question', Partial<Place>>
    >
  >;
  /** Where the presenter is in the other shots, if not where the set has it. */
  readonly presenterIn?: Readonly<Record<'side' | 'close', { readonly x: number; readonly y: number }>>;
  readonly badgeAt: {
    readonly x: number;
    readonly y: number;
    readonly height: number;
    readonly align: 'left' | 'right';
  };
  /** Layers of its own, and the planes of the set that they take the place of. */
  readonly own: readonly LayerFile[];
  readonly without: readonly string[];
}

const DEMO_SETS: Readonly<Record<string, DemoSet>> = {
  'demo-portrait': {
    set: 'kitchen',
    orientation: 'portrait',
    badge: 'Samples on request',
    question: { user: 'Anna', text: 'How much is it for 500 pieces?' },
    ticker: ['Order and pay on Alibaba.com', 'Custom logo, colour and carton', 'Ask your question in the live chat'],
    products: {
      bottle: { x: 292, y: 372, width: 340, height: 470, share: 0.15 },
      boards: { x: 276, y: 372, width: 370, height: 470, share: 0.15 },
      lunchbox: { x: 272, y: 402, width: 376, height: 440, share: 0.14 },
    },
    places: {
      presenter: { x: -134 },
      price: { x: 330, width: 288 },
      caption: { y: 886 },
      ticker: { x: 30, y: 982, width: 590, height: 40 },
      front: { y: 674 },
      trim: { y: 864 },
      panel: { x: 324, width: 302 },
      // Before the presenter's arms, beside the product.
      question: { x: 16, y: 574, width: 280, height: 270 },
    },
    badgeAt: { x: 618, y: 322, height: 42, align: 'right' },
    own: [
      {
        ...{ id: 'dressing', type: 'image', z: 12, y: 1010, width: 720, height: 270, src: 'assets/dressing.svg' },
        ...{ fit: 'fill', shots: { hero: {} } },
      },
      {
        ...{ id: 'cup', type: 'image', z: 14, x: 24, y: 706, width: 150, height: 130, src: 'assets/cup.svg' },
        ...{ fit: 'contain', shots: { hero: {} } },
      },
      {
        ...{ id: 'steam', type: 'sticker', z: 13, x: 34, y: 584, width: 110, height: 130, src: 'assets/steam.svg' },
        shots: { hero: {} },
        motion: {
          loopMs: 11_000,
          keyframes: [
            { atMs: 0, dy: 0, opacity: 0.5 },
            { atMs: 3800, dy: -10, dx: 3, opacity: 0.8, easing: 'ease-in-out' },
            { atMs: 7100, dy: -4, dx: -2, opacity: 0.6, easing: 'ease-in-out' },
            { atMs: 11_000, dy: 0, dx: 0, opacity: 0.5, easing: 'ease-in-out' },
          ],
          stepMs: 100,
        },
      },
    ],
    without: ['near'],
  },
  'demo-landscape': {
    set: 'electronics',
    orientation: 'landscape',
    badge: '支持定制标志',
    question: { user: '小安', text: '500套多少钱？' },
    ticker: ['请在阿里巴巴国际站下单和付款', '三款产品均可先看样品', '有问题请在直播间留言'],
    products: {
      lamp: { x: 372, y: 92, width: 460, height: 480, share: 0.15 },
      drill: { x: 372, y: 96, width: 460, height: 476, share: 0.16 },
      'power-bank': { x: 372, y: 76, width: 470, height: 496, share: 0.17 },
    },
    // Larger than in the set: the presenter has a third of the picture.
    places: {
      presenter: { x: -14, y: -14, width: 556, height: 650 },
      caption: { y: 606 },
      ticker: { y: 664 },
    },
    presenterIn: { side: { x: -14, y: -14 }, close: { x: -114, y: 330 } },
    badgeAt: { x: 1216, y: 168, height: 42, align: 'right' },
    own: [
      {
        ...{ id: 'motes', type: 'sticker', z: -5, x: 430, y: 110, width: 300, height: 240, src: 'assets/motes.svg' },
        shots: { hero: {}, 'side-by-side': {} },
        motion: {
          loopMs: 13_000,
          keyframes: [
            { atMs: 0, dy: 0, opacity: 0.35 },
            { atMs: 4700, dy: -6, dx: 4, opacity: 0.6, easing: 'ease-in-out' },
            { atMs: 9100, dy: 3, dx: -3, opacity: 0.45, easing: 'ease-in-out' },
            { atMs: 13_000, dy: 0, dx: 0, opacity: 0.35, easing: 'ease-in-out' },
          ],
          stepMs: 100,
        },
      },
    ],
    without: [],
  },
};

const demoNames = (): string[] => Object.keys(DEMO_SETS);

/** Video background and layers of a demo room, from the set that it stands in. */
export function demoLayers(name: string): { readonly background: string; readonly layers: readonly object[] } {
  const demo = DEMO_SETS[name];
  if (demo === undefined) throw new Error(`expected one of ${demoNames().join(', ')}, found ${name}`);
  const template = loadTemplate(demo.set);
  const own = loadTemplateLayouts().compositions[template.composition][demo.orientation];
  const { presenter, price, caption, ticker, front, trim, panel, question } = demo.places;
  const places = {
    ...own,
    presenter: { ...own.presenter, ...presenter },
    price: { ...own.price, ...price },
    caption: { ...own.caption, ...caption },
    front: { ...own.front, ...front },
    panel: { ...own.panel, ...panel },
    question: { ...own.question, ...question },
    ...(own.trim === undefined ? {} : { trim: { ...own.trim, ...trim } }),
    ticker: { ...(own.ticker ?? { x: 0, y: 0, width: 0, height: 0 }), ...ticker },
    badge: demo.badgeAt,
    side: { ...own.side, presenter: demo.presenterIn?.side ?? own.side.presenter },
    close: { ...own.close, presenter: demo.presenterIn?.close ?? own.close.presenter },
  };
  const colours = brandColours(template.brand.primary, template.brand.accent, template.letters.stress);
  const layers = templateLayers({
    template,
    places,
    orientation: demo.orientation,
    texts: { badge: demo.badge, ticker: demo.ticker },
    colours,
    planes: { near: false, frame: false },
  });
  const dressed = layers
    .filter(({ id }) => !demo.without.includes(id))
    .flatMap((layer) => (layer.id === 'product' || layer.id === 'card' ? perProduct(layer, demo) : [layer]))
    .map((layer) => ofSet(layer, demo.set))
    // Its words give way to those of the viewer who asks.
    .map((layer) => (layer.id === 'question' ? { ...layer, ...demo.question } : layer))
    .map((layer) => (layer.id === 'ticker' ? { ...layer, shots: { hero: {} } } : layer));
  return { background: colours.panel, layers: [...dressed, ...demo.own] };
}

/** Each product has its own place and its own price. */
function perProduct(layer: LayerFile, { products }: DemoSet): LayerFile[] {
  return Object.entries(products).map(([product, { share, ...place }]) =>
    layer.id === 'card'
      ? { ...layer, id: `card-${product}`, product }
      : { ...layer, id: `picture-${product}`, ...place, stands: { share }, product },
  );
}

/** The planes are those of the set; nothing is copied. */
function ofSet(layer: LayerFile, set: string): LayerFile {
  const from = (src: unknown): unknown =>
    typeof src === 'string' ? src.replace(/^assets\//, `../../sets/${set}/`) : src;
  return {
    ...layer,
    ...('src' in layer ? { src: from(layer['src']) } : {}),
    ...('night' in layer ? { night: from(layer['night']) } : {}),
  };
}
