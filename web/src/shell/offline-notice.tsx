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

export interface OfflineNoticeProps {
  /** True when the page itself could not reach the server; it then has an order to keep. */
  readonly lost?: boolean;
}

/** Says that the network is gone, as long as it is. A page of this machine itself goes on and needs no such word. */
export function OfflineNotice({ lost = false }: OfflineNoticeProps) {
  const { t } = useLanguage();
  const online = useSyncExternalStore(subscribe, () => globalThis.navigator.onLine);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(globalThis.location.hostname);
  const offline = !online && !loopback;
  return (
    <output>
      {lost || offline ? (
        <p className="offline">
          <Icon name="offline" />
          {t(lost ? 'web.kiosk.connection.lost' : 'web.offline')}
        </p>
      ) : null}
    </output>
  );
}
