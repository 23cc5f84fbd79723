import { useEffect, useId, useRef, useState } from 'react';
import { Icon, Mark } from '../components/icon.tsx';
import { useLanguage } from '../language/language.tsx';
import { heardLength, type Caption, type ReplyCaption, type UserCaption } from './talk-state.ts';
import { TurnTimingsTable } from './turn-timings.tsx';
import './talk-captions.css';

export interface TalkCaptionsProps {
  readonly captions: readonly Caption[];
  /** True where replies sound: a screen reader then leaves them to the voice. */
  readonly isSpoken: boolean;
  /** Of a reply that has no words yet. */
  readonly isThinking: boolean;
}

/** Everything heard and said, in letters. The newest is kept in view unless the reader has scrolled away. */
export function TalkCaptions({ captions, isSpoken, isThinking }: TalkCaptionsProps) {
  const { t } = useLanguage();
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { scrollHeight } = document.documentElement;
    const isNear = scrollHeight - globalThis.scrollY - globalThis.innerHeight < globalThis.innerHeight / 2;
    if (captions.length > 0 && isNear) end.current?.scrollIntoView({ block: 'end' });
  }, [captions]);
  return (
    <section
      className="talk-captions"
      role="log"
      aria-live={isSpoken ? 'off' : 'polite'}
      aria-label={t('web.talk.captions')}
    >
      <ol>
        {captions.map((caption) =>
          caption.by === 'user' ? (
            <UserLine key={caption.id} caption={caption} />
          ) : (
            <ReplyLine key={caption.id} caption={caption} />
          ),
        )}
      </ol>
      {isThinking ? (
        <p className="talk-thinking">
          <span className="visually-hidden">{t('web.talk.phase.thinking')}</span>
        </p>
      ) : null}
      <div ref={end} className="talk-end" />
    </section>
  );
}

function UserLine({ caption: { text, stable, kind, isFinal } }: { readonly caption: UserCaption }) {
  const { t } = useLanguage();
  return (
    <li className={`talk-user talk-user-${kind}`} data-final={isFinal}>
      <span className="visually-hidden">{t('web.talk.you')}: </span>
      <p>
        {text.slice(0, stable)}
        {stable < text.length ? <span className="talk-open">{text.slice(stable)}</span> : null}
      </p>
    </li>
  );
}

function ReplyLine({ caption }: { readonly caption: ReplyCaption }) {
  const { t } = useLanguage();
  const [isOpen, setIsOpen] = useState(false);
  const timingsId = useId();
  const { text, stoppedAt, timings, providers } = caption;
  const heard = heardLength(caption) ?? text.length;
  const rest = text.slice(heard);
  const words = rest.trimStart();
  return (
    <li className="talk-reply" data-whole={caption.isWhole}>
      <Mark />
      <div>
        <span className="visually-hidden">{t('web.talk.it')}: </span>
        <p>
          {text.slice(0, heard)}
          {rest.slice(0, rest.length - words.length)}
          {words === '' ? null : stoppedAt === null ? (
            <span className="talk-open">{words}</span>
          ) : (
            <s className="talk-unsaid">{words}</s>
          )}
        </p>
        <div className="talk-notes">
          {stoppedAt === null ? null : <span className="talk-stopped">{t('web.talk.stopped')}</span>}
          {timings === null ? null : (
            <button
              type="button"
              className="talk-timings-toggle"
              aria-expanded={isOpen}
              aria-controls={timingsId}
              onClick={() => setIsOpen(!isOpen)}
            >
              <Icon name="clock" />
              {t('web.talk.timings.show')}
            </button>
          )}
        </div>
        <div id={timingsId}>
          {isOpen && timings !== null ? <TurnTimingsTable timings={timings} providers={providers} /> : null}
        </div>
      </div>
    </li>
  );
}
