import type { ConversationEvents, ConversationState } from '@malbeot/client';
import { describe, expect, it } from 'vitest';

import type { QueuePlayer, Uplink } from '../audio/index.ts';
import type { TalkClient } from './talk-client.ts';
import { createTalkSession, type TalkSessionOptions } from './talk-session.ts';
import { phaseOf } from './talk-state.ts';

/** A page's surroundings, noting what is asked of them. */
function surroundings(options: Partial<TalkSessionOptions> = {}) {
  const asked: string[] = [];
  const listeners = new Map<string, (data: never) => void>();
  let playerOptions!: Parameters<NonNullable<TalkSessionOptions['openPlayer']>>[0];
  let uplinkOptions!: Parameters<NonNullable<TalkSessionOptions['openUplink']>>[0];
  let uplinkState: Uplink['state'] = 'closed';
  let seq: number | null = options.kept?.lastSeq ?? null;
  const become = (next: Uplink['state']) => {
    uplinkState = next;
    uplinkOptions.onState?.(next);
  };
  const client: TalkClient = {
    get lastSeq() {
      return seq;
    },
    connect: () => Promise.resolve(),
    start: (use) =>
      void asked.push(
        `start ${use.codec} ${use.hands_free === true ? 'hands-free' : 'held'}${use.speech_rate === 1 ? '' : ` ${use.speech_rate}`}`,
      ),
    sendAudio: (sound) => asked.push(`sound ${sound.length}`) > 0,
    say: (message) => asked.push(`say ${message}`) > 0,
    played: (audioId, ms, isFinal) =>
      void asked.push(`played ${audioId} ${ms}${isFinal === true ? ' last' : ''}`),
    interrupt: () => asked.push('interrupt') > 0,
    end: () => asked.push('end') > 0,
    close: () => void asked.push('close'),
    on(type, listener) {
      listeners.set(type, listener as (data: never) => void);
      return () => void listeners.delete(type);
    },
  };
  const player: QueuePlayer = {
    state: 'idle',
    volume: 1,
    enqueue: (audioId, _, samples) => void asked.push(`enqueue ${audioId} ${samples.length}`),
    end: (audioId) => void asked.push(`whole ${audioId}`),
    duck: (decibels) => void asked.push(`duck ${decibels}`),
    restore: () => void asked.push('restore'),
    stop: () => void asked.push('silence'),
    close: () => void asked.push('player closed'),
  };
  const uplink: Uplink = {
    get state() {
      return uplinkState;
    },
    open() {
      if (uplinkState !== 'closed') return Promise.resolve();
      uplinkOptions.onFormat({ codec: 'pcm16', sampleRate: 16_000, isEchoCancelled: true });
      become('held');
      return Promise.resolve();
    },
    send: () => uplinkState === 'held' && become('sending'),
    hold: () => uplinkState === 'sending' && become('held'),
    close: () => become('closed'),
  };
  const session = createTalkSession({
    client,
    openPlayer: (given) => ((playerOptions = given), player),
    openUplink: (given) => ((uplinkOptions = given), uplink),
    ...options,
  });
  session.open();
  function tell<T extends keyof ConversationEvents>(type: T, data: ConversationEvents[T]): void {
    if (type !== 'audio' && type !== 'state') seq = (seq ?? 0) + 1;
    (listeners.get(type) as ((data: ConversationEvents[T]) => void) | undefined)?.(data);
  }
  const sound = (audioId: number, sequence = 0) =>
    tell('audio', { audioId, sequence, samples: new Int16Array(480) });
  const audioStart = (audioId: number, turnId: string) =>
    tell('audio_start', { turn_id: turnId, audio_id: audioId, sample_rate: 24_000, text: '네.' });
  return {
    session,
    player,
    asked,
    listeners,
    tell,
    sound,
    audioStart,
    connect: () => tell('state', { state: 'open' } satisfies ConversationState),
    playerSays: () => playerOptions,
    uplinkSays: () => uplinkOptions,
  };
}

