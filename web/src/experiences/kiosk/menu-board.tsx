import type { KioskMenu } from '@malbeot/protocol';
import { Button } from '../../components/button.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../components/states.tsx';
import type { Loaded } from '../../components/use-load.ts';
import { useLanguage } from '../../language/language.tsx';
import { nameOf, pageOf, tilesOf, tilesOfShelf, type Tile } from './menu-view.ts';
import { Pager } from './pager.tsx';
import type { KioskState } from './kiosk-state.ts';
import { choicesPerPage } from './state.ts';
import type { KioskControls } from './kiosk-engine.ts';

export interface MenuBoardProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly menu: Loaded<KioskMenu>;
  readonly onRetry: () => void;
}

/** Category tabs, and one page of what can be ordered or what the server offers. */
export function MenuBoard({ state, controls, menu, onRetry }: MenuBoardProps) {
  const { t } = useLanguage();
  return (
    <section className="menu" aria-label={t('web.kiosk.menu')}>
      {menu.state === 'loading' ? <Skeleton rows={5} label={t('web.loading')} /> : null}
      {menu.state === 'failed' ? (
        <ErrorState title={t('web.kiosk.menu.failed')} onRetry={onRetry}>
          <p>{menu.error.message}</p>
        </ErrorState>
      ) : null}
      {menu.state === 'ready' ? <Board state={state} controls={controls} menu={menu.value} /> : null}
    </section>
  );
}

function Board({
  state,
  controls,
  menu,
}: {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly menu: KioskMenu;
}) {
  const { t, language } = useLanguage();
  const { dispatch, act } = controls;
  const { shelf } = state;
  const category = state.category ?? menu.categories[0]?.id ?? '';
  const tiles =
    shelf === null ? tilesOf(menu, category, language) : tilesOfShelf(menu, shelf.options, shelf.kind);
  const { shown, page, pages } = pageOf(tiles, state.page, choicesPerPage(state.access));
  const press = (tile: Tile) => {
    if (tile.price === null) return dispatch({ type: 'browse', category: tile.id });
    // Also for what is sold out: the server answers with what is near to it.
    act({ type: 'add', item_id: tile.id });
  };
  return (
    <>
      <fieldset className="tabs" aria-label={t('web.kiosk.categories')}>
        {menu.categories.map((entry) => (
          <button
            key={entry.id}
            type="button"
            className={`tab tab-${entry.id}`}
            aria-pressed={shelf === null && entry.id === category}
            onClick={() => dispatch({ type: 'browse', category: entry.id })}
          >
            {nameOf(entry, language)}
          </button>
        ))}
      </fieldset>
      {shelf === null ? null : (
        <div className="shelf-head">
          <h2>{shelf.title}</h2>
          <Button icon="back" look="quiet" onClick={() => dispatch({ type: 'browse', category })}>
            {t('web.kiosk.menu.all')}
          </Button>
        </div>
      )}
      {tiles.length === 0 ? (
        <EmptyState title={t('web.kiosk.menu.empty')}>{t('web.kiosk.menu.empty.body')}</EmptyState>
      ) : (
        <ul className="tiles" data-count={shown.length}>
          {shown.map((tile, index) => (
            <li key={tile.id}>
              <MenuTile tile={tile} number={index + 1} onPress={() => press(tile)} />
            </li>
          ))}
        </ul>
      )}
      {pages > 1 ? (
        <Pager page={page} pages={pages} onPage={(next) => dispatch({ type: 'page', page: next })} />
      ) : null}
    </>
  );
}

function MenuTile({
  tile,
  number,
  onPress,
}: {
  readonly tile: Tile;
  readonly number: number;
  readonly onPress: () => void;
}) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      className={`tile tile-${tile.category}${tile.available ? '' : ' tile-sold-out'}`}
      data-choice={number}
      onClick={onPress}
    >
      <span className="tile-plate">
        <img src={tile.image} alt="" loading="lazy" />
        {tile.available ? null : <span className="tile-sold">{t('web.kiosk.sold_out')}</span>}
      </span>
      <span className="tile-text">
        <span className="tile-name">{tile.name}</span>
        {tile.price === null ? null : (
          <span className="tile-price">{t('web.kiosk.won', { amount: tile.price })}</span>
        )}
      </span>
      {tile.popular || tile.spicy ? (
        <span className="tile-marks">
          {tile.popular ? <span className="mark-popular">{t('web.kiosk.popular')}</span> : null}
          {tile.spicy ? <span className="mark-spicy">{t('web.kiosk.spicy')}</span> : null}
        </span>
      ) : null}
    </button>
  );
}
