import { describe, expect, it } from 'vitest';
import { createSpeechTracker, type SpeechStep } from './speech-tracker.ts';

/** Runs `s` (speech) and `.` (silence) frames; the changes by frame number. */
function changes(frames: string): { readonly at: number; readonly step: SpeechStep }[] {
  const tracker = createSpeechTracker();
  return [...frames].flatMap((frame, at) => {
    const step = tracker.push(frame === 's');
    return step.change === null ? [] : [{ at, step }];
  });
}
const named = (frames: string) => changes(frames).map(({ at, step }) => `${step.change}@${at}`);

describe('the speech tracker', () => {
  it('takes 200 ms of speech for somebody who speaks', () => {
    expect(named('..ssssss')).toEqual(['began@2']);
    expect(named('..sssssss')).toEqual(['began@2', 'confirmed@8']);
  });

  it('drops a click once it stays quiet, and hears the next one anew', () => {
    expect(named('s.....')).toEqual(['began@0']);
    expect(named('s......s')).toEqual(['began@0', 'dropped@6', 'began@7']);
  });

  it('adds up syllables with gaps between them', () => {
    expect(named('sss..ssss')).toEqual(['began@0', 'confirmed@8']);
  });

  it('tells how long a pause was when the person goes on', () => {
    const all = changes('sssssss.....s');
    expect(all.at(-1)!.step).toMatchObject({ change: 'resumed', pauseMs: 160, speechMs: 256, silentMs: 0 });
  });

  it('counts silence within an utterance until it is told that it is over', () => {
    const tracker = createSpeechTracker();
    for (let frame = 0; frame < 10; frame++) tracker.push(true);
    let step = tracker.push(false);
    for (let frame = 0; frame < 99; frame++) step = tracker.push(false);
    expect(step).toMatchObject({ phase: 'speech', speechMs: 320, silentMs: 3_200 });
    tracker.reset();
    expect(tracker.push(false)).toMatchObject({ phase: 'idle', change: null, speechMs: 0 });
  });
});
