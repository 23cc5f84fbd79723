import type { KioskMenu, ShowOptionsData } from '@malbeot/protocol';
import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';
import { KioskDialog } from './kiosk-dialog.tsx';
import { AccessDialog } from './access-dialog.tsx';
import { Choices } from './choices.tsx';
import { ConfirmationDialog } from './confirmation-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { choiceImageOf } from './menu-view.ts';
import { PaymentDialog } from './payment-dialog.tsx';
import { SayInstead } from './say-instead.tsx';
import type { KioskState } from './kiosk-state.ts';
import { choicesPerPage } from './state.ts';
import type { KioskControls } from './kiosk-engine.ts';

export interface DialogsProps {
  readonly state: KioskState;
  readonly controls: KioskControls;
  readonly menu: KioskMenu | null;
}

/** The one dialog that is open, if any. */
export function Dialogs({ state, controls, menu }: DialogsProps) {
  const { t } = useLanguage();
  const { dialog } = state;
  const close = () => controls.dispatch({ type: 'close' });
  switch (dialog?.type) {
    case undefined:
      return null;
    case 'options':
      return (
        <OptionsDialog
          key={`${dialog.data.line} ${dialog.data.group_id} ${dialog.turn}`}
          turn={dialog.turn}
          data={dialog.data}
          state={state}
          controls={controls}
          menu={menu}
        />
      );
    case 'confirmation':
      return <ConfirmationDialog key={dialog.turn} state={state} controls={controls} dialog={dialog} />;
    case 'payment':
      return <PaymentDialog key={dialog.turn} state={state} controls={controls} dialog={dialog} />;
    case 'edit':
      return menu === null ? null : (
        <EditDialog state={state} controls={controls} menu={menu} line={dialog.line} />
      );
    case 'access':
      return <AccessDialog state={state} controls={controls} />;
    case 'start-over':
      return (
        <KioskDialog
          title={t('web.kiosk.start_over.title')}
          role="alertdialog"
          onClose={close}
          state={state}
          controls={controls}
        >
          <p>{t('web.kiosk.start_over.body')}</p>
          <div className="dialog-actions">
            <Button look="danger" icon="restart" data-choice="1" onClick={controls.leave}>
              {t('web.kiosk.start_over.yes')}
            </Button>
            <Button look="main" data-choice="2" onClick={close}>
              {t('web.kiosk.start_over.no')}
            </Button>
          </div>
        </KioskDialog>
      );
  }
}

/** A question of the server about one line. One answer is sent at once; several are gathered first. */
function OptionsDialog({
  data,
  turn,
  state,
  controls,
  menu,
}: DialogsProps & { readonly data: ShowOptionsData; readonly turn: number }) {
  const { t } = useLanguage();
  const [chosen, setChosen] = useState(data.selected);
  const send = (choice: string | readonly string[]) =>
    controls.act({ type: 'set_options', line: data.line, options: { [data.group_id]: choice } });
  const press = (id: string) => {
    if (data.kind === 'one') return send(id);
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  };
  return (
    <KioskDialog
      state={state}
      controls={controls}
      turn={turn}
      title={data.question}
      className="dialog-options"
      onClose={() => controls.dispatch({ type: 'close' })}
    >
      <p className="dialog-sub">
        {data.item_name} · {data.group_name}
        {data.remaining > 1 ? ` · ${t('web.kiosk.options.remaining', { count: data.remaining })}` : ''}
      </p>
      <Choices
        label={data.group_name}
        choices={data.options.map((option) => ({
          id: option.option_id,
          name: option.display_text,
          price: option.price,
          image: choiceImageOf(menu, option.option_id, data.item_id, option.image_url),
          available: option.available,
        }))}
        chosen={chosen}
        perPage={choicesPerPage(state.access)}
        onPress={press}
      />
      <div className="dialog-actions">
        {data.kind === 'many' ? (
          <Button look="main" onClick={() => send(chosen)}>
            {t('web.kiosk.options.done')}
          </Button>
        ) : null}
        <Button onClick={() => controls.dispatch({ type: 'close' })}>
          {t(data.required ? 'web.kiosk.options.later' : 'web.kiosk.options.keep')}
        </Button>
        <SayInstead state={state} controls={controls} />
      </div>
    </KioskDialog>
  );
}
