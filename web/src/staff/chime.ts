import { sharedContext } from '../audio/shared-context.ts';

/** Two bell notes for an order, three quick ones for a call; drawn by WebAudio, so there is no file to load. */
const notes = { order: [659.3, 880], call: [988, 784, 988] } as const;

/** Prepares the sound inside a press, as browsers ask for; false where there is no sound at all. */
export async function readyChime(): Promise<boolean> {
  if (typeof AudioContext === 'undefined') return false;
  const context = sharedContext();
  if (context.state !== 'running') await context.resume().catch(() => undefined);
  return sharedContext().state === 'running';
}

/** Rings once; silent before {@link readyChime} succeeded. */
export function ring(kind: keyof typeof notes): void {
  if (typeof AudioContext === 'undefined') return;
  const context = sharedContext();
  if (context.state !== 'running') return;
  const startS = context.currentTime + 0.02;
  notes[kind].forEach((frequency, index) => {
    const atS = startS + index * 0.18;
    const oscillator = new OscillatorNode(context, { type: 'triangle', frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, atS);
    gain.gain.linearRampToValueAtTime(0.35, atS + 0.01);
    gain.gain.exponentialRampToValueAtTime(0.001, atS + 0.6);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(atS);
    oscillator.stop(atS + 0.65);
  });
}
