import type { SetSpec } from './draw-set.js';
import { cabinet, cubes, large, rack, rail, shelves, stack } from './parts/features.js';
import { bokeh, bulbs, globes, neon, NEON, pendant, plant, spots } from './parts/dressing.js';

/** Sets for trade, fashion and care. */
export const TRADE_SETS: Readonly<Record<string, SetSpec>> = {
  'auto-parts': {
    palette: { a: '#d8342c', b: '#3d4f63', c: '#e6e8ea', d: '#1e242b', m: '#9aa5af' },
    wall: ['concrete', '#6b7680'],
    focal: ['niche', '#39434e', rack(['wheel', 'headlamp'], 3)],
    right: rack(['wheel', 'wheel', 'headlamp'], 3),
    left: stack(large('wheel'), large('headlamp')),
    dressing: [spots(0.5, 0.7), neon(0.86, 0.062, 0.5, NEON.ring, '#ff5348')],
    stage: 'steel', desk: 'bench', products: ['wheel', 'headlamp'],
  },
  packaging: {
    palette: { a: '#2f8f6b', b: '#d59a54', c: '#f2eadc', d: '#3a332a', m: '#c79a64' },
    wall: ['boards', '#dcc7a4'],
    focal: ['paper', '#a9cdb6', large('cartons')],
    right: shelves(['cartons', 'paperBag'], 3),
    left: shelves(['paperBag', 'cartons'], 3),
    dressing: [pendant(0.84, 0.092), plant(0.03, 0.71, 0.6, 'snake')],
    stage: 'crate', desk: 'wood', products: ['cartons', 'paperBag'],
  },
  apparel: {
    palette: { a: '#d06a4c', b: '#52738f', c: '#f4ede4', d: '#35302e', m: '#b58d63' },
    wall: ['panelled', '#e3d8ca'],
    focal: ['niche', '#c9b7a2', rail(['shirt', 'dress'])],
    right: rail(['dress', 'shirt']),
    left: rail(['shirt', 'dress']),
    dressing: [spots(0.3, 0.62, 0.9), plant(0.99, 0.7, 0.66, 'palm')],
    stage: 'drum', desk: 'stone', products: ['shirt', 'dress'],
  },
  'shoes-and-bags': {
    palette: { a: '#a8442f', b: '#b9824a', c: '#f3ebe0', d: '#372a25', m: '#c5a069' },
    wall: ['plain', '#c9b2a0'],
    focal: ['arch', '#e7d6c4', shelves(['handbag', 'sneaker'], 4, true)],
    right: cubes(['sneaker', 'handbag'], 2, 4),
    left: cubes(['handbag', 'sneaker'], 2, 4),
    dressing: [globes([0.62, 0.1, 20], [0.86, 0.14, 26])],
    stage: 'marble', desk: 'stone', products: ['sneaker', 'handbag'],
  },
  jewellery: {
    palette: { a: '#7a2f4f', b: '#38506b', c: '#efe7e2', d: '#241a2a', m: '#d3ab62' },
    wall: ['curtain', '#4a2440'],
    focal: ['arch', '#5b3450', cabinet(['necklace', 'ring'], 3)],
    right: cabinet(['ring', 'necklace'], 3),
    left: cabinet(['necklace', 'ring'], 3),
    dressing: [globes([0.6, 0.11, 15], [0.72, 0.08, 12], [0.86, 0.12, 17]), bokeh('#ffd9a8', 16)],
    stage: 'marble', desk: 'lacquer', products: ['ring', 'necklace'],
  },
  beauty: {
    palette: { a: '#d8627f', b: '#c79ab8', c: '#fbf1ee', d: '#4a2f3d', m: '#d9b38a' },
    wall: ['plain', '#eec9c7'],
    focal: ['circle', '#f8e3df', shelves(['cream', 'lipstick'], 3)],
    right: shelves(['lipstick', 'cream'], 3, true),
    left: shelves(['cream', 'lipstick'], 3, true),
    dressing: [globes([0.58, 0.08, 14], [0.7, 0.11, 18], [0.82, 0.08, 14], [0.94, 0.11, 18]), bokeh('#fff0ee', 12)],
    stage: 'steps', desk: 'panels', products: ['cream', 'lipstick'],
  },
  'health-devices': {
    palette: { a: '#2fa39a', b: '#4f86c0', c: '#f1f7f7', d: '#24404a', m: '#9fc0c4' },
    wall: ['plain', '#d5e8e8'],
    focal: ['frame', '#b9dad9', shelves(['monitor', 'thermometer'], 3)],
    right: cubes(['thermometer', 'monitor'], 2, 4),
    left: cabinet(['monitor', 'thermometer'], 3),
    dressing: [plant(0.02, 0.71, 0.6), bokeh('#ffffff', 10)],
    stage: 'column', desk: 'panels', products: ['monitor', 'thermometer'],
  },
  toys: {
    palette: { a: '#ea6a4a', b: '#4aa3c9', c: '#fff3d9', d: '#3b4158', m: '#e0b05a' },
    wall: ['dots', '#8fd0d6'],
    focal: ['circle', '#ffe29a', shelves(['bear', 'stacker'], 3)],
    right: cubes(['stacker', 'bear'], 2, 4),
    left: cubes(['bear', 'stacker'], 2, 4),
    dressing: [bulbs(0.035, ['#ffd36a', '#ff9c8a', '#9be0c8', '#a9c8ff'])],
    stage: 'steps', desk: 'panels', products: ['bear', 'stacker'],
  },
};
