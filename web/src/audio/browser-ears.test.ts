import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBrowserEars, hasBrowserEars, type BrowserEarsState } from './browser-ears.ts';

/** A recogniser that says what it is told to. */
class FakeRecognition extends EventTarget {
  static readonly all: FakeRecognition[] = [];
  lang = '';
  continuous = false;
  interimResults = true;
  started = 0;
  ended = false;
  constructor() {
    super();
    FakeRecognition.all.push(this);
  }
  start() {
    this.started += 1;
    this.dispatchEvent(new Event('start'));
  }
  stop() {
    this.end();
  }
  abort() {
    this.end();
  }
  end() {
    this.ended = true;
    this.dispatchEvent(new Event('end'));
  }
  hear(transcript: string, confidence: number, isFinal = true) {
    const results = [Object.assign([{ transcript, confidence }], { isFinal })];
    this.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results }));
  }
  hearAll(...sentences: readonly string[]) {
    const results = sentences.map((transcript) =>
      Object.assign([{ transcript, confidence: 0.9 }], { isFinal: true }),
    );
    this.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results }));
  }
  fail(error: string) {
    this.dispatchEvent(Object.assign(new Event('error'), { error }));
    this.end();
  }
}

const scope = globalThis as { SpeechRecognition?: unknown };
const last = () => FakeRecognition.all.at(-1)!;

function open() {
  const said: [string, number | null][] = [];
  const states: BrowserEarsState[] = [];
  const errors: string[] = [];
  const ears = createBrowserEars({
    language: () => 'ko-KR',
    onText: (text, confidence) => said.push([text, confidence]),
    onState: (state) => states.push(state),
    onError: ({ kind }) => errors.push(kind),
  });
  return { ears, said, states, errors };
}

describe('the ears of the browser', () => {
  beforeEach(() => {
    FakeRecognition.all.length = 0;
    scope.SpeechRecognition = FakeRecognition;
  });
  afterEach(() => {
    delete scope.SpeechRecognition;
  });

  it('are not there in a browser without a recogniser', () => {
    delete scope.SpeechRecognition;
    expect(hasBrowserEars()).toBe(false);
    expect(open).toThrow(/no recogniser/);
  });

  it('give what was said once it is sure, and nothing of what still changes', () => {
    const { ears, said } = open();
    ears.listen();
    expect(last().lang).toBe('ko-KR');
    last().hear('콜라', 0.4, false);
    last().hear(' 콜라 두 개 ', 0.9);
    last().hear('주세요', 0);
    expect(said).toEqual([
      ['콜라 두 개', 0.9],
      ['주세요', null],
    ]);
  });

  it('go on when the browser ends by itself, until they are stopped', () => {
    const { ears, states } = open();
    ears.listen();
    last().end();
    expect(FakeRecognition.all).toHaveLength(2);
    expect(last().started).toBe(1);
    ears.stop();
    expect(FakeRecognition.all).toHaveLength(2);
    expect(states.at(-1)).toBe('closed');
  });

  it('hear nothing while they are deaf, and listen again afterwards', () => {
    const { ears, said } = open();
    ears.listen();
    const first = last();
    ears.deaf = true;
    expect(first.ended).toBe(true);
    first.hear('우리 목소리', 0.9);
    ears.deaf = false;
    expect(last()).not.toBe(first);
    last().hear('손님 목소리', 0.9);
    expect(said).toEqual([['손님 목소리', 0.9]]);
  });

  it.each([
    ['not-allowed', 'permission-refused'],
    ['audio-capture', 'no-microphone'],
    ['network', 'unsupported'],
  ])('say %s as %s and do not try again', (error, kind) => {
    const { ears, errors } = open();
    ears.listen();
    last().fail(error);
    expect(errors).toEqual([kind]);
    expect(FakeRecognition.all).toHaveLength(1);
    expect(ears.state).toBe('closed');
  });

  it('take silence for no trouble', () => {
    const { ears, errors } = open();
    ears.listen();
    last().fail('no-speech');
    expect(errors).toEqual([]);
    expect(ears.state).toBe('listening');
  });

  it('give up on a browser that ends as soon as it begins, and try again when asked', () => {
    const { ears, errors } = open();
    ears.listen();
    for (let tries = 0; tries < 20 && ears.state !== 'closed'; tries++) last().fail('aborted');
    expect(errors).toEqual(['device-busy']);
    expect(FakeRecognition.all.length).toBeLessThan(10);
    ears.listen();
    expect(ears.state).toBe('listening');
    // One that ends after each sentence is a browser like any other.
    for (let sentence = 0; sentence < 20; sentence++) {
      last().hear('네', 0.9);
      last().end();
    }
    expect(ears.state).toBe('listening');
    expect(errors).toHaveLength(1);
  });

  it('give one sentence only to whoever drops the rest', () => {
    const said: string[] = [];
    const ears = createBrowserEars({
      language: () => 'ko-KR',
      onText: (text) => {
        said.push(text);
        ears.cancel();
      },
    });
    ears.listen();
    last().hearAll('콜라 하나', '사이다 하나');
    expect(said).toEqual(['콜라 하나']);
  });
});
