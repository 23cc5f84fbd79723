import { AudioError, type AudioErrorKind } from './audio-error.ts';

/** The slice of the Web Speech API that is used; TypeScript's library has none of it. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  start(): void;
  stop(): void;
  abort(): void;
}

interface RecognitionResult extends Event {
  readonly resultIndex: number;
  readonly results: ArrayLike<
    ArrayLike<{ readonly transcript: string; readonly confidence: number }> & { readonly isFinal: boolean }
  >;
}

type RecognitionClass = new () => Recognition;

/** An end this soon after the beginning heard nothing: the browser does not want to listen. */
const TOO_SOON_MS = 1_000;
/** As often as this in a row. */
const MOST_SHORT_TRIES = 5;

export type BrowserEarsState = 'closed' | 'opening' | 'listening' | 'hearing';

export interface BrowserEarsOptions {
  /** BCP 47, asked for at each start. */
  readonly language: () => string;
  /** What was said, once nothing of it changes any more. */
  readonly onText: (text: string, confidence: number | null) => void;
  readonly onState?: (state: BrowserEarsState) => void;
  readonly onError?: (error: AudioError) => void;
}

/** The browser's own recogniser. Most browsers send the sound to their maker: ask before it is used. */
export interface BrowserEars {
  readonly state: BrowserEarsState;
  /** Listens until `stop`, `cancel` or `close`; each sentence goes to `onText`. */
  listen(): void;
  /** Listens no more, but what was said still goes to `onText`. */
  stop(): void;
  /** Drops what was not understood yet. */
  cancel(): void;
  /** While true nothing is heard: for the time in which the server's own voice sounds. */
  deaf: boolean;
}

/** True where the browser has a recogniser. */
export function hasBrowserEars(): boolean {
  return recognitionClass() !== undefined;
}

/** @throws {AudioError} `unsupported` where the browser has no recogniser. */
export function createBrowserEars({ language, onText, onState, onError }: BrowserEarsOptions): BrowserEars {
  const Class = recognitionClass();
  if (Class === undefined) throw new AudioError('unsupported', 'The browser has no recogniser.');
  let state: BrowserEarsState = 'closed';
  let recognition: Recognition | undefined;
  let isWanted = false;
  let deaf = false;
  let shortTries = 0;

  function become(next: BrowserEarsState): void {
    if (next === state) return;
    state = next;
    onState?.(next);
  }

  function begin(): void {
    const begun = new Class!();
    const begunAtMs = performance.now();
    let hasHeard = false;
    recognition = begun;
    begun.lang = language();
    begun.continuous = true;
    begun.interimResults = false;
    const isOurs = () => recognition === begun;
    begun.addEventListener('start', () => isOurs() && become('listening'));
    begun.addEventListener('speechstart', () => isOurs() && become('hearing'));
    begun.addEventListener('speechend', () => isOurs() && state === 'hearing' && become('listening'));
    begun.addEventListener('result', (event) => {
      const { results, resultIndex } = event as RecognitionResult;
      for (let index = resultIndex; index < results.length; index++) {
        const best = results[index]?.[0];
        // Whoever wanted one sentence only has dropped the rest.
        if (!isOurs()) return;
        if (results[index]?.isFinal !== true || best === undefined || deaf) continue;
        hasHeard = true;
        const text = best.transcript.trim();
        // Some browsers give 0 for "no idea".
        if (text !== '') onText(text, best.confidence > 0 ? best.confidence : null);
      }
    });
    begun.addEventListener('error', (event) => {
      const kind = troubleOf((event as Event & { readonly error: string }).error);
      if (kind === null || !isOurs()) return;
      isWanted = false;
      onError?.(new AudioError(kind, 'The browser’s recogniser failed.'));
    });
    begun.addEventListener('end', () => {
      if (!isOurs()) return;
      recognition = undefined;
      shortTries = hasHeard || performance.now() - begunAtMs > TOO_SOON_MS ? 0 : shortTries + 1;
      if (isWanted && shortTries >= MOST_SHORT_TRIES) {
        isWanted = false;
        onError?.(new AudioError('device-busy', 'The browser’s recogniser ends as soon as it begins.'));
      }
      // Browsers end it by themselves after a while of silence.
      if (isWanted && !deaf) begin();
      else become('closed');
    });
    become('opening');
    begun.start();
  }

  function drop(): void {
    const dropped = recognition;
    recognition = undefined;
    dropped?.abort();
  }

  return {
    get state() {
      return state;
    },
    listen() {
      isWanted = true;
      shortTries = 0;
      if (recognition === undefined && !deaf) begin();
    },
    stop() {
      isWanted = false;
      if (recognition === undefined) become('closed');
      else recognition.stop();
    },
    cancel() {
      isWanted = false;
      drop();
      become('closed');
    },
    get deaf() {
      return deaf;
    },
    set deaf(next) {
      if (next === deaf) return;
      deaf = next;
      if (next) drop();
      else if (isWanted && recognition === undefined) begin();
    },
  };
}

function recognitionClass(): RecognitionClass | undefined {
  const scope = globalThis as {
    readonly SpeechRecognition?: RecognitionClass;
    readonly webkitSpeechRecognition?: RecognitionClass;
  };
  return scope.SpeechRecognition ?? scope.webkitSpeechRecognition;
}

/** Null for what is no trouble: silence, and what we ended ourselves. */
function troubleOf(error: string): AudioErrorKind | null {
  switch (error) {
    case 'no-speech':
    case 'aborted':
      return null;
    case 'audio-capture':
      return 'no-microphone';
    case 'not-allowed':
      return 'permission-refused';
    default:
      return 'unsupported';
  }
}
