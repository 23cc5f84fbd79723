import { subscribeEvents } from '@malbeot/client';
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { EmptyState, ErrorState, Skeleton, Status } from '../components/states.tsx';
import { useLanguage, useTitle } from '../language/language.tsx';
import { readStored, writeStored } from '../storage.ts';
import { boardReducer, emptyBoard, type Board } from './board.ts';
import { readyChime, ring } from './chime.ts';
import { Ticket } from './ticket.tsx';
import { accessToken, readSignIn, signOut } from './tokens.ts';
import './staff.css';

const BOARD_STORED_AS = 'malbeot.board';

/** Calls, new orders and payments as they come, for the people of the shop. */
export function StaffPage() {
  const { t, language } = useLanguage();
  useTitle('web.staff.title');
  const [signedIn, setSignedIn] = useState(readSignIn);
  const [board, dispatch] = useReducer(boardReducer, emptyBoard, readBoard);
  const [ringing, setRinging] = useState(false);
  const rung = useRef({ rings: board.rings, urgentRings: board.urgentRings });

  const follow = useEffectEvent((signal: AbortSignal) =>
    subscribeEvents({
      accessToken: ({ rejected }) => accessToken(language, rejected),
      language,
      ...(board.cursor === null ? {} : { since: board.cursor }),
      onEvent: (event, id) => dispatch({ type: 'event', event, id }),
      onState: (connection) => {
        if (!signal.aborted) dispatch({ type: 'connection', connection });
      },
      signal,
    }),
  );
  useEffect(() => {
    if (signedIn === null) return;
    const controller = new AbortController();
    void follow(controller.signal);
    return () => controller.abort();
  }, [signedIn]);

  useEffect(() => {
    writeStored(BOARD_STORED_AS, JSON.stringify({ cards: board.cards, cursor: board.cursor }), 'session');
    const { rings, urgentRings } = board;
    if (ringing && rings > rung.current.rings)
      ring(urgentRings > rung.current.urgentRings ? 'call' : 'order');
    rung.current = { rings, urgentRings };
  }, [board, ringing]);

  if (signedIn === null) {
    return (
      <div className="page page-narrow">
        <h1 className="staff-title">{t('web.staff.title')}</h1>
        <EmptyState icon="access" title={t('web.staff.sign_in')}>
          <p>{t('web.staff.sign_in.body')}</p>
        </EmptyState>
      </div>
    );
  }
  const startRinging = async () => {
    const ready = await readyChime();
    setRinging(ready);
    if (ready) ring('order');
  };
  const leave = () => {
    void signOut(language);
    setSignedIn(null);
  };
  return (
    <div className="page staff">
      <div className="staff-head">
        <h1 className="staff-title">{t('web.staff.title')}</h1>
        <Connection board={board} />
        <Button
          icon="bell"
          aria-pressed={ringing}
          look={ringing ? 'main' : 'plain'}
          onClick={() => {
            if (ringing) return setRinging(false);
            void startRinging();
          }}
        >
          {ringing ? t('web.staff.ring.on') : t('web.staff.ring.off')}
        </Button>
        <Button look="quiet" icon="out" onClick={leave}>
          {t('web.staff.sign_out', { name: signedIn.name })}
        </Button>
      </div>
      {board.missed ? (
        <div className="notice notice-error" role="alert">
          <Icon name="alert" />
          <div>
            <p className="notice-title">{t('web.staff.missed')}</p>
            <Button onClick={() => dispatch({ type: 'missed-seen' })}>{t('web.ok')}</Button>
          </div>
        </div>
      ) : null}
      <Trouble board={board} onRetry={() => setSignedIn(readSignIn())} />
      {board.connection.state === 'connecting' && board.cards.length === 0 ? (
        <Skeleton rows={3} label={t('web.loading')} />
      ) : null}
      {board.connection.state === 'open' && board.cards.length === 0 ? (
        <EmptyState icon="bell" title={t('web.staff.empty')}>
          <p>{t('web.staff.empty.body')}</p>
        </EmptyState>
      ) : null}
      <div role="log" aria-label={t('web.staff.board')} aria-live="polite">
        <ul className="board">
          {board.cards.map((card) => (
            <Ticket
              key={card.id}
              card={card}
              onDone={(done) => dispatch({ type: 'done', id: card.id, done })}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

function Connection({ board }: { readonly board: Board }) {
  const { t } = useLanguage();
  const { state } = board.connection;
  return (
    <output className="staff-connection">
      {state === 'open' ? <Status tone="good">{t('web.staff.live')}</Status> : null}
      {state === 'connecting' ? <Status tone="planned">{t('web.staff.connecting')}</Status> : null}
      {state === 'waiting' ? <Status tone="stand-in">{t('web.staff.waiting')}</Status> : null}
      {state === 'closed' ? <Status tone="bad">{t('web.staff.closed')}</Status> : null}
    </output>
  );
}

function Trouble({ board, onRetry }: { readonly board: Board; readonly onRetry: () => void }) {
  const { t } = useLanguage();
  const { connection } = board;
  if (connection.state === 'waiting') {
    return (
      <ErrorState title={t('web.staff.waiting.title')} onRetry={onRetry}>
        <p>{connection.error.message}</p>
      </ErrorState>
    );
  }
  if (connection.state !== 'closed' || connection.error === null) return null;
  return (
    <ErrorState title={t('web.staff.closed.title')} onRetry={onRetry}>
      <p>{connection.error.message}</p>
      <p>{t('web.staff.sign_in.body')}</p>
      <Link href="/">{t('web.not_found.home')}</Link>
    </ErrorState>
  );
}

function readBoard(empty: Board): Board {
  try {
    const kept = JSON.parse(readStored(BOARD_STORED_AS, 'session') ?? 'null') as Pick<
      Board,
      'cards' | 'cursor'
    > | null;
    return kept === null || !Array.isArray(kept.cards)
      ? empty
      : { ...empty, cards: kept.cards, cursor: kept.cursor };
  } catch {
    return empty;
  }
}
