import type { ReactNode } from 'react';
import { useLanguage } from '../language/language.tsx';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Grey shapes where something will be; says so to screen readers once. */
export function Skeleton({ rows = 3, label }: { readonly rows?: number; readonly label: string }) {
  return (
    <output className="skeleton">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="skeleton-row" aria-hidden="true" />
      ))}
    </output>
  );
}

export interface NoticeProps {
  readonly icon?: IconName;
  readonly title: string;
  /** What to do about it, or what will be here. */
  readonly children?: ReactNode;
}

/** Nothing is here yet, and why. */
export function EmptyState({ icon = 'clock', title, children }: NoticeProps) {
  return (
    <div className="notice notice-empty">
      <Icon name={icon} />
      <div>
        <p className="notice-title">{title}</p>
        <div className="notice-body">{children}</div>
      </div>
    </div>
  );
}

/** Something failed; always with what to do. */
export function ErrorState({ title, children, onRetry }: NoticeProps & { readonly onRetry?: () => void }) {
  const { t } = useLanguage();
  return (
    <div className="notice notice-error" role="alert">
      <Icon name="alert" />
      <div>
        <p className="notice-title">{title}</p>
        <div className="notice-body">{children}</div>
        {onRetry === undefined ? null : (
          <Button icon="repeat" onClick={onRetry}>
            {t('web.retry')}
          </Button>
        )}
      </div>
    </div>
  );
}

export type StatusTone = 'good' | 'stand-in' | 'bad' | 'planned';

/** A word on how something stands, told by shape and word, not by colour alone. */
export function Status({ tone, children }: { readonly tone: StatusTone; readonly children: ReactNode }) {
  return <span className={`status status-${tone}`}>{children}</span>;
}
