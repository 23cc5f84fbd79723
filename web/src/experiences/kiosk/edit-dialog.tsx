import type { KioskMenu, OrderOptions } from '@malbeot/protocol';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import { Choices } from './choices.tsx';
import { choiceImageOf, chosenIn, groupsOf, nameOf } from './menu-view.ts';
import type { KioskState } from './kiosk-state.ts';
import { choicesPerPage } from './state.ts';
import type { KioskControls } from './kiosk-engine.ts';

export interface EditDialogProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly menu: KioskMenu;
  readonly line: number;
}

/** All options of one line, one group at a time; nothing changes until it is applied. */
export function EditDialog({ state, controls, menu, line }: EditDialogProps) {
  const { t, language } = useLanguage();
  const item = state.order?.items[line];
  const [draft, setDraft] = useState<OrderOptions>(item?.options ?? {});
  const [asked, setAsked] = useState<string | null>(null);
  if (item === undefined) return null;
  const groups = groupsOf(menu, item.item_id, draft);
  const at = Math.max(
    0,
    groups.findIndex(({ id }) => id === asked),
  );
  const current = groups[at];
  const close = () => controls.dispatch({ type: 'close' });
  const known = menu.items.find(({ item_id: id }) => id === item.item_id);
  if (current === undefined) return null;
  const { id, group } = current;
  const chosen = chosenIn(group, draft[id]);
  const press = (choice: string) => {
    if (group.kind === 'one') return setDraft({ ...draft, [id]: choice });
    setDraft({
      ...draft,
      [id]: chosen.includes(choice) ? chosen.filter((other) => other !== choice) : [...chosen, choice],
    });
  };
  const apply = () => {
    // A group that no longer applies (the drink of a set made single) is not sent.
    const kept = Object.fromEntries(
      Object.entries(draft).filter(([key]) => groups.some((entry) => entry.id === key)),
    );
    close();
    controls.act({ type: 'set_options', line, options: kept });
  };
  return (
    <KioskDialog
      state={state}
      controls={controls}
      title={t('web.kiosk.edit.title', { name: known === undefined ? item.name : nameOf(known, language) })}
      className="dialog-options"
      onClose={close}
    >
      <fieldset className="edit-groups" aria-label={t('web.kiosk.edit.groups')}>
        {groups.map((entry) => (
          <button
            key={entry.id}
            type="button"
            aria-pressed={entry.id === id}
            onClick={() => setAsked(entry.id)}
          >
            {nameOf(entry.group, language)}
          </button>
        ))}
      </fieldset>
      <p className="dialog-sub">
        {t(group.kind === 'many' ? 'web.kiosk.edit.many' : 'web.kiosk.edit.one', {
          name: nameOf(group, language),
        })}
      </p>
      <Choices
        key={id}
        label={nameOf(group, language)}
        choices={group.choices.map((choice) => ({
          id: choice.id,
          name: nameOf(choice, language),
          price: choice.price,
          image: choiceImageOf(menu, choice.id, item.item_id),
          available: true,
        }))}
        chosen={chosen}
        perPage={choicesPerPage(state.access)}
        onPress={press}
      />
      <div className="dialog-actions">
        {at < groups.length - 1 ? (
          <Button icon="next" className="button-icon-after" onClick={() => setAsked(groups[at + 1]!.id)}>
            {t('web.kiosk.edit.next', { name: nameOf(groups[at + 1]!.group, language) })}
          </Button>
        ) : null}
        <Button look="main" icon="check" onClick={apply}>
          {t('web.kiosk.edit.apply')}
        </Button>
        <Button look="quiet" onClick={close}>
          {t('web.kiosk.edit.cancel')}
        </Button>
      </div>
    </KioskDialog>
  );
}
