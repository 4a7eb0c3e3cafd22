import type { LayerState } from './shapes.js';

const words = (id: string): string => {
  const text = id.replace(/-+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** `close-shade-2`: the word for `close-shade`, and 2. */
function numbered(id: string, word: (base: string) => string | null): string | null {
  const [, base, n] = /^(.+)-(\d+)$/.exec(id) ?? [];
  const named = base === undefined ? null : word(base);
  return named === null ? null : `${named} ${n}`;
}

/** What a layer is called in the list: its words where it has some, else its kind, else its id. */
export function nameOf(
  { id, layer }: LayerState,
  word: (key: string) => string | null,
  presenter?: string | null,
): string {
  if (layer.type === 'presenter' && presenter !== undefined && presenter !== null)
    return words(presenter.split('/').at(-1) ?? presenter);
  const own = (layer.text ?? layer.offer ?? '').replace(/\{\{[^}]*\}\}/g, '').trim();
  if ((layer.type === 'text' || layer.type === 'bubble' || layer.type === 'announcement') && own !== '')
    return own.length > 40 ? `${own.slice(0, 39)}…` : own;
  const known = word(`customise.layer-of.${id}`) ?? numbered(id, (base) => word(`customise.layer-of.${base}`));
  if (known !== null) return known;
  if (layer.type === 'image' && ['product', 'beside', 'detail'].includes(layer.src ?? ''))
    return word(`customise.layer.${layer.src}`) ?? words(id);
  const file = /([^/]+)\.[a-z0-9]+$/i.exec(layer.src ?? layer.items?.[0] ?? '')?.[1];
  if (layer.type === 'sticker' && file !== undefined) return word(`customise.sticker.${file}`) ?? words(id);
  if (['image', 'sticker', 'media', 'shape'].includes(layer.type)) {
    if (/^(image|media)(-\d+)?$/.test(id) && file !== undefined) return words(file);
    return byKind(id, layer.type, word) ?? words(id);
  }
  return word(`customise.layer.${layer.type}`) ?? words(id);
}

/** `shape-2`, as the page calls the second one that is added. */
const byKind = (id: string, kind: string, word: (key: string) => string | null): string | null => {
  const own = (base: string): string | null => (base === kind ? word(`customise.layer.${kind}`) : null);
  return own(id) ?? numbered(id, own);
};

/**
 * Names of all layers. Of those that have the same one the product, or else the shot, comes first, as rows are cut at
 * their end; where these are the same too, the id.
 */
export function namesOf(
  layers: readonly LayerState[],
  word: (key: string) => string | null,
  presenter?: string | null,
  titleOf: (product: string) => string | undefined = () => undefined,
): ReadonlyMap<string, string> {
  const plain = new Map(layers.map((one) => [one.id, nameOf(one, word, presenter)]));
  const isShared = sharedIn(plain);
  const told = new Map(
    layers.map(({ id, layer }) => {
      const name = plain.get(id)!;
      const [shot, ...others] = Object.keys(layer.shots ?? {});
      const by =
        layer.product === undefined
          ? shot === undefined || others.length > 0
            ? undefined
            : word(`customise.shot-name.${shot}`)
          : titleOf(layer.product);
      return [id, isShared(name) && by !== undefined && by !== null ? `${by} · ${name}` : name];
    }),
  );
  const isStillShared = sharedIn(told);
  return new Map(
    layers.map(({ id, layer }) => {
      const [name, own] = [told.get(id)!, plain.get(id)!];
      return [id, isStillShared(name) ? (byKind(id, layer.type, word) ?? `${words(id)} · ${own}`) : name];
    }),
  );
}

function sharedIn(names: ReadonlyMap<string, string>): (name: string) => boolean {
  const counts = new Map<string, number>();
  for (const name of names.values()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return (name) => (counts.get(name) ?? 0) > 1;
}
