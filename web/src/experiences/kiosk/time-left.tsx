import { useLanguage } from '../../language/language.tsx';

export interface TimeLeftProps {
  readonly leftMs: number | null;
  readonly limitMs: number | null;
  /** Said once to screen readers when this much is left; before that only the limit itself is. */
  readonly announceAtMs: number;
}

/** A time limit as a bar and in words; screen readers hear of it at its start and near its end, not every second. */
export function TimeLeft({ leftMs, limitMs, announceAtMs }: TimeLeftProps) {
  const { t } = useLanguage();
  if (leftMs === null || limitMs === null) return null;
  const seconds = Math.ceil(leftMs / 1000);
  const said = leftMs <= announceAtMs ? announceAtMs / 1000 : Math.round(limitMs / 1000);
  return (
    <div className="time-left">
      <div className="time-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${leftMs / limitMs})` }} />
      </div>
      <p aria-hidden="true">{t('web.kiosk.time_left', { seconds })}</p>
      <output className="visually-hidden">{t('web.kiosk.time_left', { seconds: said })}</output>
    </div>
  );
}
