import BadgePercent from '@lucide/svelte/icons/badge-percent';
import Captions from '@lucide/svelte/icons/captions';
import Clock from '@lucide/svelte/icons/clock';
import CreditCard from '@lucide/svelte/icons/credit-card';
import FileVideo from '@lucide/svelte/icons/file-video';
import Image from '@lucide/svelte/icons/image';
import Megaphone from '@lucide/svelte/icons/megaphone';
import MessageCircle from '@lucide/svelte/icons/message-circle';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import Package from '@lucide/svelte/icons/package';
import Square from '@lucide/svelte/icons/square';
import Sticker from '@lucide/svelte/icons/sticker';
import Table from '@lucide/svelte/icons/table';
import Tag from '@lucide/svelte/icons/tag';
import TypeIcon from '@lucide/svelte/icons/type';
import UserRound from '@lucide/svelte/icons/user-round';
import type { Component } from 'svelte';
import type { LayerState } from './shapes';

const ICONS: Readonly<Record<string, Component<{ class?: string }>>> = {
  image: Image,
  presenter: UserRound,
  assistant: UserRound,
  caption: Captions,
  label: Captions,
  card: CreditCard,
  text: TypeIcon,
  bubble: MessageCircle,
  ticker: Megaphone,
  announcement: Megaphone,
  sticker: Sticker,
  media: FileVideo,
  shape: Square,
  countdown: Clock,
  coupon: BadgePercent,
  ladder: Tag,
  attributes: Table,
  question: CircleQuestionMark,
};
export const iconOf = ({ layer }: LayerState): Component<{ class?: string }> =>
  layer.type === 'image' && layer.src === 'product' ? Package : (ICONS[layer.type] ?? Square);

const words = (id: string): string => {
  const text = id.replace(/-+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

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
  if (layer.type === 'image' && layer.src === 'product') return word('customise.layer.product') ?? words(id);
  const file = /([^/]+)\.[a-z0-9]+$/i.exec(layer.src ?? layer.items?.[0] ?? '')?.[1];
  if (layer.type === 'sticker' && file !== undefined) return word(`customise.sticker.${file}`) ?? words(id);
  if (['image', 'sticker', 'media', 'shape'].includes(layer.type))
    return (
      word(`customise.layer-of.${id}`) ??
      (/^(image|media)(-\d+)?$/.test(id) && file !== undefined ? words(file) : words(id))
    );
  return word(`customise.layer.${layer.type}`) ?? words(id);
}

/** Names of all layers; of those that have the same one, the id comes first, as rows are cut at their end. */
export function namesOf(
  layers: readonly LayerState[],
  word: (key: string) => string | null,
  presenter?: string | null,
): ReadonlyMap<string, string> {
  const plain = layers.map((one) => [one.id, nameOf(one, word, presenter)] as const);
  const counts = new Map<string, number>();
  for (const [, name] of plain) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(plain.map(([id, name]) => [id, (counts.get(name) ?? 0) > 1 ? `${words(id)} · ${name}` : name]));
}
