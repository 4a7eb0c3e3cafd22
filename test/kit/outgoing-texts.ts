import type { Layer } from '../../src/config/sections/layer.js';
import { layerTexts } from '../../src/admission/texts/layer-texts.js';
import { PanelSheet } from '../../src/scene/layers/panel-sheet.js';
import { SceneCompiler } from '../../src/scene/scene-compiler.js';
import { SpeechService } from '../../src/speech/speech-service.js';
import type { Typed } from './viewer-traces.js';

/**
 * Records, by surface, every text that rooms of this process speak, caption, put into their scene or draw on a panel, until
 * `stop` is called.
 */
export function recordOutgoing(): { readonly texts: ReadonlyMap<string, Set<string>>; stop(): void } {
  const texts = new Map<string, Set<string>>();
  const note = (surface: string, said: readonly string[]): void => {
    const set = texts.get(surface) ?? new Set();
    for (const text of said) set.add(text);
    texts.set(surface, set);
  };
  const restored: (() => void)[] = [];
  const watch = (prototype: object, method: string, surface: string, textsOf: (given: any) => string[]): void => {
    const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[method]!;
    methods[method] = function watched(this: unknown, ...args: unknown[]): unknown {
      note(surface, textsOf(args[0]));
      return original.apply(this, args);
    };
    restored.push(() => {
      methods[method] = original;
    });
  };
  watch(SpeechService.prototype, 'speak', 'speech', ({ text }: { text: string }) => [text]);
  watch(SceneCompiler.prototype, 'caption', 'caption', ({ text }: { text: string }) => [text]);
  watch(PanelSheet.prototype, 'text', 'panel', (text: string) => [text]);
  watch(SceneCompiler.prototype, 'putLayer', 'layer', (layer: Layer) => layerTexts(layer, '').map(({ text }) => text));
  return {
    texts,
    stop: () => {
      for (const restore of restored.splice(0)) restore();
    },
  };
}

const EVENT_KINDS = ['enter', 'follow', 'order', 'gift'] as const;

/** Sends groups of viewers over `seconds`, each as comments and then as another event. */
export async function sendViewers(
  take: (events: readonly object[]) => Promise<unknown>,
  groups: readonly (readonly Typed[])[],
  seconds: number,
): Promise<void> {
  const stepMs = Math.max(50, (seconds * 1000) / Math.max(1, groups.length));
  for (const [n, group] of groups.entries()) {
    const kind = EVENT_KINDS[n % EVENT_KINDS.length]!;
    await take(
      group.flatMap(({ user, text }, i) => [
        { id: `c${n}-${i}`, platform: 'traces', kind: 'comment', user, text },
        { id: `k${n}-${i}`, platform: 'traces', kind, user },
      ]),
    );
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
}
