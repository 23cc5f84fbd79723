import { useId, useState, type FormEvent } from 'react';
import { Button } from '../components/button.tsx';
import { useLanguage } from '../language/language.tsx';

const MOST_CHARACTERS = 1_000;

export interface TypeBoxProps {
  readonly onSay: (text: string) => void;
  readonly disabled: boolean;
}

/** Words for whoever would rather type. */
export function TypeBox({ onSay, disabled }: TypeBoxProps) {
  const { t } = useLanguage();
  const id = useId();
  const [text, setText] = useState('');
  const words = text.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (words === '' || disabled) return;
    onSay(words);
    setText('');
  };
  return (
    <form className="talk-type" onSubmit={send}>
      <label htmlFor={id} className="visually-hidden">
        {t('web.talk.type')}
      </label>
      <input
        id={id}
        value={text}
        maxLength={MOST_CHARACTERS}
        autoComplete="off"
        enterKeyHint="send"
        placeholder={t('web.talk.type.placeholder')}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit" disabled={disabled || words === ''}>
        {t('web.talk.type.send')}
      </Button>
    </form>
  );
}
