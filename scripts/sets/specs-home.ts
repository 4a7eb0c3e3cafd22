import type { SetSpec } from './draw-set.js';
import { cubes, large, pegboard, rack, shelves, stack } from './parts/features.js';
import { poster, windowOf } from './parts/views.js';
import { bokeh, globes, neon, NEON, pendant, plant, spots } from './parts/dressing.js';

/** Sets for house, workshop and trade. */
export const HOME_SETS: Readonly<Record<string, SetSpec>> = {
  kitchen: {
    palette: { a: '#c8553d', b: '#5f7f6b', c: '#f3e9da', d: '#2e3a34', m: '#c08a52' },
    wall: ['tiles', '#eee3d0'],
    focal: ['arch', '#8fae97', shelves(['pot', 'kettle', 'boards'], 3)],
    right: windowOf('garden', 2, 3),
    left: shelves(['kettle', 'boards', 'pot'], 3),
    dressing: [pendant(0.84, 0.092), plant(0.03, 0.71, 0.62)],
    stage: 'slab', desk: 'wood', products: ['pot', 'kettle'],
  },
  'home-textiles': {
    palette: { a: '#b5707a', b: '#7e93ac', c: '#f5eee6', d: '#453b3f', m: '#b99c7c' },
    wall: ['panelled', '#d9cdc4'],
    focal: ['drapes', '#f1e6da', large('cushion')],
    right: shelves(['towels', 'cushion'], 3),
    left: stack(poster('wave'), large('towels')),
    dressing: [globes([0.86, 0.12, 22], [0.73, 0.17, 17]), bokeh('#fff2dc', 8)],
    stage: 'drum', desk: 'cloth', products: ['towels', 'cushion'],
  },
  furniture: {
    palette: { a: '#c9743f', b: '#3f6b66', c: '#efe6d8', d: '#33302c', m: '#a8754a' },
    wall: ['plain', '#9db3a7'],
    focal: ['niche', '#58786f', stack(poster('sun'), large('armchair'))],
    right: stack(poster('lines'), large('sideTable')),
    left: stack(poster('leaf'), large('armchair')),
    dressing: [pendant(0.66, 0.092, 56), plant(0.95, 0.68, 0.9, 'palm')],
    stage: 'slab', desk: 'wood', products: ['armchair', 'sideTable'],
  },
  lighting: {
    palette: { a: '#e0a43a', b: '#4b6c8c', c: '#e9e4d8', d: '#1d2430', m: '#b8945a' },
    wall: ['slats', '#4c4038'],
    focal: ['circle', '#3a4a60', shelves(['tableLamp', 'globeLamp'], 2)],
    right: shelves(['globeLamp', 'tableLamp'], 2),
    left: shelves(['tableLamp', 'globeLamp'], 2),
    dressing: [globes([0.56, 0.1, 20], [0.7, 0.15, 30], [0.88, 0.09, 24]), bokeh('#ffd992', 14)],
    stage: 'disc', desk: 'lacquer', products: ['tableLamp', 'globeLamp'],
  },
  electronics: {
    palette: { a: '#2f9be0', b: '#5b4bc4', c: '#dfe6f0', d: '#141a28', m: '#8494a8' },
    wall: ['concrete', '#3b4458'],
    focal: ['frame', '#27324a', shelves(['speaker', 'headphones', 'tablet'], 3, true)],
    right: cubes(['headphones', 'speaker', 'tablet'], 2, 4),
    left: cubes(['speaker', 'tablet', 'headphones'], 2, 4),
    dressing: [spots(0.5, 0.72), neon(0.86, 0.062, 0.5, NEON.wave, '#3fd0ff')],
    stage: 'disc', desk: 'lacquer', products: ['headphones', 'speaker'],
  },
  'phone-accessories': {
    palette: { a: '#e2558f', b: '#3fb0b8', c: '#f6eef8', d: '#2b2345', m: '#a99bd0' },
    wall: ['plain', '#a795d8'],
    focal: ['circle', '#f0c6dd', shelves(['phoneCase', 'powerBank'], 3)],
    right: pegboard(['phoneCase', 'powerBank']),
    left: pegboard(['powerBank', 'phoneCase']),
    dressing: [neon(0.86, 0.062, 0.5, NEON.bolt, '#ff7ac0'), bokeh('#ffd9f2', 14)],
    stage: 'steps', desk: 'lacquer', products: ['phoneCase', 'powerBank'],
  },
  tools: {
    palette: { a: '#e88a1e', b: '#3f6f9a', c: '#e2ddd2', d: '#27323d', m: '#b07c48' },
    wall: ['brick', '#8a5a48'],
    focal: ['niche', '#3b4a58', pegboard(['drill', 'toolbox'])],
    right: rack(['toolbox', 'drill'], 3),
    left: pegboard(['drill']),
    dressing: [pendant(0.84, 0.092, 52)],
    stage: 'crate', desk: 'bench', products: ['drill', 'toolbox'],
  },
  machinery: {
    palette: { a: '#f0b21f', b: '#2f6f8f', c: '#dfe4e8', d: '#26323c', m: '#8c99a4' },
    wall: ['metal', '#a9b7c2'],
    focal: ['frame', '#5d7486', large('machine')],
    right: rack(['motor', 'machine'], 3),
    left: stack(large('machine'), large('motor')),
    dressing: [spots(0.58, 0.88), bokeh('#eaf6ff', 6)],
    stage: 'steel', desk: 'bench', products: ['machine', 'motor'],
  },
};
