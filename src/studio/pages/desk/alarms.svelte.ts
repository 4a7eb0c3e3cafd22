import { call, MODE } from '../../api/client';
import { both, t } from '../../messages/index.svelte';
import type { Desk } from './desk.svelte';

const KEY = 'alarm-sound';
const AGAIN_MS = 8000;
let on = $state(localStorage.getItem(KEY) === 'on');

export const alarmSound = (): boolean => on;

/** The press of the button is also what a browser wants before it plays a sound or shows a notice. */
export async function toggleAlarmSound(): Promise<void> {
  on = !on;
  localStorage.setItem(KEY, on ? 'on' : 'off');
  if (!on) {
    if (MODE === 'studio') await unsubscribe().catch(() => undefined); // the service forgets it by itself
    return;
  }
  beep(1);
  if ('Notification' in globalThis && Notification.permission === 'default') await Notification.requestPermission();
  if (MODE === 'studio') await subscribe().catch(() => undefined);
}

/** Web Push: the studio's server tells this browser of alarms, with the page closed as well. */
async function subscribe(): Promise<void> {
  if (!('serviceWorker' in navigator) || !('PushManager' in globalThis)) return;
  const { key } = await call<{ key: string }>('GET', '/api/push/key');
  const worker = await navigator.serviceWorker.register('/push-worker.js');
  const subscription =
    (await worker.pushManager.getSubscription()) ??
    (await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  await call('POST', '/api/push', { body: { subscription: subscription.toJSON() } });
}

async function unsubscribe(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration('/');
  const subscription = await worker?.pushManager?.getSubscription();
  if (!subscription) return;
  await call('DELETE', '/api/push', { body: { endpoint: subscription.endpoint } });
  await subscription.unsubscribe();
}

let context: AudioContext | undefined;

/** Two short tones; three for a critical one. */
function beep(times: number): void {
  context ??= new AudioContext();
  const from = context.currentTime + 0.02;
  for (let i = 0; i < times; i += 1) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = i % 2 === 0 ? 880 : 660;
    const at = from + i * 0.18;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.2, at + 0.01);
    gain.gain.linearRampToValueAtTime(0, at + 0.14);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.15);
  }
}

/** Sound and a notice for each new alarm; critical ones sound again until somebody has seen them. Call it in a component. */
export function watchAlarms(desk: Desk): void {
  const known = new Set<string>();
  let first = true;
  $effect(() => {
    if (desk.state.snapshot === null) return;
    for (const alarm of desk.unseen) {
      const key = `${alarm.kind} ${alarm.subject} ${alarm.since}`;
      if (known.has(key)) continue;
      known.add(key);
      // What was there before the page tells the block, not the ear.
      if (first || !on) continue;
      beep(alarm.severity === 'critical' ? 3 : 2);
      if (document.hidden && 'Notification' in globalThis && Notification.permission === 'granted')
        new Notification(t('desk.alarm', { room: desk.state.snapshot.name }), { body: both(alarm.text), tag: key });
    }
    first = false;
  });
  const critical = $derived(desk.unseen.some(({ severity }) => severity === 'critical'));
  $effect(() => {
    if (!critical || !on) return;
    const timer = setInterval(() => beep(3), AGAIN_MS);
    return () => clearInterval(timer);
  });
}
