import { useState, type FormEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { Mark } from '../../components/icon.tsx';
import { useLanguage } from '../../language/language.tsx';
import { hasDeviceKey, type KioskControls } from './kiosk-engine.ts';

/** For the shop, once: this device is not known to the server yet. */
export function SetupScreen({ controls }: { readonly controls: KioskControls }) {
  const { t } = useLanguage();
  const [deviceKey, setDeviceKey] = useState('');
  const refused = hasDeviceKey();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (deviceKey.trim() !== '') controls.giveDeviceKey(deviceKey.trim());
  };
  return (
    <main id="choices" tabIndex={-1} className="setup">
      <Mark />
      <h1>{t('web.setup.title')}</h1>
      <p>{t('web.setup.body')}</p>
      {refused ? (
        <p className="setup-refused" role="alert">
          {t('web.setup.refused')}
        </p>
      ) : null}
      <pre className="setup-command">npm run malbeot -- keys create --device --kiosk front --name front</pre>
      <form onSubmit={submit} className="setup-form">
        <label>
          {t('web.setup.key')}
          <input
            type="password"
            required
            autoComplete="off"
            value={deviceKey}
            onChange={(event) => setDeviceKey(event.target.value)}
          />
        </label>
        <Button type="submit" look="main">
          {t('web.setup.save')}
        </Button>
      </form>
    </main>
  );
}
