import type { Language, VoiceChatEvents, VoiceChatReply } from '@malbeot/protocol';
import { formatMessage } from '@malbeot/protocol/messages';
import type { Dialogue } from '../../conversation/dialogue.ts';
import type { Heard } from '../../conversation/heard.ts';
import { runTurn } from '../../conversation/turn.ts';
import { AppError } from '../../errors/app-error.ts';
import { createSentenceCutter } from '../../language/sentences.ts';
import { toSpokenText } from '../../language/spoken-text.ts';
import type { Clock } from '../../lib/clock.ts';
import { newId, type RandomBytes } from '../../lib/ids.ts';
import type { SpeechToText } from '../../providers/spec/stt.ts';
import type { HeardSound, Hearing } from '../../speech/hearing.ts';
import type { Logger } from '../../telemetry/logger.ts';
import type { TurnRecord } from '../../telemetry/record-turn.ts';
import { createTurnSpan, type TurnSpan } from '../../telemetry/turn-span.ts';
import type { VoiceFiles } from '../../voice-files/voice-files.ts';
import type { OpenTalk } from '../experience.ts';
import { readState } from './dialogue/state.ts';
import type { CompanionSession } from './records.ts';
import type { CompanionSessions } from './sessions.ts';
import type { CompanionTalks } from './talks.ts';
import type { TurnOrder } from './turn-order.ts';
import {
  beginChatCourse,
  toFinishedTurn,
  toTurnRecord,
  type ChatCourse,
  type VoiceChatRequest,
} from './voice-chat-course.ts';

/** Something that happened in a turn. */
export type VoiceChatEvent = {
  readonly [Name in keyof VoiceChatEvents]: { readonly event: Name; readonly data: VoiceChatEvents[Name] };
}[keyof VoiceChatEvents];

/** One turn of talk over HTTP: sound or words in, a reply out. */
export interface VoiceChat {
  /**
   * Runs a turn after the earlier ones of its session, and keeps it. `emit` gets everything up to `done` as it happens; it must
   * not throw.
   *
   * @throws {AppError} as sessions, ears and the order of turns do; AbortedError when `signal` aborts.
   */
  run(
    request: VoiceChatRequest,
    emit: (event: VoiceChatEvent) => void,
    signal: AbortSignal,
  ): Promise<VoiceChatReply>;
}

export interface VoiceChatOptions {
  readonly sessions: CompanionSessions;
  readonly talks: CompanionTalks;
  readonly order: TurnOrder;
  readonly ears: SpeechToText;
  readonly hearing: Pick<Hearing, 'hear'>;
  readonly voiceFiles: Pick<VoiceFiles, 'start'>;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly log: Logger;
  readonly recordTurn: (record: TurnRecord, span: TurnSpan) => void;
}

interface OpenedChat {
  readonly session: CompanionSession;
  /** Of a session that this turn began. */
  readonly token: string | null;
}

