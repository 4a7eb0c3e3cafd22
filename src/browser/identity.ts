/**
 * A site's ids of the two devices: 64 hex digits as browsers make them, the same at every visit, and useless to another
 * site. `salt` is drawn once per installation and never leaves it.
 */
export async function deviceIds(
  salt: string,
  origin: string,
): Promise<{ camera: string; microphone: string; group: string }> {
  const hash = async (what: string): Promise<string> => {
    const bytes = new TextEncoder().encode(`${salt}\n${origin}\n${what}`);
    const digest = await crypto.subtle.digest('SHA-256', bytes);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  };
  const [camera, microphone, group] = await Promise.all([hash('camera'), hash('microphone'), hash('group')]);
  return { camera: camera!, microphone: microphone!, group: group! };
}

export const newSalt = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(24)), (byte) => byte.toString(16).padStart(2, '0')).join('');