describe('createTalkSession', () => {
  it('plays what belongs to a sound that was announced, and tells how far it got', () => {
    const { asked, sound, audioStart, tell, playerSays } = surroundings();
    sound(1);
    audioStart(1, 't1');
    sound(1);
    tell('audio_end', { audio_id: 1, duration_ms: 20 });
    playerSays().onPlayed(1, 20, true);
    expect(asked).toEqual(['enqueue 1 480', 'whole 1', 'played 1 20 last']);
  });

  it('ducks, restores and falls silent as the server says', () => {
    const { asked, tell, audioStart, sound } = surroundings();
    audioStart(1, 't1');
    tell('duck', { decibels: 20 });
    tell('restore', {});
    tell('interrupted', { turn_id: 't1', heard_text: '' });
    sound(1);
    expect(asked).toEqual(['duck 20', 'restore', 'silence']);
  });

  it('plays nothing more of a reply that was stopped here, and the next one again', () => {
    const { session, asked, audioStart, sound, connect } = surroundings();
    connect();
    audioStart(1, 't1');
    sound(1);
    session.interrupt();
    sound(1, 1);
    audioStart(2, 't1');
    sound(2);
    audioStart(3, 't2');
    sound(3);
    expect(asked).toEqual(['enqueue 1 480', 'silence', 'interrupt', 'enqueue 3 480']);
  });

  it('opens the microphone and tells the server how it is used, again when that changes', async () => {
    const { session, asked, uplinkSays, connect } = surroundings();
    connect();
    await session.setMicrophone(true);
    uplinkSays().onFrame(new Uint8Array(640));
    expect(phaseOf(session.state)).toBe('listening');
    session.setMode('push-to-talk');
    expect(session.state.microphone).toBe('held');
    session.setMode('hands-free');
    expect(asked).toEqual([
      'start pcm16 hands-free',
      'sound 640',
      'start pcm16 held',
      'start pcm16 hands-free',
    ]);
    expect(session.state.microphone).toBe('sending');
  });

  it('tells the server how quickly to speak, and the loudspeaker how loud', async () => {
    const { session, player, asked } = surroundings();
    session.setVoice({ rate: 0.75, volume: 1.5 });
    expect(player.volume).toBe(1.5);
    await session.setMicrophone(true);
    session.setVoice({ rate: 0.75, volume: 0 });
    session.setVoice({ rate: 1, volume: 0 });
    expect(player.volume).toBe(0);
    expect(asked).toEqual(['start pcm16 hands-free 0.75', 'start pcm16 hands-free']);
  });

  it('sends while the button is held, and silences the voice for it', async () => {
    const { session, asked, audioStart, connect } = surroundings({ mode: 'push-to-talk' });
    connect();
    audioStart(1, 't1');
    const pressed = session.press();
    await pressed;
    expect(session.state.microphone).toBe('sending');
    session.release();
    session.release();
    expect(asked).toEqual(['silence', 'interrupt', 'start pcm16 held', 'end']);
    expect(session.state.microphone).toBe('held');
  });

  it('sends nothing when the button was let go while the browser still asked', async () => {
    const { session, asked } = surroundings({ mode: 'push-to-talk' });
    const pressed = session.press();
    session.release();
    await pressed;
    expect(session.state.microphone).toBe('held');
    expect(asked).toEqual(['start pcm16 held']);
  });

  it('hands on what the screen should do, and the level of the microphone', () => {
    const { session, tell, uplinkSays } = surroundings();
    const told: unknown[] = [];
    const off = session.onAction((action) => told.push(action));
    session.onLevel((level) => told.push(level));
    tell('action', { turn_id: 't1', type: 'show', data: { page: 2 } });
    uplinkSays().onLevel?.(0.5);
    off();
    tell('action', { turn_id: 't1', type: 'show', data: { page: 3 } });
    expect(told).toEqual([{ turn_id: 't1', type: 'show', data: { page: 2 } }, 0.5]);
  });

  it('goes on with what the page kept, and knows what the server is without being told again', () => {
    const server = {
      session_id: 'ses_1',
      user_id: 'usr_1',
      experience: 'companion',
      language: 'ko',
      providers: { ears: 'fake', mind: 'fake', voice: null, vad: 'fake' },
      resume_ms: 30_000,
    };
    const kept = { captions: [], isWaiting: false, server, lastSeq: 7 };
    const { session, tell } = surroundings({ kept });
    expect(session.state).toMatchObject({ server: null, lastSeq: 7 });
    tell('resumed', { from_seq: 8 });
    expect(session.state).toMatchObject({ connection: 'open', server, lastSeq: 8 });
    tell('reply_delta', { turn_id: 't1', text: '네.' });
    expect(session.state.lastSeq).toBe(9);
  });

  it('stops everything when the server ends it, and leaves no listener when closed', async () => {
    const { session, asked, tell, listeners, connect } = surroundings();
    connect();
    await session.setMicrophone(true);
    const { MalbeotError } = await import('@malbeot/client');
    tell('state', { state: 'closed', error: new MalbeotError('SESSION_ENDED') });
    expect(phaseOf(session.state)).toBe('over');
    expect(session.state.microphone).toBe('closed');
    expect(session.state.trouble).toMatchObject({ from: 'connection', code: 'SESSION_ENDED' });
    session.close();
    expect(listeners.size).toBe(0);
    expect(asked.slice(-2)).toEqual(['player closed', 'close']);
  });
});
