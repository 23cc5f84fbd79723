import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  answer,
  cut,
  hang,
  json,
  problem,
  startScriptedServer,
  type ScriptedServer,
} from '../test/scripted-server.ts';
import { MalbeotError, VoiceClient, type UIAction, type VoiceClientOptions } from './index.ts';

let server: ScriptedServer;

beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

/** A client that waits no time between tries. */
function client(options: VoiceClientOptions = {}): VoiceClient {
  return new VoiceClient({ baseUrl: server.baseUrl, sleep: () => Promise.resolve(), ...options });
}

async function errorOf(work: Promise<unknown>): Promise<MalbeotError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MalbeotError);
  return error as MalbeotError;
}

describe('a turn', () => {
  it('sends words with language and kiosk, and gives the answer', async () => {
    server.script(json(200, answer({ message: '안녕하세요' })));
    const got = await client({ kioskId: 'k1', language: 'en', deviceKey: 'dev_x' }).sendText(
      'a bulgogi burger',
    );
    expect(got.message).toBe('안녕하세요');
    const [first] = server.arrived;
    expect(first?.method).toBe('POST');
    expect(first?.path).toBe('/api/voice/process');
    expect(first?.turn()).toEqual({ text: 'a bulgogi burger', kiosk_id: 'k1', language: 'en' });
    expect(first?.headers['x-device-key']).toBe('dev_x');
    expect(first?.headers['accept-language']).toBe('en');
  });

  it('sends sound as a form with the file last', async () => {
    server.script(json(200, answer()), json(200, answer()));
    const voice = client();
    await voice.sendAudio(new Uint8Array([82, 73, 70, 70]));
    await voice.sendAudio(new Blob(['RIFF'], { type: 'audio/wav' }));
    for (const { headers, body } of server.arrived) {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': headers['content-type']! },
      }).formData();
      expect([...form.keys()].at(-1)).toBe('audio_file');
      const file = form.get('audio_file') as File;
      expect(file.type).toBe('audio/wav');
      expect(await file.text()).toBe('RIFF');
    }
    expect(server.arrived[1]?.body.toString('latin1')).toContain('ses_1');
  });

  it('keeps the session and its token, and sends both', async () => {
    const meta = { ...answer().meta, session_token: 'tok' };
    server.script(json(200, answer({ meta })), json(200, answer()));
    const voice = client();
    expect(voice.sessionId).toBeNull();
    await voice.sendAction({ type: 'add', item_id: 'cola' });
    expect(voice.sessionId).toBe('ses_1');
    await voice.sendAction({ type: 'confirm' });
    expect(server.arrived[0]?.headers.authorization).toBeUndefined();
    expect(server.arrived[1]?.headers.authorization).toBe('Bearer tok');
    expect(server.arrived[1]?.turn()).toEqual({
      action: { type: 'confirm' },
      session_id: 'ses_1',
      language: 'ko',
    });
  });

  it('sends taps one after the other, so that the second knows the session of the first', async () => {
    let release: (() => void) | undefined;
    server.script(
      (reply, arrived) => {
        release = () => void json(200, answer())(reply, arrived);
      },
      json(200, answer()),
    );
    const voice = client();
    const first = voice.sendText('하나');
    const second = voice.sendText('둘');
    await expect.poll(() => release).toBeDefined();
    expect(server.arrived).toHaveLength(1);
    release?.();
    await Promise.all([first, second]);
    expect(server.arrived.map((arrived) => arrived.turn().text)).toEqual(['하나', '둘']);
    expect(server.arrived[1]?.turn().session_id).toBe('ses_1');
  });

  it('refuses a turn when sixteen are already waiting', async () => {
    server.script(hang);
    const voice = client();
    const controllers = Array.from({ length: 16 }, () => new AbortController());
    const settled = Promise.allSettled(controllers.map(({ signal }) => voice.sendText('하나', { signal })));
    expect((await errorOf(voice.sendText('하나'))).code).toBe('TOO_MANY_WAITING');
    await expect.poll(() => server.arrived.length).toBe(1);
    for (const controller of controllers) controller.abort();
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
    expect(server.arrived).toHaveLength(1);
    server.script(json(200, answer()));
    await voice.sendText('하나');
  });

  it('gives an unsuccessful answer as an answer', async () => {
    const error_info = {
      error_code: 'audio_processing_error' as const,
      error_message: 'WAV 파일을 보내 주세요.',
      recovery_actions: [],
      details: {},
      timestamp: '',
    };
    server.script(json(415, answer({ success: false, error_info })));
    expect((await client().sendAudio(new Uint8Array(4))).error_info?.error_code).toBe(
      'audio_processing_error',
    );
    expect(server.arrived).toHaveLength(1);
  });

  it.each(['SESSION_EXPIRED', 'NOT_FOUND'])('starts anew after a session that is gone: %s', async (code) => {
    const error_info = {
      error_code: 'validation_error' as const,
      error_message: '',
      recovery_actions: [],
      details: { code },
      timestamp: '',
    };
    server.script(
      json(200, answer()),
      json(404, answer({ success: false, error_info })),
      json(200, answer({ session_id: 'ses_2' })),
    );
    const voice = client();
    await voice.sendText('하나');
    expect((await voice.sendText('둘')).success).toBe(false);
    expect(voice.sessionId).toBeNull();
    await voice.sendText('셋');
    expect(server.arrived[2]?.turn().session_id).toBeUndefined();
    expect(voice.sessionId).toBe('ses_2');
  });

  it('follows a change of language that was asked for', async () => {
    const set: UIAction = {
      action_type: 'set_language',
      data: { language: 'en' },
      priority: 1,
      requires_user_input: false,
      timeout_seconds: null,
    };
    server.script(json(200, answer({ ui_actions: [set] })), json(200, answer()));
    const voice = client();
    await voice.sendText('영어로 해 주세요');
    expect(voice.language).toBe('en');
    await voice.sendText('a cola');
    expect(server.arrived[1]?.turn().language).toBe('en');
  });
});

