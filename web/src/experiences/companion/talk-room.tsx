import { ConversationClient } from '@malbeot/client';
import type { Language } from '@malbeot/protocol';
import { useCallback, useEffect, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { Status, type StatusTone } from '../../components/states.tsx';
import { TalkCaptions } from '../../conversation/talk-captions.tsx';
import { TalkDock } from '../../conversation/talk-dock.tsx';
import { TalkNotice } from '../../conversation/talk-notice.tsx';
import { keptOf } from '../../conversation/kept-talk.ts';
import { createTalkSession, type TalkSession } from '../../conversation/talk-session.ts';
import type { Connection, TalkState } from '../../conversation/talk-state.ts';
import { useTalk } from '../../conversation/use-talk.ts';
import { useLanguage } from '../../language/language.tsx';
import { keepSession, readKeptSession, type KeptSession } from './kept-session.ts';
import type { OpenedSession } from './open-session.ts';
import { Parts } from './parts.tsx';

/** Answers to a connection that say: this conversation can't be had any more. */
const goneCodes: readonly string[] = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SESSION_ENDED',
  'SESSION_EXPIRED',
];

const tones = {
  connecting: 'planned',
  open: 'good',
  lost: 'stand-in',
  over: 'bad',
} as const satisfies Record<Connection, StatusTone>;

export interface TalkRoomProps {
  readonly opened: OpenedSession;
  readonly onNew: () => void;
}

/** One conversation. */
export function TalkRoom({ opened: { session, isKept }, onNew }: TalkRoomProps) {
  const { t, language } = useLanguage();
  const [attempt, setAttempt] = useState({ language });
  const [state, talk] = useTalk(useCallback(() => talkOf(session, attempt.language), [session, attempt]));
  const { connection, server, captions } = state;
  useEffect(() => {
    // Before the first message nothing is known that was not kept already.
    if (server !== null) keepSession({ ...session, talk: keptOf(state) });
  }, [session, server, state]);
  // What the tab kept may be over: nobody wants to be asked about that before a word was said.
  const isLeftBehind = isKept && server === null && isGone(state);
  useEffect(() => {
    if (isLeftBehind) onNew();
  }, [isLeftBehind, onNew]);
  const isForeign = server !== null && !server.language.startsWith(language);
  return (
    <div className="page companion">
      <header className="companion-head">
        <h1>{t('web.companion.title')}</h1>
        <Status tone={tones[connection]}>{t(`web.talk.connection.${connection}`)}</Status>
        <div className="companion-tools">
          {server === null ? null : <Parts server={server} />}
          <Button icon="plus" onClick={onNew}>
            {t('web.companion.new')}
          </Button>
        </div>
      </header>
      {isForeign ? <p className="companion-hint">{t('web.companion.other_language')}</p> : null}
      {captions.length === 0 ? <Welcome /> : null}
      <TalkCaptions
        captions={captions}
        isSpoken={server !== null && server.providers.voice !== null}
        isThinking={isAnswerAwaited(state)}
      />
      <div className="companion-foot">
        <TalkNotice state={state} onDismiss={() => talk?.dismissTrouble()} />
        {talk === null ? null : (
          <Foot state={state} talk={talk} onNew={onNew} onAgain={() => setAttempt({ language })} />
        )}
      </div>
    </div>
  );
}

interface FootProps {
  readonly state: TalkState;
  readonly talk: TalkSession;
  readonly onNew: () => void;
  readonly onAgain: () => void;
}

function Foot({ state, talk, onNew, onAgain }: FootProps) {
  const { t } = useLanguage();
  if (state.connection !== 'over') return <TalkDock state={state} session={talk} />;
  return isGone(state) ? (
    <Button look="main" icon="plus" className="companion-again" onClick={onNew}>
      {t('web.companion.new')}
    </Button>
  ) : (
    <Button look="main" icon="repeat" className="companion-again" onClick={onAgain}>
      {t('web.talk.again')}
    </Button>
  );
}

/** True when this conversation can't be had any more, by any connection. */
function isGone({ trouble }: TalkState): boolean {
  return trouble?.from === 'connection' && goneCodes.includes(trouble.code);
}

function Welcome() {
  const { t } = useLanguage();
  return (
    <div className="companion-welcome">
      <img src="/art/companion.svg" alt="" width="112" height="112" />
      <h2>{t('web.companion.hello')}</h2>
      <p>{t('web.companion.hello.line')}</p>
    </div>
  );
}

/** True while there are words and nothing of their answer yet. */
function isAnswerAwaited({ isWaiting, captions }: TalkState): boolean {
  return isWaiting && captions.at(-1)?.by === 'user';
}

function talkOf(session: KeptSession, language: Language): TalkSession {
  const { userId, sessionId, token } = session;
  const kept = readKeptSession();
  const talk = kept?.sessionId === sessionId ? kept.talk : session.talk;
  return createTalkSession({
    client: new ConversationClient({ userId, sessionId, token, language, resumeFrom: talk?.lastSeq }),
    kept: talk,
    codec: codecHere(),
  });
}

/** Sound to one's own machine costs nothing; on a network it is worth packing. */
function codecHere(): 'pcm16' | 'opus' {
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(globalThis.location.hostname);
  return isLoopback ? 'pcm16' : 'opus';
}
