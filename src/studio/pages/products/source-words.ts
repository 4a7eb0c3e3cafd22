import type { HostAnswer } from '../../api/types';
import { t, tMaybe } from '../../messages/index.svelte';

/** Where an answer's fact stands, in words: the engine names a place of the room file. */
export function sourceWords({ source, by }: HostAnswer): string {
  if (source === null) return by === 'rule' ? t('source.rule') : t('source.none');
  const field =
    /(?:^|[.\s])(priceLadder|price|leadTime|minimumOrder|attributes|certificates|packing|faq|sample|variants|facts|customisation|stock|title)\b/.exec(
      source,
    )?.[1];
  const known = field === undefined ? null : tMaybe(`source.${field}`);
  return known ?? source;
}
