import { useId, useState, type FormEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import type { KioskControls } from './kiosk-engine.ts';

export interface TypeInsteadProps {
  readonly controls: KioskControls;
  /** What could be written. */
  readonly example?: string;
}

/** Words that are typed do what the same words do when they are spoken. */
export function TypeInstead({ controls, example }: TypeInsteadProps) {
  const { t } = useLanguage();
  const [text, setText] = useState('');
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = text.trim();
    if (said === '') return;
    controls.say(said);
    setText('');
  };
  return (
    <form className="type-instead" onSubmit={submit}>
      <label htmlFor={id}>{t('web.kiosk.type.label')}</label>
      <input
        id={id}
        type="text"
        autoComplete="off"
        enterKeyHint="send"
        maxLength={300}
        placeholder={example}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" look="main">
        {t('web.kiosk.type.send')}
      </Button>
    </form>
  );
}
