import { useSyncExternalStore } from 'react';
import { Icon } from '../components/icon.tsx';
import { useLanguage } from '../language/language.tsx';

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener('online', listener);
  globalThis.addEventListener('offline', listener);
  return () => {
    globalThis.removeEventListener('online', listener);
    globalThis.removeEventListener('offline', listener);
  };
}

/** Says that the network is gone, as long as it is. A page of this machine itself goes on and needs no such word. */
export function OfflineNotice() {
  const { t } = useLanguage();
  const online = useSyncExternalStore(subscribe, () => globalThis.navigator.onLine);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(globalThis.location.hostname);
  return (
    <output>
      {online || loopback ? null : (
        <p className="offline">
          <Icon name="offline" />
          {t('web.offline')}
        </p>
      )}
    </output>
  );
}
