import { Component, type ReactNode } from 'react';
import { formatWebMessage } from '@malbeot/protocol/messages';
import { readStored } from '../storage.ts';

interface Props {
  readonly children: ReactNode;
}

/** The last net: a page that failed says so and offers to load again, in place of a blank screen. */
export class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const language = readStored('malbeot.language') === 'en' ? 'en' : 'ko';
    return (
      <main className="page page-narrow">
        <div className="notice notice-error" role="alert">
          <div>
            <h1 className="notice-title">{formatWebMessage(language, 'web.crash.title')}</h1>
            <p className="notice-body">{formatWebMessage(language, 'web.crash.body')}</p>
            <button type="button" className="button button-main" onClick={() => globalThis.location.reload()}>
              {formatWebMessage(language, 'web.crash.reload')}
            </button>
          </div>
        </div>
      </main>
    );
  }
}