describe('the voice', () => {
  it('is fetched with the session’s token, again while it is being made', async () => {
    const meta = { ...answer().meta, session_token: 'tok' };
    server.script(
      json(200, answer({ meta })),
      json(503, problem(503, 'VOICE_NOT_READY'), { 'retry-after': '1' }),
      (reply) => void reply.writeHead(200, { 'content-type': 'audio/wav' }).end('RIFF'),
    );
    const voice = client();
    await voice.sendText('콜라');
    const sound = await voice.fetchVoice('/api/voice/tts/vox_1');
    expect(new TextDecoder().decode(sound)).toBe('RIFF');
    expect(server.arrived[2]).toMatchObject({ method: 'GET', path: '/api/voice/tts/vox_1' });
    expect(server.arrived[2]?.headers.authorization).toBe('Bearer tok');
  });

  it('shows no credentials to another server', async () => {
    const other = await startScriptedServer();
    other.script((reply) => void reply.writeHead(200).end('RIFF'));
    await client({ deviceKey: 'dev_x' }).fetchVoice(`${other.baseUrl}/vox_1.wav`);
    await other.close();
    expect(other.arrived[0]?.headers['x-device-key']).toBeUndefined();
  });

  it('that is gone is an error', async () => {
    server.script(json(404, problem(404, 'NOT_FOUND')));
    expect(await errorOf(client().fetchVoice('/api/voice/tts/vox_1'))).toMatchObject({
      code: 'NOT_FOUND',
      retryable: false,
    });
  });
});

describe('leaving', () => {
  it('forgets the session at once and ends it on the server', async () => {
    server.script(json(200, answer()), json(204, undefined), json(200, answer({ session_id: 'ses_2' })));
    const voice = client();
    await voice.sendText('콜라');
    const left = voice.reset();
    expect(voice.sessionId).toBeNull();
    await left;
    expect(server.arrived[1]).toMatchObject({ method: 'DELETE', path: '/api/kiosk/sessions/ses_1' });
    await voice.sendText('콜라');
    expect(server.arrived[2]?.turn().session_id).toBeUndefined();
  });

  it('is not undone by an answer that comes late', async () => {
    let release: (() => void) | undefined;
    server.script((reply, arrived) => {
      release = () => void json(200, answer())(reply, arrived);
    });
    const voice = client();
    const late = voice.sendText('콜라');
    await expect.poll(() => release).toBeDefined();
    await voice.reset();
    release?.();
    await late;
    expect(voice.sessionId).toBeNull();
  });

  it('is no error when the server is gone', async () => {
    server.script(json(200, answer()), cut, cut, cut);
    const voice = client();
    await voice.sendText('콜라');
    await voice.reset();
    expect(voice.sessionId).toBeNull();
  });
});

describe('reading', () => {
  it('gives the menu and the session', async () => {
    server.script(
      json(200, { version: 3 }),
      json(200, answer()),
      json(200, { session_id: 'ses_1', turns: 1 }),
    );
    const voice = client();
    expect((await voice.menu()).version).toBe(3);
    expect(await voice.session()).toBeNull();
    await voice.sendText('콜라');
    expect((await voice.session())?.turns).toBe(1);
    expect(server.arrived.map(({ path }) => path)).toEqual([
      '/api/kiosk/menu',
      '/api/voice/process',
      '/api/kiosk/sessions/ses_1',
    ]);
  });
});

describe('a session that is begun before its first turn', () => {
  const begun = { session_id: 'ses_new', session_token: 'token-new', turns: 0 };

  it('is the one that turns go on in', async () => {
    server.script(json(201, begun), json(200, answer({ session_id: 'ses_new' })));
    const voice = client({ kioskId: 'k1', language: 'en', deviceKey: 'dev_x' });
    expect(await voice.beginSession()).toEqual({ sessionId: 'ses_new', sessionToken: 'token-new' });
    expect(await voice.beginSession()).toEqual({ sessionId: 'ses_new', sessionToken: 'token-new' });
    await voice.sendText('콜라');
    const [first, turn] = server.arrived;
    expect([first?.method, first?.path]).toEqual(['POST', '/api/kiosk/sessions']);
    expect(JSON.parse(first!.body.toString())).toEqual({ kiosk_id: 'k1', language: 'en' });
    expect(first?.headers['x-device-key']).toBe('dev_x');
    expect(turn?.turn()).toMatchObject({ session_id: 'ses_new' });
    expect(turn?.headers.authorization).toBe('Bearer token-new');
  });

  it('waits for the turns before it, and is theirs', async () => {
    server.script(json(200, answer({ session_id: 'ses_1' })));
    const voice = client();
    const turn = voice.sendText('콜라');
    expect(await voice.beginSession()).toMatchObject({ sessionId: 'ses_1' });
    await turn;
    expect(server.arrived).toHaveLength(1);
  });

  it('is begun anew once it is forgotten, and told of when it can’t be', async () => {
    server.script(json(201, begun), json(503, problem(503, 'OVERLOADED')));
    const voice = client();
    await voice.beginSession();
    voice.forget();
    expect(voice.sessionId).toBeNull();
    expect((await errorOf(voice.beginSession())).code).toBe('OVERLOADED');
    // Each try would have made another session.
    expect(server.arrived).toHaveLength(2);
  });
});
