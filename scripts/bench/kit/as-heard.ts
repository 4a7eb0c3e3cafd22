/** English amounts as they are said, and units as a recogniser writes them. */
export function asHeard(said: string): string {
  return said
    .replaceAll(/(\d+)\.(\d\d) US dollars/g, '$1 US dollars and $2 cents')
    .replaceAll(/(\d) ?millilit(?:er|re)s/g, '$1 ml');
}
