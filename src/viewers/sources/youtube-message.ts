import { membersOf, type RawEvent } from './shape-event.js';

/** A liveChatMessage of the Data API as an event; undefined for other kinds, such as a deleted message. */
export function youtubeEvent(item: unknown): RawEvent | undefined {
  const { id } = membersOf(item);
  const snippet = membersOf(membersOf(item)['snippet']);
  const author = membersOf(membersOf(item)['authorDetails']);
  const common = {
    id,
    platform: 'youtube',
    user: author['displayName'],
    atMs: typeof snippet['publishedAt'] === 'string' ? Date.parse(snippet['publishedAt']) : undefined,
  };
  const details = (name: string): Readonly<Record<string, unknown>> => membersOf(snippet[name]);
  switch (snippet['type']) {
    case 'textMessageEvent':
      return {
        ...common,
        kind: 'comment',
        text: details('textMessageDetails')['messageText'] ?? snippet['displayMessage'],
      };
    case 'superChatEvent': {
      const { userComment, amountDisplayString } = details('superChatDetails');
      // A paid message with words is a question like any other.
      if (typeof userComment === 'string' && userComment.trim() !== '')
        return { ...common, kind: 'comment', text: userComment };
      return { ...common, kind: 'gift', text: amountDisplayString };
    }
    case 'superStickerEvent':
      return { ...common, kind: 'gift', text: details('superStickerDetails')['amountDisplayString'] };
    case 'membershipGiftingEvent':
      return {
        ...common,
        kind: 'gift',
        text: 'membership',
        count: details('membershipGiftingDetails')['giftMembershipsCount'],
      };
    case 'newSponsorEvent':
      return { ...common, kind: 'follow' };
    case 'memberMilestoneChatEvent': {
      const { userComment } = details('memberMilestoneChatDetails');
      return typeof userComment === 'string' && userComment.trim() !== ''
        ? { ...common, kind: 'comment', text: userComment }
        : undefined;
    }
    default:
      return undefined;
  }
}
