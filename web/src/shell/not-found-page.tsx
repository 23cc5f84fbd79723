import { Link } from 'wouter';
import { Mark } from '../components/icon.tsx';
import { useLanguage, useTitle } from '../language/language.tsx';

export function NotFoundPage() {
  const { t } = useLanguage();
  useTitle('web.not_found.title');
  return (
    <div className="page page-narrow centred">
      <Mark />
      <h1>{t('web.not_found.title')}</h1>
      <p>{t('web.not_found.body')}</p>
      <Link href="/" className="button button-main">
        {t('web.not_found.home')}
      </Link>
    </div>
  );
}
