import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LanguageProvider, useLanguage } from '../language/language.tsx';
import { ErrorBoundary } from '../shell/error-boundary.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorState } from './states.tsx';

beforeEach(() => {
  // jsdom knows the element but not what opens and closes it.
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
    this.open = false;
  };
});
afterEach(() => {
  cleanup();
  localStorage.clear();
  vi.restoreAllMocks();
});

describe('Dialog', () => {
  it('takes the focus to its title and gives it back', () => {
    const view = (open: boolean) => (
      <>
        <button type="button">opener</button>
        {open ? <Dialog title="제목">내용</Dialog> : null}
      </>
    );
    const { rerender } = render(view(false));
    screen.getByText('opener').focus();
    rerender(view(true));
    expect(document.activeElement?.textContent).toBe('제목');
    expect(screen.getByRole('dialog', { name: '제목' })).toBeTruthy();
    rerender(view(false));
    expect(document.activeElement?.textContent).toBe('opener');
  });

  it('asks to be closed on Escape, and never closes by itself', () => {
    const onClose = vi.fn<() => void>();
    render(
      <Dialog title="제목" onClose={onClose}>
        내용
      </Dialog>,
    );
    const cancel = new Event('cancel', { cancelable: true });
    fireEvent(screen.getByRole('dialog'), cancel);
    expect(onClose).toHaveBeenCalledTimes(1);
    expect(cancel.defaultPrevented).toBe(true);
  });
});

describe('language', () => {
  function Switch() {
    const { t, setLanguage } = useLanguage();
    return (
      <ErrorState title={t('web.server.failed')} onRetry={() => setLanguage('en')}>
        x
      </ErrorState>
    );
  }

  it('is Korean first, changes every word and the document, and is kept', () => {
    const { unmount } = render(<Switch />, { wrapper: LanguageProvider });
    expect(document.documentElement.lang).toBe('ko');
    fireEvent.click(screen.getByRole('button', { name: '다시 시도하기' }));
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
    expect(document.documentElement.lang).toBe('en');
    unmount();
    render(<Switch />, { wrapper: LanguageProvider });
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy();
  });
});

describe('ErrorBoundary', () => {
  it('says what happened in place of a blank page', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const Broken = () => {
      throw new Error('broken');
    };
    render(
      <ErrorBoundary>
        <Broken />
      </ErrorBoundary>,
    );
    expect(screen.getByRole('alert').textContent).toContain('화면에 문제가 생겼어요');
  });
});
