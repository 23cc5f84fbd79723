import { describe, expect, it } from 'vitest';
import { readCatalogue } from './catalogue.ts';
import { namedModelProblem, type NamedModel } from './named-model.ts';

const catalogue = readCatalogue();
const pulledOf = (...ids: readonly string[]) => catalogue.filter(({ id }) => ids.includes(id));
const problem = (kind: NamedModel['kind'], named: string | null, change: Partial<NamedModel> = {}) =>
  namedModelProblem({
    kind,
    named,
    pulled: [],
    catalogue,
    builtIn: ['demo-ear'],
    remains: () => 'nothing',
    ...change,
  });

describe('a setting that names a model', () => {
  it('says nothing where the model is used, and where none is named', () => {
    expect(problem('ears', null)).toBeNull();
    expect(problem('voice', null)).toBeNull();
    expect(problem('ears', 'zipformer-korean', { pulled: pulledOf('zipformer-korean') })).toBeNull();
    expect(problem('voice', 'vits-mimic3-ko-kss', { pulled: pulledOf('vits-mimic3-ko-kss') })).toBeNull();
    const own = { id: 'my-own', kind: 'voice', family: 'vits' } as const;
    expect(problem('voice', 'my-own', { pulled: [own] })).toBeNull();
  });

  it('says how to get a model that is not pulled, or not whole', () => {
    const action = 'Run `malbeot models pull sense-voice-int8` and start again.';
    expect(problem('ears', 'sense-voice-int8')).toEqual({
      reason: 'STT_MODEL names sense-voice-int8, which is not pulled.',
      action,
    });
    expect(problem('ears', 'sense-voice-int8', { remains: () => 'interrupted' })).toEqual({
      reason: 'STT_MODEL names sense-voice-int8, whose pull broke off.',
      action,
    });
    expect(problem('ears', 'sense-voice-int8', { remains: () => 'damaged' })).toEqual({
      reason: 'STT_MODEL names sense-voice-int8, whose files are not whole.',
      action,
    });
  });

  it('says which setting is meant where the kind is another', () => {
    expect(problem('voice', 'sense-voice-int8', { pulled: pulledOf('sense-voice-int8') })).toEqual({
      reason: 'TTS_MODEL names sense-voice-int8, which hears and does not speak.',
      action:
        'STT_MODEL is the setting for it. Pull one with `malbeot models pull` (vits-mimic3-ko-kss, kokoro-en-int8, matcha-en-ljspeech), or leave TTS_MODEL out.',
    });
    expect(problem('ears', 'kokoro-en-int8', { pulled: pulledOf('whisper-tiny-int8') })).toEqual({
      reason: 'STT_MODEL names kokoro-en-int8, which is a voice.',
      action:
        'TTS_MODEL is the setting for it. Name one that is pulled (whisper-tiny-int8), or leave STT_MODEL out for the best of them.',
    });
  });

  it('says that a model of turn ends needs no name', () => {
    expect(problem('ears', 'smart-turn-v3', { pulled: pulledOf('whisper-tiny-int8') })).toEqual({
      reason: 'STT_MODEL names smart-turn-v3, which hears only whether somebody has finished.',
      action:
        'It is used without being named. Name one that is pulled (whisper-tiny-int8), or leave STT_MODEL out for the best of them.',
    });
  });

  it('says so where the voice is a provider of its own', () => {
    expect(problem('voice', 'supertonic-3-int8')).toEqual({
      reason: 'TTS_MODEL names supertonic-3-int8, which is not pulled.',
      action:
        'Run `malbeot models pull supertonic-3-int8` and start again. Leave TTS_MODEL out: the model speaks as the voice supertonic.',
    });
    for (const [id, voice] of [
      ['supertonic-3-int8', 'supertonic'],
      ['zipvoice-en-zh-int8', 'zipvoice'],
    ] as const)
      expect(problem('voice', id, { pulled: pulledOf(id) })).toEqual({
        reason: `TTS_MODEL names ${id}, which speaks as the voice ${voice}.`,
        action: `Leave TTS_MODEL out: the model speaks as the voice ${voice}.`,
      });
  });

  it('says which there are where there is no such model, without a look at the disk', () => {
    const remains = () => expect.unreachable();
    const found = problem('ears', '../../etc', {
      remains,
      pulled: pulledOf('whisper-tiny-int8', 'kokoro-en-int8'),
    });
    expect(found).toEqual({
      reason: 'STT_MODEL names ../../etc, which is no model that this server knows.',
      action: 'Name one that is pulled (whisper-tiny-int8), or leave STT_MODEL out for the best of them.',
    });
    expect(problem('ears', 'demo-ear', { remains })?.action).toContain('STT_ORDER=demo_ear');
  });
});
