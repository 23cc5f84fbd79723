import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { Icon, Mark } from '../components/icon.tsx';
import { useLanguage } from '../language/language.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import { useTheme, type Theme } from './theme.ts';

const links = [
  { path: '/', key: 'web.nav.home' },
  { path: '/kiosk', key: 'web.nav.kiosk' },
  { path: '/companion', key: 'web.nav.companion' },
  { path: '/voices', key: 'web.nav.voices' },
  { path: '/staff', key: 'web.nav.staff' },
] as const;

const themes = [
  { theme: 'light', icon: 'sun', key: 'web.theme.light' },
  { theme: 'dark', icon: 'moon', key: 'web.theme.dark' },
  { theme: 'contrast', icon: 'contrast', key: 'web.theme.contrast' },
] as const satisfies readonly { readonly theme: Theme; readonly icon: string; readonly key: string }[];

/** What all pages but the kiosk have around them. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { language, setLanguage, t } = useLanguage();
  const { theme, setTheme } = useTheme();
  const [location] = useLocation();
  return (
    <>
      <a className="skip" href="#main">
        {t('web.skip')}
      </a>
      <header className="header">
        <Link href="/" className="brand" aria-label={t('web.brand.home')}>
          <Mark />
          <span aria-hidden="true">{t('web.brand')}</span>
        </Link>
        <nav aria-label={t('web.nav.label')} className="header-nav">
          {links.map(({ path, key }) => (
            <Link key={path} href={path} aria-current={location === path ? 'page' : undefined}>
              {t(key)}
            </Link>
          ))}
        </nav>
        <div className="header-tools">
          <fieldset className="segments" aria-label={t('web.theme.label')}>
            {themes.map((entry) => (
              <button
                key={entry.theme}
                type="button"
                aria-pressed={theme === entry.theme}
                aria-label={t(entry.key)}
                title={t(entry.key)}
                onClick={() => setTheme(entry.theme)}
              >
                <Icon name={entry.icon} />
              </button>
            ))}
          </fieldset>
          <fieldset className="segments" aria-label={t('web.language.label')}>
            <button
              type="button"
              lang="ko"
              aria-pressed={language === 'ko'}
              onClick={() => setLanguage('ko')}
            >
              한국어
            </button>
            <button
              type="button"
              lang="en"
              aria-pressed={language === 'en'}
              onClick={() => setLanguage('en')}
            >
              English
            </button>
          </fieldset>
        </div>
      </header>
      <OfflineNotice />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer className="footer">
        <p>{t('web.footer')}</p>
        <a href="/docs">{t('web.footer.docs')}</a>
      </footer>
    </>
  );
}
