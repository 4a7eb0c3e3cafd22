const LOOK_MS = 20;
const GIVEN_UP_MS = 60_000;

/** Waits until something holds; throws with its name when it never does. */
export async function eventually(holds: () => boolean, name: string): Promise<void> {
  const end = performance.now() + GIVEN_UP_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${name}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
