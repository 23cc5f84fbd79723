/// <reference types="vite/client" />
import { AudioError, microphoneError } from './audio-error.ts';
import workletUrl from './capture-worklet.ts?worker&url';
import { loadWorklet } from './load-worklet.ts';
import { createResampler } from './resample.ts';
import { runningContext } from './shared-context.ts';

/** Rate of what is captured unless another one is asked for, in samples a second. */
export const CAPTURE_RATE = 16_000;

/** An open microphone. */
export interface Microphone {
  /** True when the browser takes the page's own sound out of what is captured. */
  readonly isEchoCancelled: boolean;
  /** Ends the tracks and takes the nodes apart; the browser's recording sign goes out. */
  close(): void;
}

export interface MicrophoneOptions {
  /** Samples a second. Default 16,000. */
  readonly sampleRate?: number;
  /** About 20 ms of mono sound. */
  readonly onSamples: (samples: Float32Array) => void;
  /** The device went away. */
  readonly onLost: (error: AudioError) => void;
  readonly signal: AbortSignal;
}

/**
 * Asks for the microphone and opens it.
 *
 * @throws {AudioError} with the kind of what is in the way; the signal's reason when it aborts.
 */
export async function openMicrophone({
  sampleRate = CAPTURE_RATE,
  onSamples,
  onLost,
  signal,
}: MicrophoneOptions): Promise<Microphone> {
  // Asked for first: the browser's question is itself the gesture that lets the context run.
  const stream = await askForStream();
  const stopTracks = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    const context = await runningContext(signal);
    await loadWorklet(context, workletUrl);
    signal.throwIfAborted();
    const source = context.createMediaStreamSource(stream);
    const capture = new AudioWorkletNode(context, 'malbeot-capture', { numberOfOutputs: 0 });
    const resampler = createResampler(context.sampleRate, sampleRate);
    const take = ({ data }: MessageEvent<Float32Array>) => onSamples(resampler.push(data));
    capture.port.addEventListener('message', take);
    capture.port.start();
    const lost = () => onLost(new AudioError('device-lost', 'The microphone went away.'));
    const [track] = stream.getAudioTracks();
    track?.addEventListener('ended', lost);
    source.connect(capture);
    return {
      isEchoCancelled: track?.getSettings().echoCancellation === true,
      close() {
        track?.removeEventListener('ended', lost);
        capture.port.removeEventListener('message', take);
        capture.port.postMessage('close');
        source.disconnect();
        stopTracks();
      },
    };
  } catch (error) {
    stopTracks();
    throw error;
  }
}

async function askForStream(): Promise<MediaStream> {
  if (!globalThis.isSecureContext) {
    throw new AudioError(
      'insecure-context',
      'Browsers give a microphone to pages over HTTPS or from localhost only.',
    );
  }
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  if (devices === undefined) throw new AudioError('unsupported', 'The browser has no microphone interface.');
  try {
    return await devices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
    });
  } catch (cause) {
    throw microphoneError(cause);
  }
}
