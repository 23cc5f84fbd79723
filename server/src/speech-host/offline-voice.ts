import sherpa, { type OfflineTts } from 'sherpa-onnx-node';

import { toPcm16 } from '../audio/pcm.ts';
import { BoundedQueue } from '../lib/bounded-queue.ts';
import { HostError } from '../lib/child-host-channel.ts';
import type { PitchedRequest } from '../providers/sherpa/pitched-request.ts';
import type { SynthesizeRequest, VoiceManifest } from '../providers/sherpa/speech-host-protocol.ts';
import { shiftPitch } from './voice-pitch.ts';
import { voiceConfig, voiceRequest } from './voice-config.ts';

/** Sound of one sentence, or of the next stretch of it. */
export interface VoiceSound {
  /** Mono. */
  readonly samples: Int16Array<ArrayBuffer>;
  readonly sampleRate: number;
}

/** A loaded model that turns a sentence into sound. */
export interface Voice {
  /**
   * Sound as it is made. Ending the iteration early asks the model to stop and waits until it has.
   *
   * @throws {HostError} `invalid_input` for a speaker that the model does not have or a missing recording, `failed` when it
   * gives no sound.
   */
  synthesize(request: PitchedRequest): AsyncGenerator<VoiceSound, void, void>;
}

/** Stretches of one sentence that wait to be sent; models give one to a few. */
const MAX_STRETCHES = 4_096;

/**
 * Loads a verified model in the background. A model that is not what it says may end the process instead.
 *
 * @throws {HostError} `unavailable` when the model can't be loaded.
 */
export async function loadVoice(model: VoiceManifest): Promise<Voice> {
  let tts: OfflineTts;
  try {
    tts = await sherpa.OfflineTts.createAsync(voiceConfig(model));
  } catch (error) {
    throw new HostError('unavailable', `Model ${model.id} can not be loaded: ${reasonOf(error)}`);
  }
  return {
    async *synthesize(request) {
      check(request, tts);
      const made = new BoundedQueue<Float32Array>(MAX_STRETCHES);
      // Not every family tells of its sound before all of it is made.
      let wasTold = false;
      const making = tts
        .generateAsync({
          ...voiceRequest(request),
          onProgress: ({ samples }) => {
            wasTold = true;
            return made.tryPush(samples) ? 1 : 0;
          },
        })
        .then(
          ({ samples }) => {
            if (!wasTold) made.tryPush(samples);
            made.close();
          },
          (error: unknown) => made.close(new HostError('failed', `Model ${model.id}: ${reasonOf(error)}`)),
        );
      try {
        const sound = finiteSound(made, model.id);
        const { pitch = 1 } = request;
        const shifted = pitch === 1 ? sound : shiftPitch(sound, tts.sampleRate, pitch);
        for await (const samples of shifted) yield { samples, sampleRate: tts.sampleRate };
      } finally {
        made.close();
        await making;
      }
    },
  };
}

/** The library would take its first speaker instead of one that it does not have, and say so on stderr only. */
function check({ model, speakerId, reference }: SynthesizeRequest, tts: OfflineTts): void {
  const speakers = Math.max(1, tts.numSpeakers);
  if (!Number.isInteger(speakerId) || speakerId < 0 || speakerId >= speakers) {
    throw new HostError(
      'invalid_input',
      `Model ${model.id} has ${speakers} voices, counted from 0; ${speakerId} is none of them.`,
    );
  }
  if (model.family === 'zipvoice' && reference === undefined)
    throw new HostError(
      'invalid_input',
      `Model ${model.id} speaks like a recording and needs one with its words.`,
    );
}

/** @throws {HostError} `failed` for sound with a sample that is no number: the model's arithmetic has run over. */
async function* finiteSound(
  made: AsyncIterable<Float32Array>,
  id: string,
): AsyncGenerator<Int16Array<ArrayBuffer>, void, void> {
  for await (const samples of made) {
    if (!samples.every(Number.isFinite))
      throw new HostError('failed', `Model ${id} gave a sample that is not a finite number.`);
    yield toPcm16(samples);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
