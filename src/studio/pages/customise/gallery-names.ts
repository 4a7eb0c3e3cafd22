export const GALLERIES = ['presenter', 'scene', 'stickers', 'bubbles', 'cards', 'media', 'music'] as const;
export type GalleryName = (typeof GALLERIES)[number];
