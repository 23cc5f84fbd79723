import { useCallback, useEffect, useRef, useState } from 'react';
import { AudioError, createRecorder, type AudioErrorKind, type Recorder } from '../audio/index.ts';

/** `full`: as `recording`, but nothing more is kept. */
export type RecordingState = 'off' | 'opening' | 'recording' | 'full';

export interface Recording {
  readonly state: RecordingState;
  /** RMS of the last 20 ms, 0 to 1. */
  readonly level: number;
  readonly trouble: AudioErrorKind | null;
  start(): Promise<void>;
  /** Ends it and turns the microphone off; null when nothing was being recorded. */
  stop(): Promise<Blob | null>;
}

const LONGEST_HEARD_MS = 60_000;

/** The microphone for one recording at a time, of `maxMs` at most. It goes off with the component. */
export function useRecording(maxMs = LONGEST_HEARD_MS): Recording {
  const recorder = useRef<Recorder | null>(null);
  const [state, setState] = useState<RecordingState>('off');
  const [level, setLevel] = useState(0);
  const [trouble, setTrouble] = useState<AudioErrorKind | null>(null);

  const close = useCallback(() => {
    recorder.current?.close();
    recorder.current = null;
    setState('off');
    setLevel(0);
  }, []);
  useEffect(() => close, [close]);

  const start = useCallback(async () => {
    setTrouble(null);
    setState('opening');
    const opened = createRecorder({
      maxMs,
      onLevel: setLevel,
      onState: (next) => {
        if (next === 'full') setState('full');
      },
      onError: (error) => {
        close();
        setTrouble(error.kind);
      },
    });
    recorder.current = opened;
    try {
      await opened.start();
      setState('recording');
    } catch (error) {
      // Closed while the browser was still asking.
      if (recorder.current !== opened) return;
      close();
      if (!(error instanceof AudioError)) throw error;
      setTrouble(error.kind);
    }
  }, [close, maxMs]);

  const stop = useCallback(async () => {
    const wav = (await recorder.current?.stop()) ?? null;
    close();
    return wav;
  }, [close]);

  return { state, level, trouble, start, stop };
}
