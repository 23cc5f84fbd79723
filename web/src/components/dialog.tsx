import { useEffect, useId, useRef, type ReactNode } from 'react';

export interface DialogProps {
  readonly title: string;
  /** Called by Escape; absent: only an answer closes it. */
  readonly onClose?: () => void;
  /** `alertdialog` for what interrupts a person. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly className?: string;
  /** What led to it, above the title. */
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A modal `<dialog>`, open as long as it is rendered. The browser keeps the focus inside and gives it back afterwards;
 * the title takes it first, so that a screen reader says what was opened before what can be pressed.
 */
export function Dialog({ title, onClose, role = 'dialog', className = '', lead, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const before = document.activeElement;
    if (!element.open) element.showModal();
    heading.current?.focus();
    return () => {
      element.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className={`dialog ${className}`}
      role={role}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      {lead}
      <h2 id={titleId} ref={heading} tabIndex={-1} className="dialog-title">
        {title}
      </h2>
      {children}
    </dialog>
  );
}
