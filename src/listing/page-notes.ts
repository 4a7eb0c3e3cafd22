/** Fields that a reading left aside, for a seller who wonders where one went. */
export type PageNote =
  | { readonly kind: 'dropped-key'; readonly where: string; readonly key: string }
  | { readonly kind: 'unread-place'; readonly where: string; readonly reason: string };

/** A hostile page may give a reason at every byte. */
const MAX_NOTES = 20;
const MAX_REASON_CHARS = 200;

export class PageNotes {
  readonly list: PageNote[] = [];

  dropped(where: string, key: string): void {
    if (this.list.some((one) => one.kind === 'dropped-key' && one.where === where && one.key === key)) return;
    this.add({ kind: 'dropped-key', where, key });
  }

  unread(where: string, reason: string): void {
    this.add({ kind: 'unread-place', where, reason: reason.slice(0, MAX_REASON_CHARS) });
  }

  private add(note: PageNote): void {
    if (this.list.length < MAX_NOTES) this.list.push(note);
  }
}
