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
