import type { Page } from 'playwright-core';

/** What the init script leaves on the page. */
interface FakeRecogniser {
  /** The language that whoever listens asked for; null while nobody listens. */
  listening(): string | null;
  /** Hears a whole sentence. */
  hear(text: string, confidence: number): void;
  fail(error: string): void;
}

declare global {
  // Only `var` makes a property of the global object.
  var fakeRecogniser: FakeRecogniser;
}

/** Gives the page a speech recogniser that understands what the test says. Call it before the page is opened. */
export async function replaceRecogniser(page: Page): Promise<void> {
  await page.addInitScript(installRecogniser);
}

/** The language that the page listens for; null while it does not listen. */
export function recogniserListens(page: Page): Promise<string | null> {
  return page.evaluate(() => globalThis.fakeRecogniser.listening());
}

/** Makes the recogniser understand `text`. */
export async function recognise(page: Page, text: string): Promise<void> {
  await page.evaluate((said) => globalThis.fakeRecogniser.hear(said, 0.9), text);
}

/** Makes the recogniser fail as browsers tell it: `not-allowed`, `network`. */
export async function failRecogniser(page: Page, error: string): Promise<void> {
  await page.evaluate((kind) => globalThis.fakeRecogniser.fail(kind), error);
}

/** Runs in the page: it may use nothing from this module. */
function installRecogniser(): void {
  let current: Recogniser | null = null;

  class Recogniser extends EventTarget {
    lang = '';
    continuous = false;
    interimResults = false;
    start() {
      if (current !== null) throw new DOMException('Another one listens.', 'InvalidStateError');
      // oxlint-disable-next-line typescript/no-this-alias -- the page has one recogniser at a time
      current = this;
      setTimeout(() => this.dispatchEvent(new Event('start')));
    }
    stop() {
      this.abort();
    }
    abort() {
      if (current !== this) return;
      current = null;
      setTimeout(() => this.dispatchEvent(new Event('end')));
    }
  }

  globalThis.fakeRecogniser = {
    listening: () => current?.lang ?? null,
    hear(transcript, confidence) {
      const heard = current;
      if (heard === null) throw new Error('Nobody listens.');
      heard.dispatchEvent(new Event('speechstart'));
      const results = [Object.assign([{ transcript, confidence }], { isFinal: true })];
      heard.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results }));
    },
    fail(error) {
      const failed = current;
      failed?.dispatchEvent(Object.assign(new Event('error'), { error }));
      failed?.abort();
    },
  };
  Object.assign(globalThis, { SpeechRecognition: Recogniser, webkitSpeechRecognition: Recogniser });
}
