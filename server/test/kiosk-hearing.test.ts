import { formatMessage } from '@malbeot/protocol/messages';
import { describe, expect, it } from 'vitest';
import { switchedOffEars } from '../src/compose/switched-off.ts';
import { createSpeechToTextChain } from '../src/providers/chain/speech-to-text-chain.ts';
import { ScriptedEars } from '../src/providers/fake/scripted-ears.ts';
import type { SpeechToText } from '../src/providers/spec/stt.ts';
import { openKioskKit, soundForm, speech } from './kiosk-kit.ts';

async function say(ears: SpeechToText, language: 'ko' | 'en') {
  const kit = await openKioskKit({ ears });
  try {
    const begun = await kit.turn({ action: { type: 'add', item_id: 'cola' }, language });
    const { session_id, order_data } = begun.body;
    return { order: order_data, ...(await kit.upload(soundForm(speech, { session_id }))) };
  } finally {
    await kit.close();
  }
}

describe('a kiosk whose ears', () => {
  it('do not know the language: says so in it, says what to do, and is not asked again', async () => {
    const ears = createSpeechToTextChain([new ScriptedEars({ languages: ['ko'] })]);
    const { status, body, order } = await say(ears, 'en');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: false,
      message: formatMessage('en', 'kiosk.not_heard.language'),
      transcript: null,
      tts_audio_url: expect.stringMatching(/^\/api\/voice\/tts\/vox_/),
      order_data: { items: order!.items },
      error_info: {
        error_code: 'speech_recognition_error',
        recovery_actions: ['Order by touching the screen', 'Order by typing', 'Call our staff'],
        details: { reason: 'language_not_heard' },
      },
      meta: { skipped: [{ provider: 'fake_ears', reason: 'language' }] },
    });
  });

  it('know the language and are down: 503, since that passes', async () => {
    const down = new ScriptedEars({ id: 'fake_down', otherwise: { do: 'fail', kind: 'unavailable' } });
    const { status, body } = await say(
      createSpeechToTextChain([new ScriptedEars({ id: 'fake_ko', languages: ['ko'] }), down]),
      'en',
    );
    expect(status).toBe(503);
    expect(body.meta.skipped).toEqual([
      { provider: 'fake_ko', reason: 'language' },
      { provider: 'fake_down', reason: 'unavailable' },
    ]);
  });

  it.each(['ko', 'en'] as const)('are switched off: 503 that asks for touch, in %s', async (language) => {
    const { status, body, order } = await say(switchedOffEars, language);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      message: formatMessage(language, 'kiosk.error.ears_off'),
      order_data: { items: order!.items },
      error_info: {
        error_code: 'server_error',
        details: { code: 'PROVIDER_UNAVAILABLE', reason: 'ears_off' },
      },
      meta: { skipped: [{ provider: 'off', reason: 'switched off' }] },
    });
  });
});
