import { createQuery, type CreateQueryResult } from '@tanstack/svelte-query';
import { call, roomUrl } from '../../../api/client';
import type { Gallery, GalleryVoice, Medium, Model } from '../shapes';

export const galleryQuery = (): CreateQueryResult<Gallery> =>
  createQuery(() => ({
    queryKey: ['gallery'],
    queryFn: () => call<Gallery>('GET', '/api/gallery'),
    staleTime: Infinity,
  }));

export const voicesQuery = (language: () => string): CreateQueryResult<readonly GalleryVoice[]> =>
  createQuery(() => ({
    queryKey: ['voices', language()],
    queryFn: async () =>
      (await call<{ voices: readonly GalleryVoice[] }>('GET', '/api/voices', { query: { language: language() } }))
        .voices,
    staleTime: 60_000,
  }));

export const modelsQuery = (): CreateQueryResult<readonly Model[]> =>
  createQuery(() => ({
    queryKey: ['models'],
    queryFn: async () => (await call<{ models: readonly Model[] }>('GET', '/api/models')).models,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'installing') === true ? 1000 : false),
  }));

export const mediaQuery = (room: string): CreateQueryResult<readonly Medium[]> =>
  createQuery(() => ({
    queryKey: ['media', room],
    queryFn: async () => (await call<{ media: readonly Medium[] }>('GET', roomUrl(room, '/media'))).media,
  }));

/** Takes a picture or sound of the package into the room's folder; the path that the room file names. */
export async function takeIntoRoom(room: string, kind: 'stickers' | 'backgrounds', name: string): Promise<string> {
  return (await call<{ src: string }>('POST', roomUrl(room, '/gallery'), { body: { kind, name } })).src;
}

export const wordsOf = (name: string): string => {
  const text = name.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};
