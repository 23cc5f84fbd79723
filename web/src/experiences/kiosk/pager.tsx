import { Button } from '../../components/button.tsx';
import { useLanguage } from '../../language/language.tsx';

export interface PagerProps {
  readonly page: number;
  readonly pages: number;
  readonly onPage: (page: number) => void;
}

/** To the page before and after, with where one is. */
export function Pager({ page, pages, onPage }: PagerProps) {
  const { t } = useLanguage();
  return (
    <fieldset className="pager" aria-label={t('web.kiosk.pages')}>
      <Button icon="back" aria-disabled={page === 0} onClick={() => onPage(Math.max(0, page - 1))}>
        {t('web.kiosk.page.before')}
      </Button>
      <output>{t('web.kiosk.page.of', { page: page + 1, pages })}</output>
      <Button
        icon="next"
        className="button-icon-after"
        aria-disabled={page === pages - 1}
        onClick={() => onPage(Math.min(pages - 1, page + 1))}
      >
        {t('web.kiosk.page.after')}
      </Button>
    </fieldset>
  );
}
