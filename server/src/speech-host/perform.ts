import { setImmediate } from 'node:timers/promises';

import { HostError } from '../lib/child-host-channel.ts';
import type {
  EarManifest,
  SpeechHostPart,
  SpeechHostRequest,
  VoiceManifest,
} from '../providers/sherpa/speech-host-protocol.ts';
import { collectGarbage } from './collect-garbage.ts';
import { loadRecognizer } from './load-recognizer.ts';
import { createModelCache } from './model-cache.ts';
import { loadVoice } from './offline-voice.ts';
import { createOpenUtterances } from './open-utterances.ts';

const ears = createModelCache(loadRecognizer);
const voices = createModelCache(loadVoice);
const utterances = createOpenUtterances();

/**
 * Does what the server asks for. `isCancelled` is true once nobody waits for the answer any more.
 *
 * @throws {HostError} `unavailable`, `invalid_input` or `failed`.
 */
export async function* perform(
  request: SpeechHostRequest,
  isCancelled: () => boolean,
): AsyncGenerator<SpeechHostPart, void, void> {
  switch (request.operation) {
    case 'load': {
      const { model } = request;
      const { release } = await (isVoice(model) ? voices.hold(model) : ears.hold(model));
      release();
      yield { type: 'loaded', residentBytes: process.memoryUsage.rss() };
      return;
    }
    case 'unload':
      await Promise.all([ears.unload(request.modelId), voices.unload(request.modelId)]);
      // What has just let go of it is still on its way out.
      await setImmediate();
      collectGarbage();
      yield { type: 'unloaded', modelsLeft: ears.size + voices.size };
      return;
    case 'transcribe': {
      const { loaded, release } = await ears.hold(request.model);
      try {
        const heard = await loaded.transcribe(
          request.samples,
          request.sampleRate,
          request.language,
          isCancelled,
        );
        yield { type: 'transcription', ...heard };
      } finally {
        release();
      }
      return;
    }
    case 'stream-open':
      await openStream(request.model, request.streamId, isCancelled);
      yield { type: 'stream-opened' };
      return;
    case 'stream-push': {
      const utterance = utterances.get(request.streamId);
      const text = await utterance.push(request.samples, request.sampleRate, () => isLeft(request.streamId));
      yield { type: 'partial', text };
      return;
    }
    case 'stream-finish':
      try {
        const utterance = utterances.get(request.streamId);
        const heard = await utterance.finish(() => isCancelled() || isLeft(request.streamId));
        yield { type: 'transcription', ...heard };
      } finally {
        utterances.close(request.streamId);
      }
      return;
    case 'stream-close':
      utterances.close(request.streamId);
      yield { type: 'stream-closed' };
      return;
    case 'synthesize': {
      const { loaded, release } = await voices.hold(request.model);
      try {
        for await (const sound of loaded.synthesize(request)) yield { type: 'sound', ...sound };
      } finally {
        release();
      }
      return;
    }
    default:
      throw new HostError(
        'invalid_input',
        `The operation "${String((request as { operation: unknown }).operation)}" is not known.`,
      );
  }
}

async function openStream(model: EarManifest, id: string, isCancelled: () => boolean): Promise<void> {
  utterances.check(id);
  const { loaded, release } = await ears.hold(model);
  try {
    if (loaded.open === undefined)
      throw new HostError('invalid_input', `Model ${model.id} takes whole utterances only.`);
    // Whoever has given it up meanwhile closes it no more.
    if (isCancelled()) throw new HostError('failed', 'The stream is not wanted any more.');
    utterances.add(id, loaded.open(), release);
  } catch (error) {
    release();
    throw error;
  }
}

/** Closed while it was being heard. */
function isLeft(streamId: string): boolean {
  return !utterances.isOpen(streamId);
}

function isVoice(model: EarManifest | VoiceManifest): model is VoiceManifest {
  switch (model.family) {
    case 'supertonic':
    case 'vits':
    case 'kokoro':
    case 'matcha':
    case 'zipvoice':
      return true;
    default:
      return false;
  }
}
