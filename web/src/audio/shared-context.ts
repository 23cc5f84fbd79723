import { AudioError } from './audio-error.ts';

let shared: AudioContext | undefined;

/**
 * The page's one AudioContext, made at first use. Browsers allow few of them, and echo cancellation works best when the
 * voice and the microphone share a clock.
 *
 * @throws {AudioError} `unsupported` where the browser has none.
 */
export function sharedContext(): AudioContext {
  if (shared !== undefined && shared.state !== 'closed') return shared;
  if (typeof AudioContext === 'undefined') {
    throw new AudioError('unsupported', 'The browser has no AudioContext.');
  }
  shared = new AudioContext({ latencyHint: 'interactive' });
  return shared;
}

/** True while a gesture of the person is needed before anything can sound. */
export function needsGesture(): boolean {
  if (shared?.state === 'running') return false;
  const activation = (navigator as { userActivation?: UserActivation }).userActivation;
  return activation === undefined || !activation.hasBeenActive;
}

const gestures = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;

/**
 * The shared context once it runs. A page that was not touched yet may not sound: then this waits for the first gesture.
 *
 * @throws the signal's reason when it aborts first.
 */
export async function runningContext(signal: AbortSignal): Promise<AudioContext> {
  const context = sharedContext();
  signal.throwIfAborted();
  if (context.state === 'running') return context;
  await new Promise<void>((resolve, reject) => {
    // A refused resume stays pending or rejects, by browser; the next gesture tries again.
    const resume = () => void context.resume().then(check, () => undefined);
    const check = () => {
      if (context.state !== 'running') return;
      cleanUp();
      resolve();
    };
    const onAbort = () => {
      cleanUp();
      reject(signal.reason as Error);
    };
    const cleanUp = () => {
      for (const gesture of gestures) window.removeEventListener(gesture, resume, true);
      context.removeEventListener('statechange', check);
      signal.removeEventListener('abort', onAbort);
    };
    for (const gesture of gestures) window.addEventListener(gesture, resume, true);
    context.addEventListener('statechange', check);
    signal.addEventListener('abort', onAbort, { once: true });
    resume();
  });
  return context;
}
