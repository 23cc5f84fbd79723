import { lazy, Suspense, useEffect, useRef } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { Skeleton } from './components/states.tsx';
import { LanguageProvider, useLanguage } from './language/language.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

const HomePage = lazy(async () => ({ default: (await import('./home/home-page.tsx')).HomePage }));
const KioskPage = lazy(async () => ({
  default: (await import('./experiences/kiosk/kiosk-page.tsx')).KioskPage,
}));
const CompanionPage = lazy(async () => ({
  default: (await import('./experiences/companion/companion-page.tsx')).CompanionPage,
}));
const StaffPage = lazy(async () => ({ default: (await import('./staff/staff-page.tsx')).StaffPage }));
const SignInPage = lazy(async () => ({ default: (await import('./staff/sign-in-page.tsx')).SignInPage }));

const VoicesPage = lazy(async () => ({
  default: (await import('./voices/voices-page.tsx')).VoicesPage,
}));

/** Every page by its path; the kiosk fills the screen, the others sit in the shell. */
export function App() {
  return (
    <LanguageProvider>
      <ErrorBoundary>
        <ScrollToTop />
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/kiosk">
              <KioskPage />
            </Route>
            <Route>
              <Shell>
                <Suspense fallback={<Loading />}>
                  <Switch>
                    <Route path="/">
                      <HomePage />
                    </Route>
                    <Route path="/companion">
                      <CompanionPage />
                    </Route>
                    <Route path="/voices">
                      <VoicesPage />
                    </Route>
                    <Route path="/staff">
                      <StaffPage />
                    </Route>
                    <Route path="/sign-in">
                      <SignInPage />
                    </Route>
                    <Route>
                      <NotFoundPage />
                    </Route>
                  </Switch>
                </Suspense>
              </Shell>
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </LanguageProvider>
  );
}

function Loading() {
  const { t } = useLanguage();
  return (
    <div className="page">
      <Skeleton rows={4} label={t('web.loading')} />
    </div>
  );
}

function ScrollToTop() {
  const [location] = useLocation();
  const shown = useRef(location);
  useEffect(() => {
    if (shown.current === location) return;
    shown.current = location;
    globalThis.scrollTo({ top: 0 });
  }, [location]);
  return null;
}
