import {
  type AudioError,
  createBrowserEars,
  createRecorder,
  hasBrowserEars,
  type BrowserEars,
  type BrowserEarsState,
  type Recorder,
  type RecorderState,
} from '../../audio/index.ts';
import type { Ears } from './kiosk-state.ts';

export interface KioskEarsOptions {
  /** An utterance for the server's ears. */
  readonly onSound: (wav: Blob) => void;
  /** What the browser's own ears understood. */
  readonly onText: (text: string) => void;
  /** RMS of the last 20 ms, 0 to 1; only of what the server's ears will hear. */
  readonly onLevel: (level: number) => void;
  readonly onState: (state: Ears) => void;
  readonly onTrouble: (error: AudioError) => void;
  /** BCP 47, for the browser's ears. */
  readonly language: () => string;
}

/** How one utterance is heard: recorded for the server, or by the browser where the server said so. */
export interface KioskEars {
  /** One utterance, which ends when the customer stops speaking. @throws {AudioError} */
  listenOnce(): Promise<void>;
  /** Everything from now on until `send`. @throws {AudioError} */
  record(): Promise<void>;
  /** Ends listening and gives what was heard; nothing when nobody spoke. */
  send(): Promise<void>;
  close(): void;
}

/** How a customer is heard on and on. */
export interface HandsFree {
  readonly isOn: boolean;
  /** Utterance after utterance until it is switched off. */
  setOn(on: boolean): void;
  /** While true nothing is heard: for the time in which our own voice sounds. */
  deaf: boolean;
  close(): void;
}

/** The microphone and the server's ears. */
export function createServerEars(options: KioskEarsOptions): KioskEars {
  let recorder: Recorder | null = null;
  const open = () =>
    (recorder ??= createRecorder({
      onLevel: options.onLevel,
      onState: (state) => options.onState(earsOf(state)),
      onUtterance: (wav) => {
        recorder?.cancel();
        options.onSound(wav);
      },
      onError: options.onTrouble,
    }));
  return {
    listenOnce: () => open().listen(),
    record: () => open().start(),
    async send() {
      if (recorder === null) return;
      if (recorder.state === 'listening' || recorder.state === 'opening') return recorder.cancel();
      options.onSound(await recorder.stop());
    },
    close: () => recorder?.close(),
  };
}

/** Whether {@link createBrowserOnlyEars} can be had in this browser. */
export { hasBrowserEars };

/** The browser's own recogniser: words come to the server instead of sound. */
export function createBrowserOnlyEars(options: KioskEarsOptions): KioskEars & HandsFree {
  let once = true;
  const ears: BrowserEars = createBrowserEars({
    language: options.language,
    onText: (text) => {
      if (once) ears.cancel();
      options.onText(text);
    },
    onState: (state) => options.onState(earsOf(state)),
    onError: options.onTrouble,
  });
  const listen = (isOnce: boolean) => {
    once = isOnce;
    ears.listen();
    return Promise.resolve();
  };
  const cancel = () => {
    once = true;
    ears.cancel();
  };
  return {
    listenOnce: () => listen(true),
    record: () => listen(true),
    send: () => Promise.resolve(ears.stop()),
    get isOn() {
      return !once;
    },
    setOn(on) {
      if (on) void listen(false);
      else cancel();
    },
    get deaf() {
      return ears.deaf;
    },
    set deaf(next) {
      ears.deaf = next;
    },
    close: cancel,
  };
}

function earsOf(state: RecorderState | BrowserEarsState): Ears {
  switch (state) {
    case 'closed':
    case 'ready':
      return 'off';
    case 'opening':
      return 'opening';
    case 'listening':
      return 'listening';
    case 'hearing':
    case 'recording':
    case 'full':
      return 'hearing';
  }
}
