/** A line's position in the script. `round` counts the starts of the script. */
export interface ScriptPosition {
  readonly round: number;
  readonly segment: number;
  readonly line: number;
}
