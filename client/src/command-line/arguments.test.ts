import { describe, expect, it } from 'vitest';

import { languageWanted, parseCommandLine, UsageError, type UsageProblem } from './arguments.ts';

function problemOf(...args: readonly string[]): UsageProblem | null {
  try {
    parseCommandLine(args);
    return null;
  } catch (error) {
    if (error instanceof UsageError) return error.problem;
    throw error;
  }
}

describe('parseCommandLine', () => {
  it('takes settings, feeds in their order, and switches', () => {
    const args =
      '--server http://shop --text=one --wav a.wav b.wav --text two --script lines.txt --plain --json --no-voice';
    expect(parseCommandLine(['kiosk', ...args.split(' ')])).toEqual({
      command: 'kiosk',
      settings: { server: 'http://shop' },
      settingsFile: undefined,
      feeds: [
        { kind: 'text', value: 'one' },
        { kind: 'wav', value: 'a.wav' },
        { kind: 'wav', value: 'b.wav' },
        { kind: 'text', value: 'two' },
        { kind: 'script', value: 'lines.txt' },
      ],
      plain: true,
      json: true,
      voice: false,
    });
    expect(parseCommandLine(['send', '--settings', 'my.json', '--text', '콜라'])).toEqual({
      command: 'send',
      settings: {},
      settingsFile: 'my.json',
      feeds: [{ kind: 'text', value: '콜라' }],
    });
    expect(parseCommandLine(['kiosk', '--voice'])).toMatchObject({ voice: true, feeds: [] });
    expect(parseCommandLine(['kiosk'])).toMatchObject({ voice: undefined, plain: false, json: false });
  });

  it('helps wherever help is asked for', () => {
    expect(parseCommandLine(['--help'])).toEqual({ command: 'help', about: null });
    expect(parseCommandLine(['kiosk', '-h'])).toEqual({ command: 'help', about: 'kiosk' });
    expect(parseCommandLine(['help', 'send'])).toEqual({ command: 'help', about: 'send' });
    expect(parseCommandLine(['-v'])).toEqual({ command: 'version' });
  });

  it('says what is wrong', () => {
    expect(problemOf()).toEqual({ kind: 'no-command' });
    expect(problemOf('order')).toEqual({ kind: 'unknown-command', given: 'order' });
    expect(problemOf('kiosk', '--colour')).toEqual({ kind: 'unknown-flag', given: '--colour' });
    expect(problemOf('kiosk', '-x')).toEqual({ kind: 'unknown-flag', given: '-x' });
    expect(problemOf('kiosk', '--server')).toEqual({ kind: 'no-value', given: '--server' });
    expect(problemOf('kiosk', '--server', '--plain')).toEqual({ kind: 'no-value', given: '--server' });
    expect(problemOf('kiosk', '--text=')).toEqual({ kind: 'no-value', given: '--text' });
    expect(problemOf('kiosk', '--plain=yes')).toEqual({ kind: 'needless-value', given: '--plain' });
    expect(problemOf('kiosk', '콜라')).toEqual({ kind: 'unexpected', given: '콜라' });
    expect(problemOf('kiosk', '--voice', '--no-voice')).toMatchObject({ kind: 'both' });
    expect(problemOf('send')).toEqual({ kind: 'nothing-to-send' });
    expect(problemOf('send', '--plain', '--text', 'x')).toEqual({ kind: 'unknown-flag', given: '--plain' });
  });
});

describe('languageWanted', () => {
  it('is what was asked for, else what the machine speaks', () => {
    expect(languageWanted(['kiosk', '--language', 'en'], { LANG: 'ko_KR.UTF-8' })).toBe('en');
    expect(languageWanted(['--language=ko'], { MALBEOT_LANGUAGE: 'en' })).toBe('ko');
    expect(languageWanted([], { MALBEOT_LANGUAGE: 'en', LANG: 'ko_KR.UTF-8' })).toBe('en');
    expect(languageWanted([], { LANG: 'en_GB.UTF-8' })).toBe('en');
    expect(languageWanted([], { LANG: 'ko' })).toBe('ko');
    expect(languageWanted([], { LC_ALL: 'en_US', LANG: 'ko_KR' })).toBe('en');
    expect(languageWanted([], { LANG: 'C.UTF-8' })).toBeUndefined();
    expect(languageWanted([], { LC_ALL: '', LANG: 'fr_FR' })).toBeUndefined();
  });
});
