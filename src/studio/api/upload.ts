import { call } from './client';

/** Sends a picture to the studio's media folder. Resolves to its path there. */
export async function uploadPicture(file: File): Promise<string> {
  const { path } = await call<{ path: string }>('POST', '/api/media/pictures', {
    body: file,
    headers: { 'content-type': file.type === '' ? 'application/octet-stream' : file.type },
  });
  return path;
}
