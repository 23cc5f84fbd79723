import { useState } from 'react';
import { useLanguage } from '../../language/language.tsx';
import { pageOf } from './menu-view.ts';
import { Pager } from './pager.tsx';

export interface Choice {
  readonly id: string;
  readonly name: string;
  /** Added to the price, in won. */
  readonly price: number;
  readonly image: string;
  readonly available: boolean;
}

export interface ChoicesProps {
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly chosen: readonly string[];
  readonly perPage: number;
  readonly onPress: (id: string) => void;
}

/** Pictures to press, numbered for the keypad; a few at a time. */
export function Choices({ label, choices, chosen, perPage, onPress }: ChoicesProps) {
  const { t } = useLanguage();
  const [asked, setPage] = useState(0);
  const { shown, page, pages } = pageOf(choices, asked, perPage);
  return (
    <>
      <ul className="choices" aria-label={label} data-count={shown.length}>
        {shown.map((choice, index) => (
          <li key={choice.id}>
            <button
              type="button"
              className="choice"
              data-choice={index + 1}
              aria-pressed={chosen.includes(choice.id)}
              disabled={!choice.available}
              onClick={() => onPress(choice.id)}
            >
              <img src={choice.image} alt="" width="72" height="72" />
              <span className="choice-name">{choice.name}</span>
              <span className="choice-price">
                {choice.available
                  ? choice.price === 0
                    ? ''
                    : t('web.kiosk.plus_won', { amount: choice.price })
                  : t('web.kiosk.sold_out')}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {pages > 1 ? <Pager page={page} pages={pages} onPage={setPage} /> : null}
    </>
  );
}
