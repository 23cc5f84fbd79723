import type { Player, Recorder, RecorderState } from '../../src/audio/index.ts';

/** The modules as a test drives them from outside. */
export interface AudioPage {
  readonly recorder: Recorder;
  readonly player: Player;
  readonly states: RecorderState[];
  readonly playerStates: string[];
  readonly errors: string[];
  readonly utterances: Blob[];
  loudest: number;
  base64(blob: Blob): Promise<string>;
}

declare global {
  // Only `var` makes a property of the global object.
  var audioPage: AudioPage;
}