export function createVoiceChat(options: VoiceChatOptions): VoiceChat {
  const { sessions, talks, order, ears, hearing, voiceFiles, clock, random, log, recordTurn } = options;

  async function findAsked({ sessionId, wish, who }: VoiceChatRequest): Promise<CompanionSession | null> {
    const asked = sessionId ?? (who.kind === 'session' ? who.sessionId : null);
    if (asked === null) {
      if (who.kind !== 'device') return null;
      throw new AppError('FORBIDDEN', { detail: 'A device key begins no talk. Use an API key.' });
    }
    const session = await sessions.find(asked, who);
    if (wish.userId !== null && wish.userId !== session.userId) {
      throw new AppError('NOT_FOUND', { detail: 'The person in user_id has no such session.' });
    }
    sessions.expectOpen(session);
    return session;
  }

  async function hear(course: ChatCourse, language: string, signal: AbortSignal): Promise<HeardSound | null> {
    const { input } = course.request;
    if (input.type === 'text') return null;
    const heard = await hearing.hear({ bytes: input.bytes, language }, signal, course.span);
    course.sound = heard;
    return heard;
  }

  async function converse(
    course: ChatCourse,
    { session, token }: OpenedChat,
    emit: (event: VoiceChatEvent) => void,
    signal: AbortSignal,
  ): Promise<VoiceChatReply> {
    const { span, request, turnId } = course;
    const open = await span.measure('store', async () =>
      talks.openFound(token === null ? await sessions.find(session.sessionId, request.who) : session),
    );
    const who = {
      session_id: session.sessionId,
      user_id: session.userId,
      ...(token === null ? {} : { token }),
    };
    emit({ event: 'session', data: who });
    const heard = heardOf(course, open.language);
    course.finalMs = clock.monotonicMs() - course.startedMs;
    const confidence = course.sound?.confidence ?? null;
    emit({ event: 'transcript', data: { turn_id: turnId, text: heard.text, confidence } });
    const speaker = createSpeaker(course, open.language, emit);
    if (heard.text === '') {
      course.outcome = 'not_heard';
      const sorry = formatMessage(open.language as Language, 'companion.not_heard');
      course.reply = sorry;
      emit({ event: 'reply_delta', data: { text: sorry } });
      await speaker.push(sorry);
    } else {
      await respond(course, open, heard, speaker, emit, signal);
    }
    const audioUrl = await speaker.end();
    const reply: VoiceChatReply = {
      ...who,
      turn_id: turnId,
      transcript: heard.text,
      reply: course.reply,
      audio_url: audioUrl,
      emotions: course.emotions,
      timing: span.stagesMs(),
      providers: { ears: course.sound?.provider ?? null, mind: course.mind, voice: course.voice },
    };
    emit({ event: 'done', data: reply });
    return reply;
  }

  /** The reply as it comes; the turn is kept when it is whole, or when somebody has left who heard a part of it. */
  async function respond(
    course: ChatCourse,
    open: OpenTalk,
    heard: Heard,
    speaker: Speaker,
    emit: (event: VoiceChatEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { sessionId, language, state, history } = open;
    const dialogue: Dialogue = open.talk.dialogue;
    course.mind = dialogue.mind;
    const context = { sessionId, turnId: course.turnId, language, state, history };
    // The sound was heard already, whatever file it came in; so the words go in as the experience's own input.
    const events = runTurn<Heard>(
      { type: 'tap', tap: heard },
      { ears, dialogue, span: course.span },
      context,
      signal,
    );
    const keep = async () => {
      const turn = toFinishedTurn(course, heard, clock);
      await course.span.measure('store', () => open.talk.keep(turn, signal));
    };
    try {
      for await (const event of events) {
        switch (event.type) {
          case 'text-delta':
            course.firstTokenMs ??= clock.monotonicMs() - course.startedMs;
            course.reply += event.text;
            emit({ event: 'reply_delta', data: { text: event.text } });
            await speaker.push(event.text);
            break;
          case 'emotion': {
            const emotion = { name: event.name, intensity: event.intensity };
            course.emotions.push(emotion);
            emit({ event: 'emotion', data: emotion });
            break;
          }
          case 'state':
            course.state = event.state;
            course.mind = readState(event.state)?.mind ?? course.mind;
            break;
          case 'transcript':
          case 'no-speech':
          case 'gesture':
          case 'action':
            break;
        }
      }
    } catch (error) {
      if (signal.aborted && course.reply !== '') {
        course.outcome = 'aborted';
        await keep().catch((failure: unknown) =>
          log.warn({ err: failure }, 'a turn that broke off is not kept'),
        );
      }
      throw error;
    }
    await keep();
  }

  /** Makes the voice of a reply: in pieces as it comes, or in one when it is whole. */
  function createSpeaker(
    course: ChatCourse,
    sessionLanguage: string,
    emit: (event: VoiceChatEvent) => void,
  ): Speaker {
    const cutter = course.request.inPieces ? createSentenceCutter() : null;
    let index = 0;
    const start = async (text: string): Promise<string | null> => {
      const spokenIn = languageOf(text, sessionLanguage);
      const spoken = spokenIn === 'ko' ? toSpokenText(text) : text;
      try {
        const started = await course.span.measure('voice', () =>
          voiceFiles.start({ text: spoken, language: spokenIn }),
        );
        if (started === null) return null;
        course.voice = started.provider;
        return `/api/voice/tts/${started.fileId}`;
      } catch (error) {
        // A voice is never worth failing for what was said.
        log.warn({ err: error, turn_id: course.turnId }, 'the voice of a reply could not be started');
        return null;
      }
    };
    const sendPieces = async (pieces: readonly string[]) => {
      for (const text of pieces) {
        const url = await start(text);
        if (url !== null) emit({ event: 'audio', data: { index: index++, text, url } });
      }
    };
    return {
      push: async (delta) => sendPieces(cutter?.push(delta) ?? []),
      async end() {
        if (cutter === null) return start(course.reply);
        await sendPieces(cutter.flush());
        return null;
      },
    };
  }

  return {
    async run(request, emit, signal) {
      const course = beginChatCourse(request, newId('trn', random), createTurnSpan(clock), clock);
      try {
        const reply = await turn(course, emit, signal);
        recordTurn(toTurnRecord(course, null), course.span);
        return reply;
      } catch (error) {
        if (signal.aborted) course.outcome = 'aborted';
        recordTurn(toTurnRecord(course, error), course.span);
        throw error;
      }
    },
  };

  async function turn(
    course: ChatCourse,
    emit: (event: VoiceChatEvent) => void,
    signal: AbortSignal,
  ): Promise<VoiceChatReply> {
    const { request } = course;
    const found = await findAsked(request);
    if (found === null) {
      // What can't be heard begins no session.
      await hear(course, request.wish.language ?? request.wish.fallbackLanguage, signal);
      const begun = await sessions.begin(request.wish, request.who);
      course.session = begun.session;
      return order.run(begun.session.sessionId, signal, () => converse(course, begun, emit, signal));
    }
    course.session = found;
    const hearingNow = hear(course, found.language, signal);
    // It takes its place in line at once, and a sound that can't be used is told at once too.
    const said = order.run(found.sessionId, signal, async () => {
      await hearingNow;
      return converse(course, { session: found, token: null }, emit, signal);
    });
    said.catch(() => {});
    await hearingNow;
    return said;
  }
}

interface Speaker {
  push(delta: string): Promise<void>;
  /** The address of the whole voice; null where it came in pieces, or none can speak. */
  end(): Promise<string | null>;
}

function heardOf({ request: { input }, sound }: ChatCourse, language: string): Heard {
  return input.type === 'text'
    ? { text: input.text, language, source: 'text', confidence: null }
    : { text: sound!.text, language, source: 'voice', confidence: sound!.confidence };
}

/** Who is spoken to in another language than the session's is answered in it. */
function languageOf(text: string, sessionLanguage: string): string {
  if (/\p{Script=Hangul}/u.test(text)) return 'ko';
  return /[a-z]/i.test(text) ? 'en' : sessionLanguage;
}
