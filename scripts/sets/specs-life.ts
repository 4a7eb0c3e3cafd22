import type { SetSpec } from './draw-set.js';
import { cubes, large, rack, shelves, stack } from './parts/features.js';
import { poster, windowOf } from './parts/views.js';
import { bokeh, bulbs, bunting, globes, hangingPlant, neon, NEON, ornaments, pendant, plant, spots } from './parts/dressing.js';

/** Sets for family, leisure and table. */
export const LIFE_SETS: Readonly<Record<string, SetSpec>> = {
  baby: {
    palette: { a: '#e79a86', b: '#86b5c4', c: '#fdf5ea', d: '#4d4a52', m: '#d9b98c' },
    wall: ['stripes', '#d3e3ea'],
    focal: ['drapes', '#fbeee0', large('stroller')],
    right: shelves(['babyBottle', 'bear'], 3),
    left: stack(poster('sun'), large('stroller')),
    dressing: [bunting(0.035), bokeh('#fffaf0', 8)],
    stage: 'drum', desk: 'panels', products: ['babyBottle', 'stroller'],
  },
  sports: {
    palette: { a: '#e2472f', b: '#2d6cb5', c: '#eaf0f3', d: '#1f2833', m: '#98a6b3' },
    wall: ['concrete', '#8b9aa6'],
    focal: ['frame', '#44586a', rack(['dumbbells', 'football'], 3)],
    right: rack(['football', 'dumbbells'], 3),
    left: rack(['dumbbells', 'football'], 3),
    dressing: [spots(0.5, 0.7), neon(0.86, 0.062, 0.5, NEON.bolt, '#ff6a3d')],
    stage: 'steel', desk: 'bench', products: ['dumbbells', 'football'],
  },
  outdoor: {
    palette: { a: '#d9782d', b: '#4c7a52', c: '#efe6d2', d: '#2c3b33', m: '#9c6f43' },
    wall: ['boards', '#8a6a4a'],
    focal: ['niche', '#7fb0cf', windowOf('hills', 1, 1)],
    right: shelves(['lantern', 'backpack', 'tent'], 3),
    left: stack(large('backpack'), large('tent')),
    dressing: [bulbs(0.03, ['#ffdd9a']), plant(0.02, 0.71, 0.6, 'palm')],
    stage: 'slab', desk: 'wood', products: ['tent', 'lantern'],
  },
  garden: {
    palette: { a: '#cf6b45', b: '#5b8f5a', c: '#f0ead9', d: '#31402f', m: '#a47c52' },
    wall: ['leaves', '#a9c79a'],
    focal: ['arch', '#d7e8d4', windowOf('garden', 3, 4)],
    right: shelves(['plantPot', 'wateringCan'], 3),
    left: shelves(['wateringCan', 'plantPot'], 3),
    dressing: [hangingPlant(0.6, 0.055, 0.62), hangingPlant(0.88, 0.04, 0.8), plant(0.03, 0.71, 0.8)],
    stage: 'crate', desk: 'wood', products: ['wateringCan', 'plantPot'],
  },
  pets: {
    palette: { a: '#e0794a', b: '#5a9aa8', c: '#fbf1e2', d: '#43393a', m: '#c99a66' },
    wall: ['dots', '#c4dcd6'],
    focal: ['arch', '#f6d9b6', shelves(['petBed', 'petBowl'], 3)],
    right: stack(poster('sun'), large('petBed')),
    left: stack(poster('wave'), large('petBed')),
    dressing: [pendant(0.66, 0.092, 44), plant(0.97, 0.7, 0.62)],
    stage: 'drum', desk: 'panels', products: ['petBed', 'petBowl'],
  },
  food: {
    palette: { a: '#b8432f', b: '#6d8f4e', c: '#f7ecd6', d: '#3b2a1e', m: '#a8713f' },
    wall: ['brick', '#b9826a'],
    focal: ['niche', '#5b3d2a', shelves(['honey', 'teaTin', 'bread'], 3, true)],
    right: shelves(['bread', 'honey', 'teaTin'], 3, true),
    left: shelves(['teaTin', 'bread', 'honey'], 3, true),
    dressing: [pendant(0.6, 0.092, 40), pendant(0.88, 0.092, 40)],
    stage: 'slab', desk: 'wood', products: ['honey', 'teaTin'],
  },
  office: {
    palette: { a: '#3a6fd0', b: '#e0a03c', c: '#f0f2f5', d: '#29344a', m: '#c3a27a' },
    wall: ['plain', '#cfd9e4'],
    focal: ['niche', '#9fb4cb', windowOf('city', 3, 2)],
    right: cubes(['stationery', 'officeChair', 'tablet'], 2, 4),
    left: shelves(['stationery', 'tablet'], 3),
    dressing: [globes([0.62, 0.12, 24], [0.86, 0.1, 20]), plant(0.03, 0.71, 0.64, 'snake')],
    stage: 'column', desk: 'lacquer', products: ['officeChair', 'stationery'],
  },
  'gifts-and-festivals': {
    palette: { a: '#c42b3a', b: '#1f6b57', c: '#fbeed6', d: '#3a1720', m: '#e0b04c' },
    wall: ['curtain', '#9c1f30'],
    focal: ['circle', '#f2c878', shelves(['giftBox', 'festivalLantern'], 2)],
    right: shelves(['giftBox', 'festivalLantern'], 3),
    left: shelves(['festivalLantern', 'giftBox'], 3),
    dressing: [ornaments([0.08, 0.1, 22], [0.56, 0.08, 20], [0.7, 0.14, 28], [0.86, 0.07, 22], [0.95, 0.15, 24]), bokeh('#ffd98c', 18)],
    stage: 'steps', desk: 'cloth', products: ['giftBox', 'festivalLantern'],
  },
};
