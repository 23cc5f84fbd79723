import type { Language } from '@malbeot/protocol';

import { settingNames, settingTable } from '../node/setting-table.ts';
import { widthOf } from '../terminal/text-width.ts';
import type { UsageProblem } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';

type Both = Readonly<Record<Language, string>>;
type Row = readonly [name: string, meaning: Both];

const titles = {
  usage: { ko: '쓰는 법', en: 'Usage' },
  commands: { ko: '명령', en: 'Commands' },
  feeding: { ko: '들려주기 (적은 순서대로)', en: 'What it is told (in the order given)' },
  options: { ko: '옵션', en: 'Options' },
  settings: {
    ko: '설정 (malbeot-client.json, 환경 변수보다 앞서요)',
    en: 'Settings (they win over the environment and malbeot-client.json)',
  },
  exits: { ko: '끝낼 때의 값', en: 'Exit codes' },
  examples: { ko: '예', en: 'Examples' },
} as const satisfies Readonly<Record<string, Both>>;

const commands: readonly Row[] = [
  ['kiosk', { ko: '터미널에서 주문해요', en: 'orders in the terminal' }],
  ['send', { ko: '한 번 보내고 대답을 JSON으로 적어요', en: 'sends once and prints the answer as JSON' }],
  ['help [kiosk|send]', { ko: '도움말', en: 'help' }],
];

const feeding: readonly Row[] = [
  ['--text "..."', { ko: '글로 말해요. 여러 번 쓸 수 있어요', en: 'says this; may be given more than once' }],
  ['--wav FILE...', { ko: '녹음 파일이나 폴더를 들려줘요', en: 'plays it recordings, or a folder of them' }],
];

const scriptRow: Row = [
  '--script FILE',
  {
    ko: '적어 둔 줄을 차례로 입력해요. 빈 줄과 #으로 시작하는 줄은 건너뛰어요',
    en: 'types the lines of a file; empty ones and those that begin with # are skipped',
  },
];

const kioskOptions: readonly Row[] = [
  [
    '--plain',
    {
      ko: '화면을 그리지 않고 한 줄씩 적어요 (화면 낭독기, 파이프)',
      en: 'plain lines, no drawing (screen readers, pipes)',
    },
  ],
  [
    '--json',
    {
      ko: '서버의 대답을 한 줄에 하나씩 JSON으로 적어요',
      en: 'prints each answer of the server as a line of JSON',
    },
  ],
  [
    '--voice, --no-voice',
    {
      ko: '대답을 소리로 들려줘요 (기본: 터미널이면 켜짐)',
      en: 'speaks the answers (default: on at a terminal)',
    },
  ],
];

const commonOptions: readonly Row[] = [
  [
    '--settings FILE',
    { ko: '설정 파일 (기본: malbeot-client.json)', en: 'settings file (default: malbeot-client.json)' },
  ],
  ['-h, --help', { ko: '도움말', en: 'this help' }],
  ['-v, --version', { ko: '버전', en: 'the version' }],
];

const exits: readonly Row[] = [
  [String(exitCodes.done), { ko: '잘 끝났어요', en: 'all went well' }],
  [
    String(exitCodes.refused),
    {
      ko: '서버가 받아들이지 않았거나 대답을 만들지 못했어요',
      en: 'the server refused, or no answer could be made',
    },
  ],
  [String(exitCodes.usage), { ko: '명령이나 설정이 틀렸어요', en: 'the command or a setting is wrong' }],
  [String(exitCodes.unreachable), { ko: '서버에 연결하지 못했어요', en: 'the server can’t be reached' }],
  [
    String(exitCodes.notAllowed),
    { ko: '서버가 이 기기를 알지 못해요', en: 'the server does not know this device' },
  ],
  [String(exitCodes.interrupted), { ko: 'Ctrl-C로 끝냈어요', en: 'ended by Ctrl-C' }],
];

const examples: Readonly<Record<'kiosk' | 'send', readonly string[]>> = {
  kiosk: [
    'malbeot-client kiosk --server http://localhost:8080',
    'malbeot-client kiosk --language en --no-voice',
    'malbeot-client kiosk --wav recordings/*.wav --plain',
    'echo "불고기버거 두 개 주세요" | malbeot-client kiosk --json',
  ],
  send: [
    'malbeot-client send --text "불고기버거 두 개랑 콜라 하나 주세요"',
    'malbeot-client send --wav order.wav --server http://localhost:8080',
  ],
};

/** The help for a command, or for all of it. */
export function helpText(about: 'kiosk' | 'send' | null, language: Language): string {
  const settings = settingNames.map((name): Row => {
    const { flag, environment, meaning } = settingTable[name];
    return [`--${flag}`, { ko: `${meaning.ko} (${environment})`, en: `${meaning.en} (${environment})` }];
  });
  const usage = about === null ? 'malbeot-client COMMAND [OPTIONS]' : `malbeot-client ${about} [OPTIONS]`;
  const parts = [
    `${titles.usage[language]}: ${usage}`,
    ...(about === null ? [section('commands', commands, language)] : []),
    ...(about === null ? [] : [section('feeding', [...feeding, scriptRow], language)]),
    section('options', [...(about === 'kiosk' ? kioskOptions : []), ...commonOptions], language),
    ...(about === null ? [] : [section('settings', settings, language)]),
    section('exits', exits, language),
    ...(about === null
      ? []
      : [`${titles.examples[language]}:\n${examples[about].map((line) => `  ${line}`).join('\n')}`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: keyof typeof titles, rows: readonly Row[], language: Language): string {
  const room = Math.max(...rows.map(([name]) => widthOf(name))) + 2;
  const lines = rows.map(
    ([name, meaning]) => `  ${name}${' '.repeat(room - widthOf(name))}${meaning[language]}`,
  );
  return `${titles[title][language]}:\n${lines.join('\n')}`;
}

/** What is wrong with the command line and what to do. */
export function usageText(problem: UsageProblem, language: Language): string {
  const help = {
    ko: '도움말: malbeot-client --help',
    en: 'For help: malbeot-client --help',
  };
  return `${problemText(problem)[language]}\n${help[language]}\n`;
}

function problemText(problem: UsageProblem): Both {
  switch (problem.kind) {
    case 'no-command':
      return {
        ko: '무엇을 할지 적어 주세요: kiosk 또는 send',
        en: 'Please say what to do: kiosk or send.',
      };
    case 'unknown-command':
      return {
        ko: `${problem.given} 명령은 없어요. kiosk, send 중 하나를 적어 주세요.`,
        en: `There is no command ${problem.given}. There are kiosk and send.`,
      };
    case 'unknown-flag':
      return { ko: `${problem.given} 옵션은 없어요.`, en: `There is no option ${problem.given} here.` };
    case 'no-value':
      return { ko: `${problem.given} 뒤에 값을 적어 주세요.`, en: `${problem.given} needs a value.` };
    case 'needless-value':
      return { ko: `${problem.given} 옵션에는 값을 적지 않아요.`, en: `${problem.given} takes no value.` };
    case 'unexpected':
      return {
        ko: `${problem.given} 부분을 이해하지 못했어요. 말은 --text, 녹음은 --wav 뒤에 적어 주세요.`,
        en: `${problem.given} was not understood. Words go after --text, recordings after --wav.`,
      };
    case 'nothing-to-send':
      return {
        ko: '보낼 것이 없어요. --text나 --wav로 적어 주세요.',
        en: 'There is nothing to send. Give it with --text or --wav.',
      };
    case 'both':
      return {
        ko: `${problem.given} 중 하나만 적어 주세요.`,
        en: `Please give only one of ${problem.given}.`,
      };
  }
}
